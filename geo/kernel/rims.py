"""The rims of what no feature covers: edges that nobody shares, and the rings that they make.

Every ring has its own ground to the left. An edge that two features share is there in both directions, and both fall
away; what is left bounds ground that is nobody's, on its right.
"""

import math

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Truths = NDArray[np.bool_]

_ONE, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(32)


@compiled
def bucket(one: np.uint64, other: np.uint64, mask: int) -> int:
    """Where in a table of `mask` + 1 places two words belong."""
    mixed = (one * _ONE) ^ (other * _OTHER)
    mixed ^= mixed >> _HALF
    return int(np.int64(mixed & np.uint64(mask)))


@compiled
def places_for(many: int) -> int:
    """A power of two that leaves half of a table empty."""
    size = 2
    while size < 2 * many:
        size *= 2
    return size


@compiled
def same_points(xy: Floats) -> Starts:
    """Give each vertex the number of the first one with the same coordinates; one that is not finite is its own."""
    size = places_for(len(xy))
    table, out = np.full(size, -1, dtype=np.int64), np.arange(len(xy))
    for at in range(len(xy)):
        x, y = xy[at, 0] + 0.0, xy[at, 1] + 0.0
        if x - x != 0.0 or y - y != 0.0:
            continue
        place = bucket(np.float64(x).view(np.uint64), np.float64(y).view(np.uint64), size - 1)
        while table[place] >= 0:
            other = table[place]
            if xy[other, 0] == x and xy[other, 1] == y:
                out[at] = other
                break
            place = (place + 1) & (size - 1)
        else:
            table[place] = at
    return out


@compiled
def merged(xy: Floats, node: Starts, one: Starts, other: Starts) -> None:
    """Make one node, in place, of each two vertices that are to be one: the most western one gives the place."""
    for pair in range(len(one)):
        a, b = root(node, one[pair]), root(node, other[pair])
        if a == b:
            continue
        if xy[b, 0] < xy[a, 0] or (xy[b, 0] == xy[a, 0] and xy[b, 1] < xy[a, 1]):
            a, b = b, a
        node[b] = a
    for at in range(len(node)):
        node[at] = root(node, at)


@compiled
def root(node: Starts, at: int) -> int:
    """The node that a vertex has come to be, with the way to it made shorter."""
    while node[at] != at:
        node[at] = node[node[at]]
        at = node[at]
    return at


@compiled
def half_edges(
    rings: Starts, spans: Starts, node: Starts, cut: Starts, by: Starts, start: Starts, end: Starts, whose: Starts
) -> int:
    """Write every edge from node to node with the feature to its left; returns how many there are.

    `cut` are edges, by their first vertex and in rising order, that are cut at the nodes of the vertices `by`.
    """
    count, place = 0, 0
    for feature in range(len(spans) - 1):
        for ring in range(spans[feature], spans[feature + 1]):
            for at in range(rings[ring], rings[ring + 1] - 1):
                last = node[at]
                while place < len(cut) and cut[place] == at:
                    middle = node[by[place]]
                    place += 1
                    if middle != last:
                        start[count], end[count], whose[count] = last, middle, feature
                        last = middle
                        count += 1
                if node[at + 1] != last:
                    start[count], end[count], whose[count] = last, node[at + 1], feature
                    count += 1
    return count


@compiled
def unshared(start: Starts, end: Starts) -> Truths:
    """Tell of each edge whether it is the first of its kind and none runs the other way."""
    many = len(start)
    size = places_for(many)
    table, out = np.full(size, -1, dtype=np.int64), np.zeros(many, dtype=np.bool_)
    for at in range(many):
        place = found(table, start, end, start[at], end[at])
        if table[place] < 0:
            table[place] = at
            out[at] = True
    for at in range(many):
        if out[at] and table[found(table, start, end, end[at], start[at])] >= 0:
            out[at] = False
    return out


@compiled
def found(table: Starts, start: Starts, end: Starts, one: int, other: int) -> int:
    """The place of an edge in a table of edges, or the free place where it belongs."""
    mask = len(table) - 1
    place = bucket(np.uint64(one), np.uint64(other), mask)
    while table[place] >= 0:
        if start[table[place]] == one and end[table[place]] == other:
            return place
        place = (place + 1) & mask
    return place


@compiled
def onward(xy: Floats, start: Starts, end: Starts, order: Starts, by: Starts, edge: int) -> int:
    """The edge that goes on with nobody's ground to its left: the first one clockwise from where `edge` came from.

    `order` are the edges by their start, `by` these starts.
    """
    at = end[edge]
    first, last = np.searchsorted(by, at, side="left"), np.searchsorted(by, at, side="right")
    if last - first == 1:
        return int(order[first])
    best, least = -1, np.inf
    bx, by_ = xy[start[edge], 0] - xy[at, 0], xy[start[edge], 1] - xy[at, 1]
    for place in range(first, last):
        other = order[place]
        ax, ay = xy[end[other], 0] - xy[at, 0], xy[end[other], 1] - xy[at, 1]
        turned = -math.atan2(bx * ay - by_ * ax, bx * ax + by_ * ay)
        if turned <= 0.0:
            turned += 2 * math.pi
        if turned < least:
            best, least = other, turned
    return best


@compiled
def small_rims(
    xy: Floats, start: Starts, end: Starts, order: Starts, by: Starts, most_m2: float, most_m: float, out: Starts
) -> Starts:
    """Follow edges with nobody's ground to the left into rings, and keep those round little of it.

    Kept are rings of less than `most_m2` that are less than `most_m` wide on average; `out` takes their edges one
    behind the other. Returns where each begins in `out`, with the end of the last one behind it.
    """
    seen = np.zeros(len(start), dtype=np.bool_)
    begins = np.zeros(len(start) + 1, dtype=np.int64)
    kept, filled = 0, 0
    for first in range(len(start)):
        if seen[first]:
            continue
        edge, many = first, filled
        area, length = 0.0, 0.0
        x0, y0 = xy[start[first], 0], xy[start[first], 1]
        while edge >= 0 and not seen[edge]:
            seen[edge] = True
            out[many] = edge
            many += 1
            ax, ay = xy[start[edge], 0] - x0, xy[start[edge], 1] - y0
            bx, by_ = xy[end[edge], 0] - x0, xy[end[edge], 1] - y0
            area += (ax * by_ - bx * ay) / 2
            length += math.sqrt((bx - ax) ** 2 + (by_ - ay) ** 2)
            edge = onward(xy, start, end, order, by, edge)
        # a ring that runs into another one is none: features overlap there
        if edge == first and 0.0 < area < most_m2 and 2 * area < most_m * length:
            filled = many
            kept += 1
            begins[kept] = filled
    return begins[: kept + 1]
