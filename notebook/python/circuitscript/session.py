"""A CircuitScript process that lasts: it is a Jupyter kernel, and this is its client."""

import atexit
import os
import queue
import re
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from . import program, values
from .errors import CircuitError, CircuitInterrupted

RESULT = "circuitscript_result"
"""The type of the messages that have results in full, as ``circuit --json`` prints them. The kernel sends them to those who ask for them."""
WANTED = "circuitscript_results"
"""What such a request says."""
NAMED = "circuitscript_name"
"""Where a request says what messages call its script."""

NAME = re.compile(r"[^\W\d][\w-]*")
INTERRUPTED = {"interrupted", "Interrupted", "KeyboardInterrupt"}
SMALL = 20_000  # characters of a DataFrame that is written into the script, so that `%save` writes it too; more of it goes through a file
ASKED = 2.0  # seconds until a starting process is asked again
WAIT = 0.5  # seconds between two looks at whether the process lives
PATIENCE = 1.0  # seconds after which a second Ctrl-C ends the process


class Reply:
    """What a run gave: its results as the kernel's JSON has them, and its mistake."""

    def __init__(self):
        self.results = []
        self.error = None


class Session:
    """Runs scripts one after the other in one process, which keeps the model, the data, the circuits and the variables.

    The process starts with the first run. It ends with :meth:`close`, at the end of a ``with`` block, and when Python ends.

    :param path: the program ``circuit``, or the folder it is in; else it is looked for
    :param folder: where names of files start from; Python's working folder if left out
    """

    def __init__(self, path=None, folder=None):
        self._path = path
        self._folder = folder
        self._lock = threading.RLock()
        self._manager = None
        self._client = None
        self._scratch = None
        self._owner = None
        self._tables = 0

    # --- the process ----------------------------------------------------------------------------------------------------------

    @property
    def running(self):
        """Whether the process is there."""
        return self._manager is not None and self._manager.is_alive()

    def start(self, notice=None):
        """Starts the process if it is not there.

        :param notice: is told what the program says while it starts, as that it is built first
        """
        with self._lock:
            self._let_go()
            if self.running:
                return
            self._forget()
            self._launch(notice or (lambda line: print(line, file=sys.stderr)))

    def _launch(self, notice):
        try:
            from jupyter_client import KernelManager
            from jupyter_client.kernelspec import KernelSpec
        except ImportError:
            raise CircuitError("the package jupyter_client is missing: pip install jupyter_client") from None
        command = program.find(self._path)
        spec = KernelSpec(
            argv=[command, "jupyter", "kernel", "{connection_file}"],
            display_name="CircuitScript",
            language="circuitscript",
            interrupt_mode="message",
        )
        self._scratch = Path(tempfile.mkdtemp(prefix="circuitscript-"))
        self._owner = os.getpid()
        said = self._scratch / "stderr"
        manager = KernelManager(kernel_name=program.KERNEL, connection_file=str(self._scratch / "connection.json"))
        manager._kernel_spec = spec  # there need be no installed kernel of that name
        atexit.register(self.close)
        with open(said, "wb") as stderr:
            self._manager = manager
            try:
                manager.start_kernel(cwd=str(self._folder or os.getcwd()), stderr=stderr, stdout=stderr)
                self._client = manager.blocking_client()
                self._client.start_channels()
                self._await_ready(command, said, notice)
            except BaseException:
                self._end(now=True)
                raise

    def _await_ready(self, command, said, notice):
        """Waits until the kernel answers and what it shows arrives here. Where the program is built first, that takes a minute."""
        told, asked, answered, heard = 0, -ASKED, False, False
        while not (answered and heard):
            if time.monotonic() - asked > ASKED:
                self._client.kernel_info()
                asked = time.monotonic()
            answered = self._drain(self._client.shell_channel) or answered
            heard = self._drain(self._client.iopub_channel) or heard
            lines = said.read_text(errors="replace").splitlines()
            if not self._manager.is_alive():
                raise CircuitError(
                    f"{command} ended before it could run anything",
                    lines=[f"error: {command} ended before it could run anything", *(f"  {line}" for line in lines[-20:]), f"  help: see in a terminal whether `{command} --version` runs"],
                )
            for line in lines[told:]:
                notice(line)
            told = len(lines)

    def _drain(self, channel):
        """Reads what a channel has now. Returns whether that is anything."""
        found = False
        try:
            while True:
                channel.get_msg(timeout=0.05)
                found = True
        except queue.Empty:
            return found

    def close(self):
        """Ends the process. The next run starts another."""
        with self._lock:
            self._let_go()
            atexit.unregister(self.close)
            self._end(now=False)

    reset = close

    def _end(self, now):
        manager, client = self._manager, self._client
        self._manager = self._client = None
        try:
            if client is not None:
                client.stop_channels()
            if manager is not None:
                manager.shutdown_kernel(now=now)
                manager.cleanup_resources()
        finally:
            self._forget()

    def _let_go(self):
        """After a fork the process and its files are the parent's: the child ends and removes neither, and starts its own."""
        if self._owner is not None and self._owner != os.getpid():
            atexit.unregister(self.close)
            self._manager = self._client = self._scratch = self._owner = None

    def _forget(self):
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- runs -----------------------------------------------------------------------------------------------------------------

    def run(self, script, /, *, frames=True, **variables):
        """Runs a script and returns its results, one dict for each statement that has one.

        :param frames: whether tables become DataFrames, where pandas is installed
        :param variables: are variables of the script
        :raises CircuitError: at a mistake
        """
        self.set(**variables)
        return [values.from_json(values.of_result(result), frames) for result in self._results(script)]

    def set(self, **variables):
        """Gives the session variables: numbers, texts, truth values, None, lists, dicts and DataFrames."""
        lines = [self._assignment(name, value) for name, value in variables.items()]
        if lines:
            self._results("\n".join(lines), silent=True, name="<variables>")

    def get(self, name, frames=True):
        """The value of a variable, or of any expression, with its numbers in full."""
        results = self._results(name, silent=True, name="<expression>")
        if not results:
            raise CircuitError(f"{name} has no value")
        return values.from_json(values.of_result(results[-1]), frames)

    def _assignment(self, name, value):
        if not NAME.fullmatch(name):
            raise CircuitError(f"{name!r} cannot name a variable of CircuitScript")
        if not values.is_frame(value):
            return f"let {name} = {values.literal(value, name)}"
        if len(value) == 0:
            return f"let {name} = []"
        written = values.small_literal(value, SMALL) if value.size <= SMALL else None
        if written is not None:
            return f"let {name} = {written}"
        lines = values.json_lines(value, name)
        self.start()
        self._tables += 1
        file = self._scratch / f"{name}-{self._tables}.jsonl"
        file.write_text(lines, encoding="utf-8", newline="")
        return f"let {name} = read {values.literal(str(file))}"

    def _results(self, text, **how):
        reply = self.execute(text, **how)
        if reply.error is not None:
            raise reply.error
        return reply.results

    def execute(self, text, show=None, silent=False, name="<script>"):
        """Runs a script to its end, whatever it is.

        :param show: is given each message of the kernel that shows something
        :param silent: whether it is none of the prompt's inputs, and shows nothing
        :param name: what messages call the script: a word and perhaps a number, in angle brackets
        :rtype: Reply
        """
        with self._lock:
            self.start()
            content = {"code": text, "silent": silent, "store_history": not silent, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True, WANTED: True, NAMED: name}
            request = self._client.session.msg("execute_request", content)
            self._client.shell_channel.send(request)
            reply = Reply()
            self._collect(request["header"]["msg_id"], reply, show)
            self._conclude(request["header"]["msg_id"], reply)
            return reply

    def _collect(self, number, reply, show):
        """Reads what the kernel shows until it is idle again. Ctrl-C stops the run; a second one ends the process."""
        interrupted = None
        while True:
            try:
                message = self._message(self._client.iopub_channel)
                if message is None or message["parent_header"].get("msg_id") != number:
                    continue
                kind, content = message["msg_type"], message["content"]
                if kind == "status":
                    if content["execution_state"] == "idle":
                        return
                elif kind == "error":
                    reply.error = _error(content)
                elif kind == RESULT:
                    reply.results.append(content["result"])
                elif show is not None:
                    show(message)
            except KeyboardInterrupt:
                now = time.monotonic()
                if interrupted is not None and now - interrupted > PATIENCE:
                    self._end(now=True)
                    raise CircuitInterrupted("stopped; the process has ended, and its model and variables are gone") from None
                interrupted = interrupted or now
                self._manager.interrupt_kernel()

    def _message(self, channel):
        """The next message; None where there is none for a while.

        :raises CircuitError: where the process has ended
        """
        try:
            return channel.get_msg(timeout=WAIT)
        except queue.Empty:
            if self._manager.is_alive():
                return None
        said = ""
        if self._scratch is not None:
            said = (self._scratch / "stderr").read_text(errors="replace")
        self._end(now=True)
        raise CircuitError(
            "the CircuitScript process has ended",
            lines=[
                "error: the CircuitScript process has ended; its model and variables are gone",
                *(f"  {line}" for line in said.splitlines()[-20:]),
                "  help: the next cell starts another",
            ],
        )

    def _conclude(self, number, reply):
        """Reads the reply itself."""
        while True:
            message = self._message(self._client.shell_channel)
            if message is not None and message["parent_header"].get("msg_id") == number:
                break
        if message["content"]["status"] != "ok" and reply.error is None:
            reply.error = _error(message["content"])


def _error(content):
    name, message = content.get("ename", ""), content.get("evalue", "")
    kind = CircuitInterrupted if name in INTERRUPTED else CircuitError
    return kind(message or "stopped", name, content.get("traceback", ()))


_of_process = None


def of_process():
    """The session that :func:`run` and the magics share."""
    global _of_process
    if _of_process is None:
        _of_process = Session()
    return _of_process


def use(path, notice=None):
    """Makes the shared session one of another program, and starts it. Where that fails, the session stays as it was.

    :param path: as of :class:`Session`
    :param notice: as of :meth:`Session.start`
    """
    global _of_process
    session = Session(path)
    session.start(notice)
    if _of_process is not None:
        _of_process.close()
    _of_process = session


def run(script, /, *, frames=True, **variables):
    """Runs a script in the session that the magics use, and returns its results: a dict for each statement that has one.

    >>> run("load demo; predict text top=2", text="The war lasted from 1741 to 17")
    """
    return of_process().run(script, frames=frames, **variables)
