"""The magics ``%%circuit`` and ``%circuit``."""

import re

from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from . import session as sessions
from . import values
from .errors import CircuitError
from .shown import Shown

_WORD = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|\S+)")
_NEAREST = re.compile(r"did you mean .*")
_TAKES = {"-o": "out", "--out": "out", "-a": "all", "--all": "all", "-i": "inputs", "--in": "inputs", "-g": "get", "--get": "get", "--path": "path"}
_ALONE = {"-q": "quiet", "--quiet": "quiet", "--reset": "reset"}


class Options:
    """The options of a magic's line, and the script that stands behind them."""

    def __init__(self, line):
        self.out = self.all = self.path = None
        self.inputs, self.get = [], []
        self.quiet = self.reset = False
        self.script = self._read(line)

    def _read(self, line):
        while True:
            word = _WORD.match(line)
            if word is None or not word[1].startswith("-"):
                return line.strip()
            name, equals, value = word[1].partition("=")
            line = line[word.end() :]
            if name in _ALONE and not equals:
                setattr(self, _ALONE[name], True)
            elif name in _TAKES:
                if not equals:
                    operand = _WORD.match(line)
                    if operand is None or operand[1].startswith("-"):
                        raise _usage(f"{name} needs a value")
                    value, line = operand[1], line[operand.end() :]
                self._take(name, _TAKES[name], value.strip("\"'"))
            else:
                raise _usage(f"there is no option {name}")

    def _take(self, typed, option, value):
        if option == "path":
            self.path = value
            return
        names = value.split(",")
        for name in names:
            if not name.isidentifier():
                raise _usage(f"{typed} takes the name of a variable of Python, and {name!r} is none")
        if option in ("inputs", "get"):
            getattr(self, option).extend(names)
        elif len(names) > 1:
            raise _usage(f"{typed} takes one name")
        else:
            setattr(self, option, value)


def _usage(message):
    return CircuitError(message, lines=[f"error: {message}", "  help: the options are -o -a -i -g -q --reset --path; `%circuit?` explains them"])


@magics_class
class CircuitMagics(Magics):
    """Cells and lines of CircuitScript, in one session."""

    @classmethod
    def load(cls, shell):
        shell.register_magics(cls)

    @classmethod
    def unload(cls, shell):
        for kind in ("line", "cell"):
            shell.magics_manager.magics[kind].pop("circuit", None)
        sessions.of_process().close()

    @no_var_expand  # a script's texts have braces of their own
    @line_cell_magic
    def circuit(self, line, cell=None):
        """Runs CircuitScript: ``%%circuit`` a cell, ``%circuit`` what stands on its line.

        The cells of a notebook share one session: model, data, circuits and variables stay. `help` lists the statements.

          -o NAME        sets the Python variable NAME to the cell's last result: a dict of its fields, in full precision.
                         Tables, such as the `points` of `sweep`, are DataFrames if pandas is installed, else lists of dicts.
                         Of `print X`, and of a value that stands alone, it is the value itself.
          -a NAME        sets NAME to the list of all results of the cell
          -i NAME[,…]    gives Python's variable to the script, under the same name: a number, a text, a bool, None, a list,
                         a dict, an array or a DataFrame
          -g NAME[,…]    sets the Python variable to the script's variable of the same name, after the cell
          -q             shows no results; mistakes and messages are shown
          --reset        ends the session first: everything is forgotten
          --path FILE    the program `circuit`, where it is not found; what the session had before is forgotten

        The interrupt button stops what runs, and the session goes on.

            %%circuit -i steps -o found
            attribute ig=steps
            greedy 40
            evaluate
        """
        options = Options(line)
        script = options.script if cell is None else cell
        if cell is not None and options.script:
            raise _usage(f"`{options.script}` stands on the line of %%circuit; a script begins below it")
        shown = Shown(self.shell, options.quiet)
        if options.path is not None:
            sessions.use(options.path, shown.note)
        session = sessions.of_process()
        if options.reset:
            session.close()
        session.start(shown.note)
        if options.inputs:
            session.set(**{name: self._of_python(name) for name in options.inputs})
        if not script.strip() and not options.get:
            return
        with shown:
            reply = session.execute(script, show=shown.message, name=f"<cell {self.shell.execution_count}>")
        if reply.error is not None:
            raise reply.error  # Python's variables stay as they were
        self._give(options, [values.from_json(values.of_result(result)) for result in reply.results])
        self.shell.push({name: self._of_session(session, name) for name in options.get})

    def _of_session(self, session, name):
        try:
            return session.get(name)
        except CircuitError as error:
            if not error.code:
                raise
            near = _NEAREST.search(str(error))
            way_out = near[0] if near else f"`let {name} = …` sets one; `%vars` lists those that there are"
            message = f"-g {name}: the script has no variable {name}"
            raise CircuitError(message, error.code, [f"error: {message}", f"  help: {way_out}"]) from None

    def _of_python(self, name):
        try:
            return self.shell.user_ns[name]
        except KeyError:
            raise CircuitError(f"-i {name}: Python has no variable {name}") from None

    def _give(self, options, results):
        if options.out and not results:
            raise CircuitError(f"-o {options.out}: this cell has no result")
        if options.out:
            self.shell.push({options.out: results[-1]})
        if options.all:
            self.shell.push({options.all: results})
