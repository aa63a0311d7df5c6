"""Values on their way between Python and CircuitScript."""

import datetime
import decimal

import pytest

from circuitscript import CircuitError, values

ITSELF = []
ITSELF.append(ITSELF)


@pytest.mark.parametrize(
    "value, text",
    [
        (None, "none"),
        (True, "true"),
        (5, "5"),
        (-0.1, "-0.1"),
        (-0.0, "-0.0"),
        (1e-300, "1e-300"),
        (2**53, "9007199254740992"),
        ('say "a\\b" {x}\n\t', r'"say \"a\\b\" {{x}}\n\t"'),
        ([1, [2.5, "x"]], '[1, [2.5, "x"]]'),
        ((1, 2), "[1, 2]"),
        (range(3), "[0, 1, 2]"),
        ({"a": 1, "odd-name": [True]}, "(a=1, odd-name=[true])"),
    ],
)
def test_writes_values_as_a_script_does(value, text):
    assert values.literal(value) == text


@pytest.mark.parametrize(
    "value, message",
    [
        (float("nan"), "no number nan"),
        (float("inf"), "no number inf"),
        (2**53 + 1, "exact up to"),
        (10**400, "exact up to"),
        ({}, "empty"),
        ({"a b": 1}, "'a b' cannot name a field"),
        ({1: 2}, "1 cannot name a field"),
        ({"0": 2}, "'0' cannot name a field"),
        ({"a": [1, {"b": float("inf")}]}, "v['a'][1]['b']: CircuitScript has no number inf"),
        ([{1}], "v[0]: CircuitScript has no value for a set\n  help: pass a list"),
        (ITSELF, "holds itself"),
        (decimal.Decimal(1), "pass float(…) of it"),
        (object(), "no value for a object"),
        ("a\rb", "carriage return"),
        ("\ud800", "surrogate"),
        (list(range(400_000)), "too large"),
    ],
)
def test_says_what_no_script_can_hold(value, message):
    with pytest.raises(CircuitError) as caught:
        values.literal(value, "v")
    assert message in str(caught.value)
    assert str(caught.value).startswith("error: v")


def test_takes_what_numpy_and_pandas_hold():
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    assert values.literal(numpy.float32(0.5)) == "0.5"
    assert values.literal(numpy.int64(7)) == "7"
    assert values.literal(numpy.array([[1, 2], [3, 4]])) == "[[1, 2], [3, 4]]"
    assert values.literal(pandas.Series(["a", "b"])) == '["a", "b"]'
    assert values.literal({"rows": pandas.DataFrame({"x": [1, 2]})}) == "(rows=[(x=1), (x=2)])"


def test_a_frame_is_json_lines_with_what_is_missing_as_null():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "odd name": [0.1, None],
            "text": ["a\r\n", None],
            "when": [datetime.date(2026, 1, 2), None],
            "list": [[1, 2], [3]],
        }
    )
    assert values.json_lines(frame) == (
        '{"odd name": 0.1, "text": "a\\r\\n", "when": "2026-01-02", "list": [1, 2]}\n' '{"odd name": null, "text": null, "when": null, "list": [3]}\n'
    )


@pytest.mark.parametrize(
    "cell, message",
    [
        (float("inf"), "df, column 'x', row 'b': CircuitScript has no number inf\n  help: replace("),
        ({1, 2}, "df, column 'x', row 'b': CircuitScript has no value for a set\n  help: pass a list"),
        ([1, 2**60 + 1], "df, column 'x', row 'b'[1]: CircuitScript cannot hold this number"),
        ("\ud800", "df, column 'x', row 'b': this text holds half a character"),
    ],
)
def test_names_the_cell_of_a_frame_that_cannot_be_passed(cell, message):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"n": [1, 2], "x": pandas.Series([0.5, cell], dtype=object)}).set_index(pandas.Index(["a", "b"]))
    for write in (values.json_lines, values.literal):
        with pytest.raises(CircuitError) as caught:
            write(frame, "df")
        assert message in str(caught.value)


def test_two_columns_of_one_name_are_refused():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(CircuitError, match="the same name"):
        values.json_lines(pandas.DataFrame([[1, 2]], columns=["a", "a"]))


def test_tables_are_frames_and_other_lists_stay():
    pandas = pytest.importorskip("pandas")
    result = values.from_json({"points": [{"size": 1, "f": 0.5}], "values": [1.0], "mixed": [{"a": 1}, {"b": 2}], "none": []})
    assert isinstance(result["points"], pandas.DataFrame)
    assert result["values"] == [1.0] and result["mixed"] == [{"a": 1}, {"b": 2}] and result["none"] == []
    assert values.from_json([{"a": 1}], frames=False) == [{"a": 1}]


def test_a_mistake_survives_pickling():
    import pickle

    from circuitscript import CircuitError

    error = CircuitError("no such field", "unknown-field", ["error: no such field", "  help: look"])
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.code, again.message, again.lines) == (str(error), error.code, error.message, error.lines)
