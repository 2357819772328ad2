"""Which sides of a feature face which of another, and over what length."""

import math

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled
from geo.kernel.cover import run_along
from geo.kernel.near import edges_in

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Rows = NDArray[np.int32]


@compiled
def outward(ends: Floats) -> tuple[float, float]:
    """The direction, of length 1, in which the ground of an edge ends: shells run counter-clockwise."""
    ux, uy = ends[2] - ends[0], ends[3] - ends[1]
    length = math.sqrt(ux * ux + uy * uy)
    return uy / length, -ux / length


@compiled
def along(side: int, x: float, y: float) -> float:
    """How far a direction goes to a side: 0 east, 1 north, 2 west, 3 south."""
    component = x if side % 2 == 0 else y
    return component if side < 2 else -component


@compiled
def sides(xy: Floats, rings: Starts, spans: Starts, sector: float, out: Floats, start: int, stop: int) -> None:
    """Note of each feature and side how long its edges to that side are, and the middle of the longest.

    Rows of `out` for each side: metres, metres of the longest, x, y. `sector` is the cosine of half of what counts as
    one side. Holes have no side.
    """
    ends = np.empty(4)
    for feature in range(start, stop):
        out[feature] = 0.0
        if spans[feature] == spans[feature + 1]:
            continue
        ring = spans[feature]
        for at in range(rings[ring], rings[ring + 1] - 1):
            ends[:2], ends[2:] = xy[at], xy[at + 1]
            length = math.sqrt((ends[2] - ends[0]) ** 2 + (ends[3] - ends[1]) ** 2)
            if not 0.0 < length < np.inf:
                continue
            x, y = outward(ends)
            for side in range(4):
                if along(side, x, y) < sector:
                    continue
                out[feature, side, 0] += length
                if length > out[feature, side, 1]:
                    out[feature, side, 1] = length
                    out[feature, side, 2], out[feature, side, 3] = (ends[0] + ends[2]) / 2, (ends[1] + ends[3]) / 2


@compiled
def facing(
    xy: Floats,
    rings: Starts,
    spans: Starts,
    boxes: Floats,
    rows_a: Rows,
    rows_b: Rows,
    within: float,
    against: float,
    sector: float,
    most: int,
) -> Floats:
    """How many metres of the edges of both features of each pair face the other one, by side.

    An edge faces another that runs against it, up to an angle of cosine `against`, no further off than `within`. Rows:
    east, north, west, south of a, then of b.
    """
    out = np.zeros((len(rows_a), 8))
    room, window = np.empty((2, most), np.int64), np.empty(4)
    one, other = np.empty(4), np.empty(4)
    for pair in range(len(rows_a)):
        a, b = rows_a[pair], rows_b[pair]
        for axis in range(2):
            window[axis] = max(boxes[a, axis], boxes[b, axis]) - within
            window[axis + 2] = min(boxes[a, axis + 2], boxes[b, axis + 2]) + within
        many_a = edges_in(xy, rings, spans[a], spans[a + 1], window, room[0])
        many_b = edges_in(xy, rings, spans[b], spans[b + 1], window, room[1])
        for i in range(many_a):
            at = room[0, i]
            one[:2], one[2:] = xy[at], xy[at + 1]
            for j in range(many_b):
                to = room[1, j]
                other[:2], other[2:] = xy[to], xy[to + 1]
                if max(other[0], other[2]) < min(one[0], one[2]) - within:
                    continue
                if min(other[0], other[2]) > max(one[0], one[2]) + within:
                    continue
                ux, uy, vx, vy = one[2] - one[0], one[3] - one[1], other[2] - other[0], other[3] - other[1]
                length, of_other = math.sqrt(ux * ux + uy * uy), math.sqrt(vx * vx + vy * vy)
                if not (length > 0.0 and of_other > 0.0 and ux * vx + uy * vy <= -against * length * of_other):
                    continue
                for which in range(2):
                    edge, line = (one, other) if which == 0 else (other, one)
                    low, high = run_along(edge, line, within)
                    if high <= low:
                        continue
                    x, y = outward(edge)
                    for side in range(4):
                        if along(side, x, y) >= sector:
                            out[pair, 4 * which + side] += high - low
    return out
