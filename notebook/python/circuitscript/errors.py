"""What goes wrong in a script, as Python sees it."""

import re

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class _Shown:
    """Shown by IPython as the lines of CircuitScript's message, without a Python traceback."""

    def __init__(self, message, code="", lines=()):
        self.lines = list(lines) or [f"error: {message}"]
        self.code = code
        self.message = message
        super().__init__(_COLOURS.sub("", "\n".join(self.lines)))

    def __reduce__(self):
        return type(self), (self.message, self.code, self.lines)

    def _render_traceback_(self):  # the name that IPython looks for
        return self.lines


class CircuitError(_Shown, Exception):
    """A mistake in a script, or a program that cannot run.

    ``str(error)`` is the whole message with the place underlined, ``error.code`` its name, such as ``unknown-field``, and
    ``error.message`` its first line.
    """


class CircuitInterrupted(_Shown, KeyboardInterrupt):
    """A run that was stopped. The session goes on: statements that were done before stay done."""
