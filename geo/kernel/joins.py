"""Which boxes meet: a join on a grid that has no extent."""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Pair = tuple[NDArray[np.int32], NDArray[np.int32]]

#: A box lies in the cells of its own size: each level's cells are this many times as wide as those of the level below.
WIDER = 4.0
LEVELS = 24


@compiled
def levels_of(boxes: Floats, cell: float) -> NDArray[np.int8]:
    """The level whose cells are as large as a box, so that it lies in four of them at most; -1 for no box."""
    out = np.full(len(boxes), -1, dtype=np.int8)
    for at in range(len(boxes)):
        side = max(boxes[at, 2] - boxes[at, 0], boxes[at, 3] - boxes[at, 1])
        if not side < np.inf:
            continue
        level, width = 0, cell
        while width < side and level < LEVELS - 1:
            width *= WIDER
            level += 1
        out[at] = level
    return out


@compiled
def cells_of(box: Floats, west: float, south: float, width: float) -> tuple[int, int, int, int]:
    """First and last column, first and last row of the cells that a box lies in."""
    return (
        int(np.floor((box[0] - west) / width)),
        int(np.floor((box[2] - west) / width)),
        int(np.floor((box[1] - south) / width)),
        int(np.floor((box[3] - south) / width)),
    )


@compiled
def hung(
    boxes: Floats, order: Indices, west: float, south: float, width: float, mask: int
) -> tuple[Indices, Indices, Indices, NDArray[np.int32]]:
    """Hang boxes into a square of cells that repeats itself for ever; `mask` + 1 is its side, a power of two.

    Returns where each bucket begins in the entries, and of every entry the true column and row, and the box.
    """
    side = mask + 1
    starts = np.zeros(side * side + 1, dtype=np.int64)
    for at in order:
        c0, c1, r0, r1 = cells_of(boxes[at], west, south, width)
        for row in range(r0, r1 + 1):
            for column in range(c0, c1 + 1):
                starts[(row & mask) * side + (column & mask) + 1] += 1
    for bucket in range(side * side):
        starts[bucket + 1] += starts[bucket]
    free = starts[:-1].copy()
    columns = np.empty(starts[-1], dtype=np.int64)
    rows = np.empty(starts[-1], dtype=np.int64)
    who = np.empty(starts[-1], dtype=np.int32)
    for at in order:
        c0, c1, r0, r1 = cells_of(boxes[at], west, south, width)
        for row in range(r0, r1 + 1):
            for column in range(c0, c1 + 1):
                bucket = (row & mask) * side + (column & mask)
                slot = free[bucket]
                free[bucket] += 1
                columns[slot], rows[slot], who[slot] = column, row, at
    return starts, columns, rows, who


@compiled
def asked(
    boxes_a: Floats,
    order: Indices,
    boxes_b: Floats,
    grid: tuple[Indices, Indices, Indices, NDArray[np.int32]],
    west: float,
    south: float,
    width: float,
    mask: int,
    least: float,
    within: bool,
    levels_a: NDArray[np.int8],
    levels_b: NDArray[np.int8],
    out_a: NDArray[np.int32],
    out_b: NDArray[np.int32],
) -> int:
    """Note all pairs of boxes with more than `least` in common; returns how many, of which only what fits is noted.

    Each pair is met once: in the cell of the lower left corner of what the boxes share. Within one layer a pair is
    met from the side of the smaller box, and among boxes of one level from the side of the lower number.
    """
    starts, columns, rows, who = grid
    side, count = mask + 1, 0
    for a in order:
        w, s, e, n = boxes_a[a, 0], boxes_a[a, 1], boxes_a[a, 2], boxes_a[a, 3]
        c0, c1, r0, r1 = cells_of(boxes_a[a], west, south, width)
        for row in range(r0, r1 + 1):
            for column in range(c0, c1 + 1):
                bucket = (row & mask) * side + (column & mask)
                for slot in range(starts[bucket], starts[bucket + 1]):
                    b = who[slot]
                    if within and levels_a[a] == levels_b[b] and b <= a:
                        continue
                    low_x, low_y = max(w, boxes_b[b, 0]), max(s, boxes_b[b, 1])
                    wide, high = min(e, boxes_b[b, 2]) - low_x, min(n, boxes_b[b, 3]) - low_y
                    if wide <= 0.0 or high <= 0.0 or wide * high <= least:
                        continue
                    if columns[slot] != column or rows[slot] != row:
                        continue
                    if int(np.floor((low_x - west) / width)) != column:
                        continue
                    if int(np.floor((low_y - south) / width)) != row:
                        continue
                    if count < len(out_a):
                        out_a[count], out_b[count] = a, b
                    count += 1
    return count
