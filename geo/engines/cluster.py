"""A cluster of Dask workers as an engine: what a lost worker had in hand is done again by another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # Dask is an extra: it is loaded only where somebody has a cluster
    from distributed import Client

Work = TypeVar("Work")
Result = TypeVar("Result")

#: Works handed out ahead for each thread, so that none waits for the next one to arrive.
AHEAD = 2


def mapped(
    do: Callable[[Work], Result], works: Iterable[Work], client: Client, needs: Mapping[str, float]
) -> Iterator[Result]:
    """Do every piece of work on the workers of a cluster and give the results as they come, in any order.

    `do` must have no effect but its result, since a work may be done twice. `needs` are Dask resources: only workers
    that declare them take part, those that join later too. Raises what `do` raised, or the errors of `distributed`.
    """
    from distributed import as_completed

    waiting = iter(works)
    under_way = as_completed(loop=client.loop)

    def hand_out(count: int) -> None:
        for work in islice(waiting, max(count, 0)):
            # each is a work of its own, even where two look the same to Dask
            under_way.add(client.submit(do, work, resources=dict(needs), pure=False))

    hand_out(_room(client))
    for future in under_way:
        result = future.result()
        future.release()
        hand_out(_room(client) - under_way.count())
        yield result


def _room(client: Client) -> int:
    """How many works may be under way at one time; it grows as workers join."""
    threads: dict[str, int] = client.nthreads()
    return AHEAD * max(1, sum(threads.values()))
