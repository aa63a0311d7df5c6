"""The Python of the pages runs as it is pasted, cell by cell."""

import re

import pytest
from conftest import ROOT

CELL = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


@pytest.mark.parametrize("page, least", [("docs/notebook.md", 10), ("notebook/python/README.md", 4)])
def test_cells_run(notebook, page, least):
    cells = CELL.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(cells) >= least
    for cell in cells:
        error = notebook.run(cell.strip()).error
        assert error is None, f"{cell}\n{error}"
