"""Loops over flat arrays of coordinates, compiled for the machine: they know numbers, and nothing of land.

What is compiled is kept beside the code (or below `NUMBA_CACHE_DIR`), so that only the first process ever waits for it.
Results are the same bits on every machine and with any number of threads: no reassociation, no fused arithmetic.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile a function at its first call; it lets other threads of Python run meanwhile."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
