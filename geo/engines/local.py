"""This machine as an engine: in this process, or in a pool of processes."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")


def mapped(do: Callable[[Work], Result], works: Iterable[Work], workers: int = 1) -> Iterator[Result]:
    """Do every piece of work and give the results in order; with more than one worker, side by side."""
    if workers <= 1:
        yield from map(do, works)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("forkserver")) as pool:
        yield from pool.map(do, works)
