"""Finds the program ``circuit``."""

import os
import shutil
from pathlib import Path

from .errors import CircuitError

KERNEL = "circuitscript"


def find(path=None):
    """The program's file: the one that is asked for, else the variable CIRCUIT's, the PATH's, or the installed kernel's.

    :raises CircuitError: where there is none
    """
    if path is not None:
        return _checked(path, "--path" if isinstance(path, str) else "path")
    named = os.environ.get("CIRCUIT")
    if named:
        return _checked(named, "the variable CIRCUIT")
    found = shutil.which("circuit") or _of_kernel()
    if found:
        return found
    raise CircuitError(
        "the program circuit was not found",
        lines=[
            "error: the program `circuit` was not found",
            "  note: looked at the variable CIRCUIT, the PATH, and Jupyter's kernels",
            "  help: name it, as in `%circuit --path ~/circuitscript/circuit`, or put its folder on the PATH,",
            "        or run `circuit jupyter install` once",
        ],
    )


def _checked(path, named_by):
    file = Path(path).expanduser()
    if file.is_dir():
        for inside in (file / "circuit", file / "bin" / "circuit"):
            if inside.is_file():
                file = inside
                break
    found = shutil.which(str(file)) if os.sep not in str(path) else str(file.absolute())
    if found is None or not os.path.isfile(found):
        raise CircuitError(
            f"{named_by} is {path}, and there is no such program",
            lines=[f"error: {named_by} is {path}, and there is no such program", "  help: name the file `circuit`, or the folder that it is in"],
        )
    if not os.access(found, os.X_OK):
        raise CircuitError(f"{found} may not be run", lines=[f"error: {found} may not be run", f"  help: chmod +x {found}"])
    return found


def _of_kernel():
    """The program that ``circuit jupyter install`` wrote down."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return None
    try:
        first = KernelSpecManager().get_kernel_spec(KERNEL).argv[0]
    except (NoSuchKernel, IndexError, OSError, ValueError):
        return None
    return first if os.path.isfile(first) and os.access(first, os.X_OK) else None
