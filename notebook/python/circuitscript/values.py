"""Python's values as CircuitScript writes them, and results as Python's values."""

import json
import math
import numbers
import os
import re

from .errors import CircuitError

FIELD = re.compile(r"[^\W\d][\w-]*")
LONGEST = 1_000_000  # characters that are written into a script; a script may have 2,097,152


class Unfit(Exception):
    """A value that CircuitScript does not have, at its place in the value that it is a part of."""

    def __init__(self, problem, way_out=""):
        super().__init__(problem)
        self.problem = problem
        self.way_out = way_out
        self.place = ""

    def within(self, place):
        self.place = place + self.place
        return self

    def of(self, name):
        """As it is shown, of a variable."""
        message = f"{name}{self.place}: {self.problem}"
        return CircuitError(message, lines=[f"error: {message}", *([f"  help: {self.way_out}"] if self.way_out else [])])


def pandas():
    """pandas if it is installed, else None."""
    try:
        import pandas
    except ImportError:
        return None
    return pandas


def is_frame(value):
    frames = pandas()
    return frames is not None and isinstance(value, frames.DataFrame)


def literal(value, name="this value"):
    """A value as a script writes it. The same value comes back from :func:`from_json`.

    :param name: what messages call it
    :raises CircuitError: where CircuitScript has no such value
    """
    try:
        return _literal(value)
    except Unfit as unfit:
        raise unfit.of(name) from None
    except RecursionError:
        raise Unfit("it is nested too deeply, or holds itself").of(name) from None


def small_literal(value, longest):
    """A value as a script writes it; None where that is longer, or a script cannot write it."""
    try:
        text = _literal(value)
    except Unfit:
        return None
    return text if len(text) <= longest else None


def _literal(value):
    text = _written(plain(value))
    if len(text) > LONGEST:
        raise Unfit(f"too large to be written into a script, with {len(text):,} characters", "pass it as a DataFrame, or write it to a file and `read` that")
    return text


def plain(value):
    """A value of the kinds that JSON has, for whatever stands for one in Python.

    :raises Unfit: where CircuitScript has no such value
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, os.PathLike):
        return _text(os.fspath(value))
    if isinstance(value, dict):
        return {_field(name): _part(field, f"[{name!r}]") for name, field in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [_part(item, f"[{place}]") for place, item in enumerate(value)]
    if is_frame(value):
        return rows(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "tolist"):  # arrays, tensors, series, and numpy's numbers
        return plain(value.tolist())
    if isinstance(value, (set, frozenset)):
        raise Unfit(f"CircuitScript has no value for a {type(value).__name__}", "pass a list, as sorted(…) gives one")
    if isinstance(value, numbers.Number) or hasattr(value, "as_integer_ratio"):
        raise Unfit(f"CircuitScript has no value for a {type(value).__name__}", "pass float(…) of it")
    raise Unfit(
        f"CircuitScript has no value for a {type(value).__name__}",
        "pass a number, a text, a bool, None, a list, a dict, an array or a DataFrame",
    )


def _part(value, place):
    try:
        return plain(value)
    except Unfit as unfit:
        raise unfit.within(place) from None


def _whole(value):
    try:
        exact = int(float(value)) == value
    except OverflowError:
        exact = False
    if not exact:
        raise Unfit("CircuitScript cannot hold this number: whole numbers are exact up to 2^53", "pass it as a text, str(…), or as a float")
    return int(value)


def _number(value):
    if not math.isfinite(value):
        raise Unfit(f"CircuitScript has no number {value}", "pass None for what is missing; it is `none` in a script")
    return float(value)


def _text(value):
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Unfit("this text holds half a character (a surrogate), which no file can hold", 'text.encode("utf-8", "replace").decode() puts ? in its place') from None
    return value


def _field(name):
    return _text(name) if isinstance(name, str) else name


def _written(value):
    """What is plain, as a script writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return _record(value)
    if isinstance(value, list):
        return "[" + ", ".join(_written_part(item, f"[{place}]") for place, item in enumerate(value)) + "]"
    return repr(value)


def _written_part(value, place):
    try:
        return _written(value)
    except Unfit as unfit:
        raise unfit.within(place) from None


def _quoted(value):
    if "\r" in value:
        raise Unfit("a text with a carriage return cannot be written into a script", r'pass text.replace("\r\n", "\n")')
    for character, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("{", "{{"), ("}", "}}")):
        value = value.replace(character, escaped)
    # What else ends a line to some programs ends no text here.
    return f'"{value}"'


def _record(fields):
    if not fields:
        raise Unfit("CircuitScript has no record without fields, and this dict is empty", "pass None")
    for name in fields:
        if not isinstance(name, str) or not FIELD.fullmatch(name):
            raise Unfit(
                f"{name!r} cannot name a field",
                "a field's name begins with a letter, and has letters, digits, `_` and `-`; the columns of a DataFrame may have any name",
            )
    return "(" + ", ".join(f"{name}={_written_part(value, f'[{name!r}]')}" for name, value in fields.items()) + ")"


def rows(frame):
    """A DataFrame's rows as dicts of plain values, what is missing as None, without its index.

    :raises Unfit: where CircuitScript has no such value
    """
    names = [str(name) for name in frame.columns]
    for name in names:
        if names.count(name) > 1:
            raise Unfit(f"two columns have the same name, {name!r}", "rename one")
    columns = [_column(frame, place, name) for place, name in enumerate(names)]
    return [dict(zip(names, cells)) for cells in zip(*columns)] if columns else []


def _column(frame, place, name):
    column = frame.iloc[:, place]
    cells = []
    for row, (cell, missing) in enumerate(zip(column.tolist(), column.isna().tolist())):
        try:
            cells.append(None if missing else _cell(cell))
        except Unfit as unfit:
            if isinstance(cell, float):
                unfit.way_out = 'replace([float("inf"), float("-inf")], float("nan")) of the DataFrame puts NaN in its place, which is `none` in a script'
            raise unfit.within(f", column {name!r}, row {frame.index.tolist()[row]!r}") from None
    return cells


def _cell(cell):
    """A cell's value. What pandas alone has, such as an interval, is its text."""
    known = hasattr(cell, "isoformat") or hasattr(cell, "tolist") or not type(cell).__module__.startswith("pandas")
    return plain(cell if known else str(cell))


def json_lines(frame, name="this DataFrame"):
    """A DataFrame as JSON Lines, which ``read`` reads.

    :param name: what messages call it
    """
    try:
        table = rows(frame)
    except Unfit as unfit:
        raise unfit.of(name) from None
    return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in table)


def from_json(value, frames=True):
    """A result or a value as Python has it: a table is a DataFrame if pandas is installed and ``frames`` is set."""
    if isinstance(value, dict):
        return {name: from_json(field, frames) for name, field in value.items()}
    if frames and _is_table(value):
        library = pandas()
        if library is not None:
            return library.DataFrame(value)
    return value


def _is_table(value):
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, dict) for row in value)
        and all(row.keys() == value[0].keys() for row in value)
    )


def of_result(result):
    """A result as the kernel gives it. Of ``print`` and of a value alone it is the value itself."""
    if isinstance(result, dict) and "value" in result and result.get("statement", "print") == "print":
        return result["value"]
    return result
