"""Makes interpreter/src/test/resources/tables: files as pandas, pyarrow, Polars and DuckDB write them, and expected.json with what they hold.

    venv/bin/python make_tables.py FOLDER
"""
import datetime
import decimal
import json
import sys
import uuid
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

UTC = datetime.timezone.utc
TIMES = [datetime.datetime(2024, 1, 31, 12, 0, 0), None, datetime.datetime(1969, 12, 31, 23, 59, 59, 123456)]

# name: (pyarrow's type, values, what is read)
COLUMNS = {
    "int8": (pa.int8(), [1, None, -128]),
    "int32": (pa.int32(), [1, None, -2147483648]),
    "int64": (pa.int64(), [1, None, 9007199254740992]),
    "wide": (pa.int64(), [1, None, 9223372036854775807], ["1", None, "9223372036854775807"]),
    "uint64": (pa.uint64(), [1, None, 18446744073709551615], ["1", None, "18446744073709551615"]),
    "float": (pa.float32(), [0.5, None, 0.1], [0.5, None, 0.10000000149011612]),
    "double": (pa.float64(), [0.1, None, float("nan")], [0.1, None, None]),
    "half": (pa.float16(), [np.float16(0.5), None, np.float16(-2)], [0.5, None, -2.0]),
    "bool": (pa.bool_(), [True, None, False]),
    "text": (pa.string(), ["", None, "Ünï 🎲 \n\"x\""]),
    "date": (pa.date32(), [datetime.date(2024, 1, 31), None, datetime.date(1969, 12, 31)], ["2024-01-31", None, "1969-12-31"]),
    "timestamp": (pa.timestamp("us"), TIMES, ["2024-01-31T12:00:00", None, "1969-12-31T23:59:59.123456"]),
    "instant": (pa.timestamp("ns", tz="UTC"), [pd.Timestamp("2024-01-31T12:00:00.000000001Z"), None, pd.Timestamp(0, tz="UTC")],
                ["2024-01-31T12:00:00.000000001Z", None, "1970-01-01T00:00:00Z"]),
    "time": (pa.time64("us"), [datetime.time(12, 30), None, datetime.time(0, 0, 0, 1)], ["12:30:00", None, "00:00:00.000001"]),
    "decimal": (pa.decimal128(10, 2), [decimal.Decimal("1.25"), None, decimal.Decimal("-0.01")], [1.25, None, -0.01]),
    "dictionary": (pa.dictionary(pa.int32(), pa.string()), ["a", None, "a"]),
    "list": (pa.list_(pa.int64()), [[1, 2], None, []]),
    "texts": (pa.list_(pa.string()), [["a", None], [], [""]]),
    "nested": (pa.list_(pa.list_(pa.float64())), [[[1.5], [], None], None, [[0.0, None]]]),
    "struct": (pa.struct([("x", pa.int64()), ("y", pa.list_(pa.string()))]), [{"x": 1, "y": ["a"]}, None, {"x": None, "y": None}]),
    "structs": (pa.list_(pa.struct([("x", pa.int64()), ("y", pa.string())])), [[{"x": 1, "y": "a"}, {"x": None, "y": ""}], [], None]),
    "map": (pa.map_(pa.string(), pa.int64()), [[("a", 1), ("b", None)], None, []],
            [[{"key": "a", "value": 1}, {"key": "b", "value": None}], None, []]),
    "null": (pa.null(), [None, None, None]),
}


def arrow_table(names=COLUMNS):
    return pa.table({name: pa.array(COLUMNS[name][1], COLUMNS[name][0]) for name in names})


def arrow_expected(names=COLUMNS):
    return rows_of({name: COLUMNS[name][-1] for name in names})


def rows_of(columns):
    return {"columns": list(columns), "rows": [list(row) for row in zip(*columns.values())]}


