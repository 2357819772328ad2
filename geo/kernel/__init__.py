"""Loops over flat arrays of coordinates, compiled for the machine: they know numbers, and nothing of land.

What is compiled is kept beside the code, so that only the first process ever waits for it. Results are the same bits on
every machine and with any number of threads: no reassociation, no fused arithmetic.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

_HERE = Path(__file__).parent
# A loop is kept with those of other files that it calls, which numba does not look at again: all are kept together,
# under a digest of them all.
_LOOPS = b"".join(file.read_bytes() for file in sorted(_HERE.glob("*.py")))
numba.config.CACHE_DIR = str(_HERE / "__pycache__" / hashlib.sha256(_LOOPS).hexdigest()[:12])  # type: ignore[attr-defined]

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile a function at its first call; it lets other threads of Python run meanwhile."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
