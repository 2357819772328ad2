"""The ground that two polygons have in common, in closed form."""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Ints = NDArray[np.int32]


@compiled
def gather(
    xy: Floats,
    rings: Starts,
    first: int,
    end: int,
    x0: float,
    y0: float,
    low: float,
    high: float,
    floor: float,
    out: Floats,
) -> int:
    """Collect the edges that have ground under them: cut off at `floor`, and only those that reach into low..high.

    Rows of `out`: left x, right x, height above the floor at the left, slope, sign (+1 where ground lies below).
    Coordinates are taken from (x0, y0). Returns how many there are.
    """
    count = 0
    for ring in range(first, end):
        at, stop = rings[ring], rings[ring + 1]
        if at == stop:
            continue
        ax, ay = xy[at, 0] - x0, xy[at, 1] - y0 - floor
        for vertex in range(at + 1, stop):
            bx, by = xy[vertex, 0] - x0, xy[vertex, 1] - y0 - floor
            px, py, qx, qy, sign = ax, ay, bx, by, -1.0
            if bx < ax:
                px, py, qx, qy, sign = bx, by, ax, ay, 1.0
            ax, ay = bx, by
            if qx <= low or px >= high or px == qx or (py <= 0.0 and qy <= 0.0):
                continue
            slope = (qy - py) / (qx - px)
            if py < 0.0:
                px, py = px - py / slope, 0.0
            elif qy < 0.0:
                qx = px - py / slope
            out[count, 0], out[count, 1], out[count, 2], out[count, 3], out[count, 4] = px, qx, py, slope, sign
            count += 1
    return count


@compiled
def under_both(a: Floats, count_a: int, b: Floats, count_b: int) -> float:
    """Sum the signed ground under both edges over all pairs of edges."""
    total = 0.0
    for i in range(count_a):
        left, right, height, slope, sign = a[i, 0], a[i, 1], a[i, 2], a[i, 3], a[i, 4]
        for j in range(count_b):
            low, high = max(left, b[j, 0]), min(right, b[j, 1])
            if high <= low:
                continue
            p0, p1 = height + (low - left) * slope, height + (high - left) * slope
            q0, q1 = b[j, 2] + (low - b[j, 0]) * b[j, 3], b[j, 2] + (high - b[j, 0]) * b[j, 3]
            # the smaller of two heights is half their sum less half their difference, whichever is the smaller
            d0, d1 = p0 - q0, p1 - q1
            apart = abs(d0) + abs(d1)
            if d0 * d1 < 0.0:
                apart = (d0 * d0 + d1 * d1) / apart
            total += sign * b[j, 4] * (high - low) * (p0 + p1 + q0 + q1 - apart)
    return total / 4


@compiled
def shared_areas(
    xy_a: Floats,
    rings_a: Starts,
    spans_a: Starts,
    boxes_a: Floats,
    xy_b: Floats,
    rings_b: Starts,
    spans_b: Starts,
    boxes_b: Floats,
    rows_a: Ints,
    rows_b: Ints,
    edges: tuple[int, int],
) -> Floats:
    """Area (m²) that the two features of every pair have in common.

    Nothing lies below the floor, where the higher of both boxes begins, or beside what the boxes share: edges out there
    are left out before any are compared.
    """
    out = np.zeros(len(rows_a))
    edges_a, edges_b = np.empty((edges[0], 5)), np.empty((edges[1], 5))
    for pair in range(len(rows_a)):
        a, b = rows_a[pair], rows_b[pair]
        start = rings_a[spans_a[a]]
        x0, y0 = xy_a[start, 0], xy_a[start, 1]
        low, high = max(boxes_a[a, 0], boxes_b[b, 0]) - x0, min(boxes_a[a, 2], boxes_b[b, 2]) - x0
        floor = max(boxes_a[a, 1], boxes_b[b, 1]) - y0
        count_a = gather(xy_a, rings_a, spans_a[a], spans_a[a + 1], x0, y0, low, high, floor, edges_a)
        if count_a == 0:
            continue
        count_b = gather(xy_b, rings_b, spans_b[b], spans_b[b + 1], x0, y0, low, high, floor, edges_b)
        out[pair] = under_both(edges_a, count_a, edges_b, count_b)
    return out