class Maker:
    def __init__(self, folder):
        self.folder = folder
        self.expected = {}

    def file(self, name, expected):
        self.expected[name] = expected
        return self.folder / name

    def text(self, name, content, expected):
        self.file(name, expected).write_bytes(content.encode())

    def pyarrow(self):
        for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:
            pq.write_table(arrow_table(), self.file(f"pyarrow-{codec}.parquet", arrow_expected()), compression=codec)
        pq.write_table(arrow_table(), self.file("pyarrow-pages-2.parquet", arrow_expected()), data_page_version="2.0", compression="zstd")
        pq.write_table(arrow_table(), self.file("pyarrow-old-lists.parquet", arrow_expected()), use_compliant_nested_type=False, use_dictionary=False)
        plain = [name for name in COLUMNS if name not in ("instant",)]
        pq.write_table(arrow_table(plain), self.file("pyarrow-version-1.parquet", arrow_expected(plain)), version="1.0")
        times = ["timestamp", "instant"]
        pq.write_table(arrow_table(times), self.file("pyarrow-int96.parquet", {
            "columns": times, "rows": [["2024-01-31T12:00:00", "2024-01-31T12:00:00.000000001"], [None, None],
                                       ["1969-12-31T23:59:59.123456", "1970-01-01T00:00:00"]]}), use_deprecated_int96_timestamps=True)
        encodings = {
            "int32": "DELTA_BINARY_PACKED", "int64": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY", "texts": "PLAIN",
            "float": "BYTE_STREAM_SPLIT", "double": "BYTE_STREAM_SPLIT", "bool": "RLE", "dictionary": "DELTA_LENGTH_BYTE_ARRAY"}
        flat = [name for name in encodings if name != "texts"]
        pq.write_table(arrow_table(flat), self.file("pyarrow-encodings.parquet", arrow_expected(flat)), use_dictionary=False,
                       column_encoding={name: encodings[name] for name in flat})
        many = {"n": [(i * 7919) % 1000 - 500 for i in range(1000)], "t": [f"text {i % 37:03}" for i in range(1000)], "b": [i % 3 == 0 for i in range(1000)],
                "l": [list(range(i % 4)) for i in range(1000)]}
        for name, options in {
                "pyarrow-many.parquet": dict(row_group_size=300, data_page_size=200, write_batch_size=64),
                "pyarrow-many-delta.parquet": dict(use_dictionary=False, data_page_version="2.0", compression="zstd", column_encoding={
                    "n": "DELTA_BINARY_PACKED", "t": "DELTA_BYTE_ARRAY", "b": "RLE", "l.list.element": "DELTA_BINARY_PACKED"})}.items():
            pq.write_table(pa.table(many), self.file(name, rows_of(many)), **options)
        pq.write_table(arrow_table().slice(0, 0), self.file("pyarrow-no-rows.parquet", {"columns": list(COLUMNS), "rows": []}))
        pq.write_table(pa.table({"id": pa.array([uuid.UUID(int=1).bytes], pa.uuid())}),
                       self.file("pyarrow-uuid.parquet", {"columns": ["id"], "rows": [["00000000-0000-0000-0000-000000000001"]]}))

    def frame(self):
        return pd.DataFrame({
            "method": ["eap", "eap-ig", None], "size": [10, 20, 40], "faithfulness": [0.5, np.nan, 0.984], "kept": [True, False, True],
            "when": pd.to_datetime(["2024-01-31 00:00", None, "2024-02-01 12:30"])})

    def pandas(self):
        rows = {"method": ["eap", "eap-ig", None], "size": [10, 20, 40], "faithfulness": [0.5, None, 0.984], "kept": [True, False, True]}
        when = ["2024-01-31T00:00:00", None, "2024-02-01T12:30:00"]
        frame = self.frame()
        for codec in ["snappy", "gzip", "zstd"]:
            frame.to_parquet(self.file(f"pandas-{codec}.parquet", rows_of(rows | {"when": when})), compression=codec)
        frame.set_index("method").to_parquet(self.file("pandas-index.parquet", rows_of(
            {key: value for key, value in (rows | {"when": when} | {"method": rows["method"]}).items() if key != "method"} | {"method": rows["method"]})))
        plain = frame.drop(columns="when")
        plain.to_csv(self.file("pandas-index.csv", rows_of({"Unnamed: 0": [0, 1, 2]} | rows)))
        plain.to_csv(self.file("pandas.csv", rows_of(rows)), index=False)
        plain.to_csv(self.file("pandas.tsv", rows_of(rows)), index=False, sep="\t")
        plain.to_csv(self.file("pandas-bom.csv", rows_of(rows)), index=False, encoding="utf-8-sig", lineterminator="\r\n")
        plain.to_json(self.file("pandas.jsonl", rows_of(rows)), orient="records", lines=True)
        plain.to_json(self.file("pandas.json", rows_of(rows)), orient="records", indent=2)

    def polars(self):
        frame = pl.from_arrow(arrow_table([name for name in COLUMNS if name not in ("half", "map", "null", "dictionary")]))
        expected = arrow_expected(frame.columns)
        for codec in ["uncompressed", "snappy", "gzip", "zstd", "lz4"]:
            frame.write_parquet(self.file(f"polars-{codec}.parquet", expected), compression=codec)
        flat = ["int64", "double", "bool", "text", "date", "decimal"]
        values = {"int64": [1, None, 9007199254740992], "double": [0.1, None, None], "bool": [True, None, False], "text": COLUMNS["text"][1],
                  "date": COLUMNS["date"][-1], "decimal": [1.25, None, -0.01]}
        frame.select(flat).write_csv(self.file("polars.csv", rows_of(values)))
        frame.select("int64", "text", "list", "struct").write_ndjson(self.file("polars.jsonl", arrow_expected(["int64", "text", "list", "struct"])))

    def duckdb(self):
        sql = """SELECT * FROM (VALUES
            (1::BIGINT, 0.5::DOUBLE, true, 'a,b', [1, 2], {'x': 1, 'y': 'z'}, DATE '2024-01-31', TIMESTAMP '2024-01-31 12:00:00', 1.25::DECIMAL(10, 2), [['a'], []], 1::UTINYINT),
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            (3, 'nan'::DOUBLE, false, '', [], {'x': NULL, 'y': NULL}, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.123456', -0.01, [], 255)
            ) t(whole, number, truth, text, list, record, day, time, decimal, nested, small)"""
        rows = [
            [1, 0.5, True, "a,b", [1, 2], {"x": 1, "y": "z"}, "2024-01-31", "2024-01-31T12:00:00", 1.25, [["a"], []], 1], [None] * 11,
            [3, None, False, "", [], {"x": None, "y": None}, "1969-12-31", "1969-12-31T23:59:59.123456", -0.01, [], 255]]
        names = ["whole", "number", "truth", "text", "list", "record", "day", "time", "decimal", "nested", "small"]
        connection = duckdb.connect()
        for codec in ["uncompressed", "snappy", "gzip", "zstd", "lz4_raw"]:
            for version in ["V1", "V2"]:
                file = self.file(f"duckdb-{codec}-{version.lower()}.parquet", {"columns": names, "rows": rows})
                connection.execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet, COMPRESSION {codec}, PARQUET_VERSION {version})")
        many = {"n": [(i * 7919) % 1000 for i in range(1000)], "t": [f"t{i * 31 % 997}" for i in range(1000)], "d": [i / 8 for i in range(1000)]}
        file = self.file("duckdb-many.parquet", rows_of(many))
        connection.execute(f"""COPY (SELECT (i * 7919) % 1000 AS n, 't' || (i * 31 % 997) AS t, i / 8 AS d FROM range(1000) r(i)) TO '{file}'
            (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 1)""")
        file = self.file("duckdb.csv", {"columns": names[:4], "rows": [row[:4] for row in rows[:2]] + [[3, None, False, ""]]})
        connection.execute(f"COPY (SELECT whole, number, truth, text FROM ({sql})) TO '{file}' (FORMAT csv, HEADER)")

    def others(self):
        rows = {"a": [1, 2], "b": ["x", "y"]}
        self.text("crlf-no-end.csv", "a,b\r\n1,x\r\n2,y", rows_of(rows))
        self.text("blank-lines.csv", "\na,b\n1,x\n\n2,y\n\n", rows_of(rows))
        self.text("r.csv", '"a","b"\n1,"x"\nNA,"y"\n', rows_of({"a": [1, None], "b": ["x", "y"]}))
        self.text("all-quoted.csv", '"a","b"\n"1","x"\n"2","y"\n', rows_of({"a": [1, 2], "b": ["x", "y"]}))
        self.text("codes.csv", "code,n\n007,1e3\nx,.5\n", rows_of({"code": ["007", "x"], "n": [1000, 0.5]}))
        self.text("missing.jsonl", '{"a": 1}\n\n{"b": "y", "a": NaN}\n', rows_of({"a": [1, None], "b": [None, "y"]}))


def main():
    maker = Maker(Path(sys.argv[1]))
    maker.folder.mkdir(parents=True, exist_ok=True)
    for file in maker.folder.iterdir():
        file.unlink()
    for make in [maker.pyarrow, maker.pandas, maker.polars, maker.duckdb, maker.others]:
        make()
    lines = [json.dumps(name) + ": " + json.dumps(expected, ensure_ascii=False) for name, expected in sorted(maker.expected.items())]
    (maker.folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
