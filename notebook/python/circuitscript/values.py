"""Python's values as CircuitScript writes them, and results as Python's values."""

import json
import math
import os
import re

from .errors import CircuitError

FIELD = re.compile(r"[\w-]+")
LONGEST = 1_000_000  # characters that are written into a script; a script may have 2,097,152


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


def literal(value):
    """A value as a script writes it. The same value comes back from :func:`from_json`.

    :raises CircuitError: where CircuitScript has no such value
    """
    text = _literal(value)
    if len(text) > LONGEST:
        raise CircuitError(
            f"this value takes {len(text):,} characters as a script writes it, more than {LONGEST:,}",
            lines=["error: this value is too large to be written into a script", "  help: pass it as a DataFrame, or write it to a file and `read` that"],
        )
    return text


def _literal(value):
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, os.PathLike):
        return _text(os.fspath(value))
    if isinstance(value, dict):
        return _record(value)
    if isinstance(value, (list, tuple, range)):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if is_frame(value):
        return "[" + ", ".join(_record(row) for row in rows(value)) + "]"
    if hasattr(value, "tolist"):  # arrays, tensors, series, and numpy's numbers
        return _literal(value.tolist())
    raise CircuitError(
        f"CircuitScript has no value for a {type(value).__name__}",
        lines=[
            f"error: CircuitScript has no value for a {type(value).__name__}",
            "  help: pass a number, a text, a bool, None, a list, a dict or a DataFrame",
        ],
    )


def _whole(value):
    try:
        exact = int(float(value)) == value
    except OverflowError:
        exact = False
    if not exact:
        raise CircuitError(f"CircuitScript cannot hold the number {value}: whole numbers are exact up to 2^53")
    return str(value)


def _number(value):
    if not math.isfinite(value):
        raise CircuitError(f"CircuitScript has no number {value}; pass None for what is missing")
    return repr(value)


def _text(value):
    if "\r" in value:
        raise CircuitError(
            "a text with a carriage return cannot be written into a script",
            lines=["error: a text with a carriage return cannot be written into a script", r'  help: text.replace("\r\n", "\n")'],
        )
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise CircuitError("this text holds half a character (a surrogate), which no file can hold") from None
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("{", "{{"), ("}", "}}")):
        value = value.replace(plain, escaped)
    # What else ends a line to some programs ends no text here.
    return f'"{value}"'


def _record(fields):
    if not fields:
        raise CircuitError("CircuitScript has no record without fields: this dict is empty")
    for name in fields:
        if not isinstance(name, str) or not FIELD.fullmatch(name):
            raise CircuitError(
                f"{name!r} cannot name a field",
                lines=[
                    f"error: {name!r} cannot name a field",
                    "  help: a field's name is a text of letters, digits, `_` and `-`; a DataFrame's columns may have any name",
                ],
            )
    return "(" + ", ".join(f"{name}={_literal(value)}" for name, value in fields.items()) + ")"


def rows(frame):
    """A DataFrame's rows as dicts, what is missing as None, without its index."""
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise CircuitError("two columns of this DataFrame have the same name")
    missing = pandas().isna
    columns = []
    for place in range(len(names)):
        column = frame.iloc[:, place]
        columns.append([None if _scalar(cell) and missing(cell) else _cell(cell) for cell in column.tolist()])
    return [dict(zip(names, cells)) for cells in zip(*columns)] if columns else []


def _scalar(cell):
    return not isinstance(cell, (list, tuple, dict)) and not hasattr(cell, "tolist")


def _cell(cell):
    if isinstance(cell, (bool, int, float, str, list, tuple, dict)):
        return cell
    if hasattr(cell, "isoformat"):
        return cell.isoformat()
    if hasattr(cell, "tolist"):
        return cell.tolist()
    return str(cell)


def json_lines(frame):
    """A DataFrame as JSON Lines, which ``read`` reads."""
    try:
        return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows(frame))
    except (TypeError, ValueError) as e:
        raise CircuitError(f"a cell of this DataFrame cannot be passed on: {e}") from None


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
