"""Reads files of CircuitScript with pandas, pyarrow, Polars and DuckDB, without a single option, and compares them with expected.json beside them.

    python check_tables.py FOLDER

expected.json has for each file its rows, and what pandas should say of its columns' types.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

try:
    import polars as pl
except ImportError:
    pl = None
try:
    import duckdb
except ImportError:
    duckdb = None


def plain(value):
    """A cell as JSON has it; what is missing is None."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or value is pd.NaT or isinstance(value, float) and math.isnan(value):
        return None
    return value


def kind(series):
    if pd.api.types.is_bool_dtype(series.dtype):
        return "bool"
    if pd.api.types.is_numeric_dtype(series.dtype):
        return str(series.dtype)
    present = [plain(value) for value in series if plain(value) is not None]
    kinds = {type(value).__name__ for value in present}
    return kinds.pop() if len(kinds) == 1 else "object"


def compare(where, rows, expected):
    rows = [[plain(value) for value in row] for row in rows]
    assert len(rows) == len(expected), f"{where}: {len(rows)} rows, not {len(expected)}"
    for number, (row, wanted) in enumerate(zip(rows, expected), 1):
        for got, want in zip(row, wanted, strict=True):
            # pandas' own reader of CSV may miss a number by its last bit.
            near = isinstance(got, float) and isinstance(want, (int, float)) and math.isclose(got, want, rel_tol=1e-15)
            assert got == want or near, f"{where}, row {number}: {got!r}, not {want!r}"


def check(file, expected):
    readers = {
        ".csv": pd.read_csv, ".tsv": lambda path: pd.read_csv(path, sep="\t"), ".parquet": pd.read_parquet,
        ".jsonl": lambda path: pd.read_json(path, lines=True), ".json": pd.read_json}
    frame = readers[file.suffix](file)
    assert list(frame.columns) == expected["columns"], f"{file.name}: {list(frame.columns)}"
    kinds = {name: kind(frame[name]) for name in frame.columns}
    assert kinds == expected["types"], f"{file.name}: pandas has the types {kinds}, not {expected['types']}"
    compare(f"{file.name} by pandas", frame.itertuples(index=False, name=None), expected["rows"])
    if file.suffix == ".parquet":
        table = pq.read_table(file)
        table.validate(full=True)
        compare(f"{file.name} by pyarrow", [row.values() for row in table.to_pylist()], expected["rows"])
        if pl is not None:
            compare(f"{file.name} by polars", [row.values() for row in pl.read_parquet(file).to_dicts()], expected["rows"])
        if duckdb is not None:
            compare(f"{file.name} by duckdb", duckdb.connect().execute(f"SELECT * FROM '{file}'").fetchall(), expected["rows"])


def main():
    folder = Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text())
    for name in expected:
        check(folder / name, expected[name])
    others = [name for name, module in [("polars", pl), ("duckdb", duckdb)] if module is not None]
    print(f"{len(expected)} files read by", ", ".join(["pandas", "pyarrow", *others]))


main()
