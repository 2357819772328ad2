"""This machine as an engine: threads for loops that let each other run, or a pool of processes."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")


#: Rows that one thread does in one go: some milliseconds.
ROWS_A_PART = 100_000


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def in_parts(do: Callable[[int, int], None], rows: int) -> None:
    """Let threads do some rows, from a first to before an end, part by part."""
    starts = range(0, rows, ROWS_A_PART)
    if len(starts) < 2:
        do(0, rows)
        return
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(lambda start: do(start, min(start + ROWS_A_PART, rows)), starts))


def mapped(do: Callable[[Work], Result], works: Iterable[Work], workers: int = 1) -> Iterator[Result]:
    """Do every piece of work and give the results in order; with more than one worker, side by side."""
    if workers <= 1:
        yield from map(do, works)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("forkserver")) as pool:
        yield from pool.map(do, works)
