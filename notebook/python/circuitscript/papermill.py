"""Lets papermill give parameters to notebooks of CircuitScript.

papermill finds this module by its entry point, and no one has to import it. It writes the parameters as ``param`` lines into a cell
behind the one that has the tag ``parameters``.
"""

import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

from . import values

_PARAMETER = re.compile(r"^\s*(?:param|let)\s+(?P<name>[^\W\d][\w-]*)\s*=\s*(?P<value>.*?)\s*(?:#\s*(?P<help>.*?)\s*)?$")
_KINDS = ((r'"', "str"), (r"(true|false)$", "bool"), (r"[-+]?\d+$", "int"), (r"[-+]?(\d|\.\d)", "float"), (r"\[", "list"), (r"\(", "dict"), (r"none$", "NoneType"))


class CircuitTranslator(Translator):
    """Writes values as CircuitScript does."""

    @classmethod
    def translate(cls, val):
        return values.literal(val)

    @classmethod
    def comment(cls, cmt_str):
        return f"# {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"param {name} = {str_val}"

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters of a cell, for ``papermill --help-notebook``."""
        found = []
        for line in parameters_cell["source"].splitlines():
            match = _PARAMETER.match(line)
            if match:
                kind = next((kind for begin, kind in _KINDS if re.match(begin, match["value"])), "None")
                found.append(Parameter(name=match["name"], inferred_type_name=kind, default=match["value"], help=match["help"] or ""))
        return found


class CircuitEngine(NBClientEngine):
    """papermill's own engine; its entry point is what loads this module."""


papermill_translators.register("circuitscript", CircuitTranslator)
