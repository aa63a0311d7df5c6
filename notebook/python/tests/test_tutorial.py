"""examples/tutorial.ipynb runs as it was saved, and with other parameters."""

import math
import re
import subprocess
import sys
from importlib import metadata

import pytest
from conftest import ROOT

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
papermill = pytest.importorskip("papermill")

try:
    INSTALLED = any(point.value.startswith("circuitscript.") for point in metadata.distribution("circuitscript").entry_points)
except metadata.PackageNotFoundError:
    INSTALLED = False
    import circuitscript.papermill  # noqa: F401  what the entry point of the installed package does

TUTORIAL = ROOT / "examples" / "tutorial.ipynb"
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell):
    """What a cell shows, in words; progress is left out, which is there while it runs."""
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            texts.append(output.text)
        elif data.get("text/plain", "").strip():
            texts.append(data["text/plain"])
    return "\n".join(texts)


def pictures(cell):
    return [kind for output in cell.outputs for kind in output.get("data", {}) if kind.startswith("image/")]


def same(a, b):
    """Whether texts are the same, but for the last digits of numbers, which depend on the processor."""
    if NUMBER.sub("#", a) != NUMBER.sub("#", b):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b))
    return all(math.isclose(float(x), float(y), rel_tol=2e-2, abs_tol=1e-6) for x, y in pairs)


def test_gives_the_saved_outputs(kernelspec, tmp_path, request):
    saved = nbformat.read(TUTORIAL, 4)
    run = nbformat.read(TUTORIAL, 4)
    for cell in cells(run):
        cell.outputs, cell.execution_count = [], None
    nbclient.NotebookClient(run, timeout=120, kernel_name="circuitscript", resources={"metadata": {"path": str(tmp_path)}}, record_timing=False).execute()
    if request.config.getoption("--update"):
        del run.metadata.language_info["version"]  # whichever program runs the tests
        for cell in cells(run):
            cell.outputs = [output for output in cell.outputs if "circuitscript_progress" not in output.get("metadata", {})]
        nbformat.write(run, TUTORIAL)
        return
    nbformat.validate(run)
    assert len(cells(saved)) == len(cells(run)) > 8
    for before, after in zip(cells(saved), cells(run)):
        assert same(shown(before), shown(after)), f"{before.source}\nwas\n{shown(before)}\nis\n{shown(after)}"
        assert pictures(before) == pictures(after), before.source
    assert sum(len(pictures(cell)) for cell in cells(run)) == 2
    assert {**saved.metadata.language_info, "version": ""} == {**run.metadata.language_info, "version": ""}
    assert any("<table" in output.get("data", {}).get("text/html", "") for cell in cells(run) for output in cell.outputs)


def test_papermill_gives_it_parameters(kernelspec, tmp_path):
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(str(TUTORIAL), str(out), parameters={"rows": 20, "steps": 2, "size": 30}, cwd=str(tmp_path), progress_bar=False, log_output=False)
    run = nbformat.read(out, 4)
    injected = [cell for cell in run.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert [cell.source.splitlines()[1:] for cell in injected] == [["param rows = 20", "param steps = 2", "param size = 30"]]
    text = "\n".join(shown(cell) for cell in cells(run))
    assert "20 examples" in text and "EAP-IG with 2 steps" in text and "30 edges" in text


def test_papermill_lists_the_parameters():
    found = papermill.inspect_notebook(str(TUTORIAL))
    assert {name: (one["default"], one["help"]) for name, one in found.items()} == {
        "rows": ("200", "examples of the data set"),
        "steps": ("5", "of integrated gradients"),
        "size": ("40", "edges of the circuit"),
    }


@pytest.mark.skipif(not INSTALLED, reason="the package is not installed here: pip install notebook/python")
def test_papermill_and_pygments_find_the_installed_package():
    code = "import papermill.execute, pygments.lexers; from papermill.translators import papermill_translators as all; " "print(all.find_translator('', 'circuitscript').__name__, pygments.lexers.get_lexer_by_name('circuitscript').name)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["CircuitTranslator", "CircuitScript"], done.stderr
