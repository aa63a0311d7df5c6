"""The tests run the real program: the one that the variable CIRCUIT names, else the launcher of this checkout."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "notebook" / "python"))


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="writes the outputs of examples/tutorial.ipynb anew")


@pytest.fixture(scope="session")
def circuit():
    program = os.environ.setdefault("CIRCUIT", str(ROOT / "circuit"))
    assert os.access(program, os.X_OK), f"there is no program {program}; CIRCUIT names it"
    return program


@pytest.fixture(scope="session")
def kernelspec(circuit, tmp_path_factory):
    """Installs the kernel as a user does, into a folder that is looked at first."""
    prefix = tmp_path_factory.mktemp("prefix")
    subprocess.run([circuit, "jupyter", "install", "--prefix", str(prefix)], check=True, capture_output=True, timeout=60)
    folder = str(prefix / "share" / "jupyter")
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = folder
    yield folder
    if before is None:
        del os.environ["JUPYTER_PATH"]
    else:
        os.environ["JUPYTER_PATH"] = before


class Notebook:
    """A Python kernel, and what its cells show."""

    def __init__(self, manager, client):
        self.manager = manager
        self.client = client

    def run(self, cell, during=None, timeout=60):
        """Runs a cell. Calls `during` with each message; returns the cell's outputs."""
        number = self.client.execute(cell)
        outputs = Outputs()
        end = time.monotonic() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
            if message["parent_header"].get("msg_id") != number:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            outputs.add(kind, content)
            if during is not None:
                during(kind, content)
        while self.client.get_shell_msg(timeout=10)["parent_header"].get("msg_id") != number:
            pass  # late answers to what the start asked
        return outputs

    def value(self, expression):
        """The value of a Python expression, by its repr."""
        outputs = self.run(f"print(repr({expression}))")
        assert outputs.error is None, outputs.error
        return eval(outputs.stdout, {"nan": float("nan")})


class Outputs:
    def __init__(self):
        self.stdout = self.stderr = ""
        self.displays = []
        self.progress = []
        self.error = None

    def add(self, kind, content):
        if kind == "stream":
            setattr(self, content["name"], getattr(self, content["name"]) + content["text"])
        elif kind in ("display_data", "execute_result", "update_display_data"):
            progress = "display_id" in (content.get("transient") or {})
            (self.progress if progress else self.displays).append(content["data"])
        elif kind == "error":
            self.error = "\n".join(content["traceback"])

    @property
    def text(self):
        return "\n".join(data.get("text/plain", "") for data in self.displays)

    @property
    def html(self):
        return "\n".join(data.get("text/html", "") for data in self.displays)


@pytest.fixture(scope="session")
def python_kernel(circuit, tmp_path_factory):
    from jupyter_client.manager import start_new_kernel

    folder = tmp_path_factory.mktemp("notebook")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "notebook" / "python"), "IPYTHONDIR": str(folder / "ipython")}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=environment)
    notebook = Notebook(manager, client)
    assert notebook.run("%load_ext circuitscript").error is None
    yield notebook
    client.stop_channels()
    manager.shutdown_kernel()


@pytest.fixture
def notebook(python_kernel):
    """A Python notebook in which the extension is loaded. Its session may have a past."""
    return python_kernel
