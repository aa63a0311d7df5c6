"""Shows in a Python notebook, or in a terminal, what the CircuitScript kernel shows."""

import sys


class Shown:
    """Passes the kernel's messages on to IPython: to a notebook as they are, to a terminal as text."""

    def __init__(self, shell, quiet=False):
        self._publisher = shell.display_pub
        self._notebook = hasattr(shell, "kernel")
        self._quiet = quiet
        self._line = False  # whether a line of progress stands in the terminal

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._wipe()

    def note(self, line):
        """Shows a line that the program says while it starts."""
        print(line, file=sys.stderr, flush=True)

    def message(self, message):
        """Shows a message of the kernel's IOPub channel."""
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            if self._quiet and content["name"] == "stdout":
                return
            self._wipe()
            stream = sys.stderr if content["name"] == "stderr" else sys.stdout
            stream.write(content["text"])
            stream.flush()
        elif kind == "clear_output":
            if self._notebook:
                self._publisher.clear_output(wait=content.get("wait", False))
        elif kind in ("display_data", "execute_result", "update_display_data"):
            transient = content.get("transient") or {}
            if self._notebook:
                self._pass_on(content, transient, kind == "update_display_data")
            elif "display_id" in transient:
                self._progress(content["data"].get("text/plain", ""))
            elif not self._quiet:
                self._wipe()
                print(content["data"].get("text/plain", "").rstrip("\n"), flush=True)

    def _pass_on(self, content, transient, update):
        if self._quiet and "display_id" not in transient:
            return
        self._publisher.publish(data=content["data"], metadata=content.get("metadata") or {}, transient=transient, update=update)

    def _progress(self, text):
        if not sys.stderr.isatty():
            return
        self._wipe()
        last = text.strip().splitlines()[-1:]
        if last:
            sys.stderr.write(last[0])
            sys.stderr.flush()
            self._line = True

    def _wipe(self):
        if self._line:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._line = False
