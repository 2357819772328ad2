"""Loops that hang boxes into cells and find those that meet."""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Rows = NDArray[np.int32]

#: A box lies in the cells of its own size: each level's cells are this many times as wide as those of the level below.
WIDER = 4.0
LEVELS = 24
#: Which askers of a grid are heard: boxes of its own set, up to its level, and of equal ones each pair once; boxes of
#: another set up to its level; boxes of another set below its level.
EQUAL_ONCE, UP_TO_EQUAL, SMALLER = 0, 1, 2
#: Steps of the Hilbert curve along each axis.
CURVE_BITS = 12


#: Boxes in cells of one width, in a square of buckets that repeats itself for ever, `mask` + 1 on a side: west, south,
#: width, mask; where each bucket begins in the entries, and of each entry the true column and row, and the box.
#: (A tuple without names: a named one is written into what is kept compiled, and is then missed when it changes.)
Grid = tuple[float, float, float, int, Indices, Indices, Indices, Rows]


@compiled
def levels_of(boxes: Floats, cell: float) -> NDArray[np.int8]:
    """The level whose cells are as large as each box, so that it lies in four of them at most; -1 for no box."""
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
def extent(boxes: Floats) -> tuple[float, float, float, float]:
    """West, south, east and north of all boxes; west lies east of east where there are none."""
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for at in range(len(boxes)):
        if boxes[at, 0] < np.inf:
            west, south = min(west, boxes[at, 0]), min(south, boxes[at, 1])
            east, north = max(east, boxes[at, 2]), max(north, boxes[at, 3])
    return west, south, east, north


@compiled
def hilbert(
    boxes: Floats, west: float, south: float, scale: float, out: NDArray[np.uint32], start: int, stop: int
) -> None:
    """Write how far along a Hilbert curve the middle of some boxes lies; `scale` are steps of the curve a metre."""
    for at in range(start, stop):
        if not boxes[at, 0] < np.inf:
            continue
        x = int(((boxes[at, 0] + boxes[at, 2]) / 2 - west) * scale)
        y = int(((boxes[at, 1] + boxes[at, 3]) / 2 - south) * scale)
        # every quarter is the curve again, turned by two marks: whether its axes are swapped, whether it is upside down
        far, swapped, down = 0, 0, 0
        for bit in range(CURVE_BITS - 1, -1, -1):
            right, upper = (x >> bit & 1) ^ down, (y >> bit & 1) ^ down
            other = swapped & (right ^ upper)
            right, upper = right ^ other, upper ^ other
            far = far << 2 | ((3 * right) ^ upper)
            down ^= right & ~upper & 1
            swapped ^= ~upper & 1
        out[at] = far


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
def hung(boxes: Floats, here: Indices, width: float, bits: int) -> Grid:
    """Hang the boxes of some rows into cells of this width; the square of buckets is 2 to the power of `bits` wide."""
    west, south = boxes[here[0], 0], boxes[here[0], 1]
    side, mask = 1 << bits, (1 << bits) - 1
    starts = np.zeros(side * side + 1, dtype=np.int64)
    for at in here:
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
    for at in here:
        c0, c1, r0, r1 = cells_of(boxes[at], west, south, width)
        for row in range(r0, r1 + 1):
            for column in range(c0, c1 + 1):
                bucket = (row & mask) * side + (column & mask)
                slot = free[bucket]
                free[bucket] += 1
                columns[slot], rows[slot], who[slot] = column, row, at
    return west, south, width, mask, starts, columns, rows, who


@compiled
def asked(
    askers: Floats,
    slants: Floats,
    levels: NDArray[np.int8],
    asking: Indices,
    others: Floats,
    other_slants: Floats,
    level: int,
    grid: Grid,
    which: int,
    more_than: float,
    near: Rows,
    far: Rows,
) -> int:
    """Note the askers and the boxes of a grid that have more than some area in common.

    Boxes along the diagonals must have as much in common: that parts neighbours who only meet at a corner. Returns how
    many pairs there are; those that `near` and `far` have no room for are only counted. Each pair is met once: in the
    cell of the lower left corner of what the boxes share.
    """
    west, south, width, mask, starts, columns, rows, who = grid
    side, count = mask + 1, 0
    for a in asking:
        if levels[a] > level or (which == SMALLER and levels[a] == level):
            continue
        once = which == EQUAL_ONCE and levels[a] == level
        w, s, e, n = askers[a, 0], askers[a, 1], askers[a, 2], askers[a, 3]
        c0, c1, r0, r1 = cells_of(askers[a], west, south, width)
        for row in range(r0, r1 + 1):
            for column in range(c0, c1 + 1):
                bucket = (row & mask) * side + (column & mask)
                for slot in range(starts[bucket], starts[bucket + 1]):
                    b = who[slot]
                    if once and b <= a:
                        continue
                    low_x, low_y = max(w, others[b, 0]), max(s, others[b, 1])
                    wide, high = min(e, others[b, 2]) - low_x, min(n, others[b, 3]) - low_y
                    if wide <= 0.0 or high <= 0.0 or wide * high <= more_than:
                        continue
                    u = min(slants[a, 1], other_slants[b, 1]) - max(slants[a, 0], other_slants[b, 0])
                    v = min(slants[a, 3], other_slants[b, 3]) - max(slants[a, 2], other_slants[b, 2])
                    # a square metre of ground takes two along the diagonals
                    if u <= 0.0 or v <= 0.0 or u * v / 2 <= more_than:
                        continue
                    if columns[slot] != column or rows[slot] != row:
                        continue
                    if int(np.floor((low_x - west) / width)) != column:
                        continue
                    if int(np.floor((low_y - south) / width)) != row:
                        continue
                    if count < len(near):
                        near[count], far[count] = a, b
                    count += 1
    return count
