"""CircuitScript from Python.

In a notebook, ``%load_ext circuitscript`` gives the magics ``%%circuit`` and ``%circuit``. Elsewhere, :func:`run` runs a script and
returns its results, and a :class:`Session` keeps its model and variables between runs.
"""

from .errors import CircuitError, CircuitInterrupted
from .session import Session, run

__version__ = "0.1.0"
__all__ = ["CircuitError", "CircuitInterrupted", "Session", "run"]


def load_ipython_extension(shell):
    """Called by ``%load_ext circuitscript``."""
    from .magic import CircuitMagics

    CircuitMagics.load(shell)


def unload_ipython_extension(shell):
    """Called by ``%unload_ext circuitscript``: the session ends."""
    from .magic import CircuitMagics

    CircuitMagics.unload(shell)
