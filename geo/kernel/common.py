"""The ground that two polygons have in common, in closed form."""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Ints = NDArray[np.int32]

#: From so many pairs of edges on, edges are sorted first, and only those that lie over one another are compared.
MANY = 1 << 18


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
def under_two(a: Floats, i: int, b: Floats, j: int) -> float:
    """The signed ground under two edges, four times over."""
    left, other_left = a[i, 0], b[j, 0]
    low, high = max(left, other_left), min(a[i, 1], b[j, 1])
    if high <= low:
        return 0.0
    height, slope, other_height, other_slope = a[i, 2], a[i, 3], b[j, 2], b[j, 3]
    p0, p1 = height + (low - left) * slope, height + (high - left) * slope
    q0, q1 = other_height + (low - other_left) * other_slope, other_height + (high - other_left) * other_slope
    # the smaller of two heights is half their sum less half their difference, whichever is the smaller
    d0, d1 = p0 - q0, p1 - q1
    apart = abs(d0) + abs(d1)
    if d0 * d1 < 0.0:
        apart = (d0 * d0 + d1 * d1) / apart
    ground: float = a[i, 4] * b[j, 4] * (high - low) * (p0 + p1 + q0 + q1 - apart)
    return ground


@compiled
def under_both(a: Floats, count_a: int, b: Floats, count_b: int) -> float:
    """Sum the signed ground under both edges over all pairs of edges."""
    if count_a * count_b >= MANY:
        return under_many(a, count_a, b, count_b)
    total = 0.0
    for i in range(count_a):
        for j in range(count_b):
            total += under_two(a, i, b, j)
    return total / 4


@compiled
def under_many(a: Floats, count_a: int, b: Floats, count_b: int) -> float:
    """The same sum for outlines of very many edges: they are taken from west to east, each with those still going on.

    Two outlines of 100,000 edges are 10,000,000,000 pairs, of which a few hundred thousand lie over one another.
    """
    order_a, order_b = np.argsort(a[:count_a, 0]), np.argsort(b[:count_b, 0])
    going_a, going_b = np.empty(count_a, np.int64), np.empty(count_b, np.int64)
    total, on_a, on_b, i, j = 0.0, 0, 0, 0, 0
    while i < count_a or j < count_b:
        if j == count_b or (i < count_a and a[order_a[i], 0] <= b[order_b[j], 0]):
            one, i = order_a[i], i + 1
            on_b = kept_on(b, going_b, on_b, a[one, 0])
            for at in range(on_b):
                total += under_two(a, one, b, going_b[at])
            going_a[on_a] = one
            on_a += 1
        else:
            one, j = order_b[j], j + 1
            on_a = kept_on(a, going_a, on_a, b[one, 0])
            for at in range(on_a):
                total += under_two(a, going_a[at], b, one)
            going_b[on_b] = one
            on_b += 1
    return total / 4


@compiled
def kept_on(edges: Floats, going: Starts, count: int, west: float) -> int:
    """Forget the edges that end before here; returns how many still go on."""
    kept = 0
    for at in range(count):
        if edges[going[at], 1] > west:
            going[kept] = going[at]
            kept += 1
    return kept


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
