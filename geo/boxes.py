"""Which boxes meet: a grid for each size of box, asked tile by tile along a Hilbert curve."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.kernel.joins import EQUAL_ONCE, SMALLER, UP_TO_EQUAL, WIDER, Grid, asked, hilbert, hung, levels_of
from geo.outlines import Outlines

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Rows = NDArray[np.int32]

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
    def of(cls, outlines: Outlines, cell: float) -> "Side":
        """Hang boxes into grids whose first level is this wide."""
        boxes = outlines.boxes
        levels = levels_of(boxes, cell)
        order = np.flatnonzero(levels >= 0)
        order = order[np.argsort(hilbert(boxes[order]), kind="stable")]
        grids = []
        for level in np.unique(levels[order]).tolist():
            here = order[levels[order] == level]
            bits = max(1, int(len(here) * 2 - 1).bit_length() // 2)
            grids.append((level, hung(boxes, here, cell * WIDER**level, bits)))
        return cls(boxes, outlines.slants, levels, order, tuple(grids))


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
    def of(cls, a: Outlines, b: Outlines | None, more_than: float) -> "Meeting":
        """Make the boxes of outlines ready; within one set when `b` is None."""
        both = np.concatenate([a.boxes, a.boxes[:0] if b is None else b.boxes])
        sizes = np.fmax(both[:, 2] - both[:, 0], both[:, 3] - both[:, 1])
        sizes = sizes[np.isfinite(sizes)]
        cell = max(float(np.median(sizes)), 1e-3) if len(sizes) else 1.0
        one = Side.of(a, cell)
        return cls(one, one if b is None else Side.of(b, cell), more_than)

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
