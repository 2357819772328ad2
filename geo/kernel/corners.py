"""Corners of outlines: how sharp they are, and how near vertices of one feature lie to each other."""

import math

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]

#: So many vertices are passed over to find one far enough off to tell an angle by.
PASSED = 8
#: As few vertices are compared each with each.
FEW = 64


@compiled
def far_enough(xy: Floats, first: int, last: int, at: int, step: int, arm: float) -> int:
    """The next vertex of a closed ring, forwards or backwards, that lies at least `arm` off; -1 if none is near by."""
    other = at
    for _ in range(min(PASSED, last - first)):
        other += step
        if other == last:
            other = first
        elif other < first:
            other = last - 1
        dx, dy = xy[other, 0] - xy[at, 0], xy[other, 1] - xy[at, 1]
        if dx * dx + dy * dy >= arm * arm:
            return other
    return -1


@compiled
def sharp_corners(
    xy: Floats, rings: Starts, spans: Starts, limit: float, arm: float, out: Floats, start: int, stop: int
) -> None:
    """Note of each feature how many corners are sharper than `limit` degrees, inside or out, and the sharpest one.

    Rows of `out`: how many, degrees inside the feature, x, y. Shells run counter-clockwise, holes clockwise. Vertices
    nearer than `arm` tell no angle. Degrees are rounded to 1e-5: coordinates of 4e7 m tell no more over short arms.
    """
    flat = math.tan(math.radians(min(limit + 1.0, 89.0)))
    for feature in range(start, stop):
        count, sharpest = 0, 360.0
        for ring in range(spans[feature], spans[feature + 1]):
            first, last = rings[ring], rings[ring + 1] - 1
            for at in range(first, last):
                before = far_enough(xy, first, last, at, -1, arm)
                after = far_enough(xy, first, last, at, 1, arm)
                if before < 0 or after < 0:
                    continue
                ax, ay = xy[after, 0] - xy[at, 0], xy[after, 1] - xy[at, 1]
                bx, by = xy[before, 0] - xy[at, 0], xy[before, 1] - xy[at, 1]
                dot, cross = ax * bx + ay * by, ax * by - ay * bx
                if not (dot > 0.0 and abs(cross) <= flat * dot):
                    continue
                inside = math.degrees(math.atan2(cross, dot))
                opened = round(abs(inside), 5)
                if opened >= limit:
                    continue
                count += 1
                if opened < sharpest:
                    sharpest = opened
                    out[feature, 1] = opened if inside >= 0.0 else 360.0 - opened
                    out[feature, 2], out[feature, 3] = xy[at, 0], xy[at, 1]
        out[feature, 0] = count


@compiled
def distance(xy: Floats, a: int, b: int) -> float:
    """How far two vertices lie apart, to a micrometre."""
    dx, dy = xy[a, 0] - xy[b, 0], xy[a, 1] - xy[b, 1]
    return round(math.sqrt(dx * dx + dy * dy), 6)


@compiled
def follows(rings: Starts, low: int, high: int, ring_low: int, ring_high: int) -> bool:
    """Tell whether one vertex is the next one of the other in its ring."""
    if ring_low != ring_high:
        return False
    return high == low + 1 or (low == rings[ring_low] and high == rings[ring_low + 1] - 2)


@compiled
def near_vertices(
    xy: Floats, rings: Starts, spans: Starts, within: float, same: float, out: Floats, start: int, stop: int
) -> None:
    """Note of each feature how many pairs of its vertices lie nearer than `within`, and the nearest pair.

    Rows of `out`: how many, metres apart, x, y, vertex. The closing vertex is the first one. Vertices nearer than
    `same` that do not follow each other are one point that two rings share, or where a ring touches itself: no pair.
    """
    most = 0
    for feature in range(start, stop):
        most = max(most, rings[spans[feature + 1]] - rings[spans[feature]])
    who, whose = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    for feature in range(start, stop):
        many = 0
        for ring in range(spans[feature], spans[feature + 1]):
            for at in range(rings[ring], rings[ring + 1] - 1):
                who[many], whose[many] = at, ring
                many += 1
        axis = 0
        if many > FEW:
            axis = longer_axis(xy, who, many)
            order = np.argsort(xy[who[:many], axis], kind="mergesort")
            who[:many], whose[:many] = who[order], whose[order]
        count, nearest = 0, np.inf
        for one in range(many):
            for other in range(one + 1, many):
                along = xy[who[other], axis] - xy[who[one], axis]
                if abs(along) >= within:
                    if many > FEW:
                        break
                    continue
                if abs(xy[who[other], 1 - axis] - xy[who[one], 1 - axis]) >= within:
                    continue
                apart = distance(xy, who[one], who[other])
                if not apart < within:
                    continue
                low, high = min(who[one], who[other]), max(who[one], who[other])
                if apart < same and not follows(rings, low, high, whose[one], whose[other]):
                    continue
                count += 1
                if apart < nearest or (apart == nearest and high < out[feature, 4]):
                    nearest = apart
                    out[feature, 1], out[feature, 2], out[feature, 3] = apart, xy[high, 0], xy[high, 1]
                    out[feature, 4] = high
        out[feature, 0] = count


@compiled
def longer_axis(xy: Floats, who: Starts, many: int) -> int:
    """The axis along which some vertices reach further."""
    least, most = np.full(2, np.inf), np.full(2, -np.inf)
    for at in who[:many]:
        for axis in range(2):
            least[axis], most[axis] = min(least[axis], xy[at, axis]), max(most[axis], xy[at, axis])
    return 0 if most[0] - least[0] >= most[1] - least[1] else 1
