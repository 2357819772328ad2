"""Which boxes meet: a grid for each size of box, asked tile by tile along a Hilbert curve."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.engines.local import cores, in_parts
from geo.kernel.joins import (
    CURVE_BITS,
    EQUAL_ONCE,
    SMALLER,
    UP_TO_EQUAL,
    WIDER,
    Grid,
    asked,
    extent,
    hilbert,
    hung,
    levels_of,
)
from geo.outlines import Outlines

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Rows = NDArray[np.int32]

#: Cells are so many times as wide as a box of middling size: most boxes then hang in one level.
ROOM = 2.0
#: So many boxes tell how large they are.
SAMPLE = 10_000
#: Pairs that an asker may find in one grid before room is made for more.
EXPECTED = 8


@dataclass(frozen=True)
class Side:
    """One set of features: the level of each box, those that there are along the curve, and a grid for each level."""

    boxes: Floats
    slants: Floats
    levels: NDArray[np.int8]
    order: Indices
    grids: tuple[tuple[int, Grid], ...]

    @classmethod
    def of(cls, outlines: Outlines, cell: float, reach: float = 0.0) -> "Side":
        """Hang boxes, grown by `reach` on every side, into grids whose first level is this wide."""
        boxes, slants = outlines.boxes, outlines.slants
        if reach:
            boxes = boxes + np.array([-1, -1, 1, 1]) * reach
            slants = slants + np.array([-1, 1, -1, 1]) * (2 * reach)
        levels = levels_of(boxes, cell)
        order = np.argsort(_along_curve(boxes), kind="stable")
        order = order[levels[order] >= 0]
        present = np.flatnonzero(np.bincount(levels[order])).tolist()

        def hang(level: int) -> tuple[int, Grid]:
            here = order[levels[order] == level]
            bits = max(1, int(len(here) * 2 - 1).bit_length() // 2)
            return level, hung(boxes, here, cell * WIDER**level, bits)

        with ThreadPoolExecutor(cores()) as pool:
            grids = list(pool.map(hang, present))
        return cls(boxes, slants, levels, order, tuple(grids))


def _along_curve(boxes: Floats) -> NDArray[np.uint32]:
    """How far along a Hilbert curve over all of them the middle of each box lies; 0 for none."""
    far = np.zeros(len(boxes), dtype=np.uint32)
    west, south, east, north = extent(boxes)
    if west <= east:
        scale = ((1 << CURVE_BITS) - 1) / max(east - west, north - south, 1e-9)
        in_parts(lambda start, end: hilbert(boxes, west, south, scale, far, start, end), len(boxes))
    return far


@dataclass(frozen=True)
class Meeting:
    """Two sets of features, or one with itself, made ready to tell whose boxes have more than some area in common.

    A box hangs in the cells of its own size, four at most, and the smaller box of a pair asks the larger one's grid: a
    farm of 10 km among parcels of 30 m costs no more than any other. The grids have no extent: outliers cost nothing.
    """

    a: Side
    b: Side
    more_than: float

    @classmethod
    def of(cls, a: Outlines, b: Outlines | None, more_than: float, reach: float = 0.0) -> "Meeting":
        """Make the boxes of outlines ready, each grown by `reach`; within one set when `b` is None."""
        some = np.concatenate([side.boxes[:: len(side) // SAMPLE + 1] for side in (a, b or a)])
        sizes = np.fmax(some[:, 2] - some[:, 0], some[:, 3] - some[:, 1])
        sizes = sizes[np.isfinite(sizes)]
        cell = max(ROOM * float(np.median(sizes)), 1e-3) if len(sizes) else 1.0
        one = Side.of(a, cell, reach)
        return cls(one, one if b is None else Side.of(b, cell, reach), more_than)

    def tiles(self, features: int) -> Iterator[tuple[bool, Indices]]:
        """Cut the askers of either side into runs of near neighbours; true where side a asks."""
        for asks, side in ((True, self.a),) if self.a is self.b else ((True, self.a), (False, self.b)):
            for start in range(0, len(side.order), features):
                yield asks, side.order[start : start + features]

    def pairs(self, tile: tuple[bool, Indices]) -> tuple[Rows, Rows]:
        """The rows of sides a and b whose boxes meet, for the askers of one tile; each pair belongs to one tile."""
        asks, rows = tile
        asker, other = (self.a, self.b) if asks else (self.b, self.a)
        which = EQUAL_ONCE if self.a is self.b else UP_TO_EQUAL if asks else SMALLER
        parts = [self._asked(asker, rows, other, level, grid, which) for level, grid in other.grids]
        if not parts:
            return np.empty(0, np.int32), np.empty(0, np.int32)
        near, far = (np.concatenate(column) for column in zip(*parts, strict=True))
        return (near, far) if asks else (far, near)

    def _asked(self, asker: Side, rows: Indices, other: Side, level: int, grid: Grid, which: int) -> tuple[Rows, Rows]:
        """Ask one grid, a second time with enough room if there were more pairs than expected."""
        room = EXPECTED * len(rows)
        while True:
            near, far = np.empty(room, np.int32), np.empty(room, np.int32)
            found = asked(
                asker.boxes,
                asker.slants,
                asker.levels,
                rows,
                other.boxes,
                other.slants,
                level,
                grid,
                which,
                self.more_than,
                near,
                far,
            )
            if found <= room:
                return near[:found], far[:found]
            room = found
