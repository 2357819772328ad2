"""Boundaries that run back along themselves, and how long boundaries are."""

import math

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled
from geo.kernel.validity import from_west, laid_edges

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]


@compiled
def perimeters(xy: Floats, rings: Starts, spans: Starts, out: Floats, start: int, stop: int) -> None:
    """Write the length (m) of all rings of some features."""
    for feature in range(start, stop):
        total = 0.0
        for ring in range(spans[feature], spans[feature + 1]):
            for at in range(rings[ring] + 1, rings[ring + 1]):
                dx, dy = xy[at, 0] - xy[at - 1, 0], xy[at, 1] - xy[at - 1, 1]
                total += math.sqrt(dx * dx + dy * dy)
        out[feature] = total


@compiled
def beside(xy: Floats, a: int, b: int, c: int, d: int, within: float, flat: float) -> tuple[float, float]:
    """Where, in metres from a towards b, the edge from c to d runs the other way no further off than `within`.

    `flat` is the cosine of how far two edges may be from running against each other. From > to: nowhere.
    """
    ux, uy = xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1]
    vx, vy = xy[d, 0] - xy[c, 0], xy[d, 1] - xy[c, 1]
    length, other = math.sqrt(ux * ux + uy * uy), math.sqrt(vx * vx + vy * vy)
    if not ux * vx + uy * vy <= -flat * length * other:
        return 1.0, 0.0
    ux, uy = ux / length, uy / length
    cx, cy, dx, dy = xy[c, 0] - xy[a, 0], xy[c, 1] - xy[a, 1], xy[d, 0] - xy[a, 0], xy[d, 1] - xy[a, 1]
    near, far = dx * ux + dy * uy, cx * ux + cy * uy
    off_near, off_far = dy * ux - dx * uy, cy * ux - cx * uy
    low, high = max(near, 0.0), min(far, length)
    slope = (off_far - off_near) / (far - near)
    # where the distance, which is linear along the edge, lies between -within and +within
    for side in (-1.0, 1.0):
        low_over = side * (off_near + (low - near) * slope) - within
        high_over = side * (off_near + (high - near) * slope) - within
        if low_over > 1e-7 and high_over > 1e-7:
            return 1.0, 0.0
        if low_over > 1e-7:
            low = high - (high - low) * high_over / (high_over - low_over)
        elif high_over > 1e-7:
            high = low + (high - low) * low_over / (low_over - high_over)
    return low, high


@compiled
def folds(
    xy: Floats,
    rings: Starts,
    spans: Starts,
    within: float,
    least: float,
    flat: float,
    out: Floats,
    start: int,
    stop: int,
) -> None:
    """Note of each feature where its boundary runs back along itself, `within` off over a length of at least `least`.

    Rows of `out`: how many pairs of edges do, metres of the longest run, x, y of its middle. Two edges of one corner do
    only where they stay so near over all of the shorter one: a hair, not a corner.
    """
    most = 1
    for feature in range(start, stop):
        most = max(most, rings[spans[feature + 1]] - rings[spans[feature]])
    reach, ends, order = np.empty((most, 4)), np.empty((most, 3), dtype=np.int64), np.empty(most, dtype=np.int64)
    for feature in range(start, stop):
        out[feature, 0] = 0.0
        first, last = spans[feature], spans[feature + 1]
        if first == last or rings[first] == rings[last]:
            continue
        count = laid_edges(xy, rings, first, last, reach, ends)
        from_west(reach, order, count)
        for place in range(count):
            one = order[place]
            at = place + 1
            while at < count and reach[order[at], 0] <= reach[one, 2] + within:
                other = order[at]
                at += 1
                if reach[other, 1] > reach[one, 3] + within or reach[other, 3] < reach[one, 1] - within:
                    continue
                e, f = min(one, other), max(one, other)
                a, b, c, d = ends[e, 0], ends[e, 1], ends[f, 0], ends[f, 1]
                low, high = beside(xy, a, b, c, d, within, flat)
                run = round(high - low, 6)
                if run < least or run <= 0.0:
                    continue
                if (b == c or d == a) and run < round(min(length_of(xy, a, b), length_of(xy, c, d)), 6) - within:
                    continue
                out[feature, 0] += 1.0
                if out[feature, 0] == 1.0 or run > out[feature, 1]:
                    share = (low + high) / 2 / length_of(xy, a, b)
                    out[feature, 1] = run
                    out[feature, 2] = xy[a, 0] + (xy[b, 0] - xy[a, 0]) * share
                    out[feature, 3] = xy[a, 1] + (xy[b, 1] - xy[a, 1]) * share


@compiled
def length_of(xy: Floats, a: int, b: int) -> float:
    """How long the edge between two vertices is."""
    dx, dy = xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1]
    return math.sqrt(dx * dx + dy * dy)
