"""Vertices of one feature near the vertices and the edges of another."""

import math

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled
from geo.kernel.corners import distance

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Rows = NDArray[np.int32]


@compiled
def vertices_in(xy: Floats, rings: Starts, first: int, end: int, window: Floats, out: Starts) -> int:
    """Collect the vertices of some rings in a window, the closing ones left out; returns how many there are."""
    count = 0
    for ring in range(first, end):
        for at in range(rings[ring], rings[ring + 1] - 1):
            x, y = xy[at, 0], xy[at, 1]
            if window[0] <= x <= window[2] and window[1] <= y <= window[3]:
                out[count] = at
                count += 1
    return count


@compiled
def edges_in(xy: Floats, rings: Starts, first: int, end: int, window: Floats, out: Starts) -> int:
    """Collect the edges of some rings whose box meets a window, by their first vertex; returns how many there are."""
    count = 0
    for ring in range(first, end):
        for at in range(rings[ring], rings[ring + 1] - 1):
            ax, ay, bx, by = xy[at, 0], xy[at, 1], xy[at + 1, 0], xy[at + 1, 1]
            if max(ax, bx) < window[0] or min(ax, bx) > window[2]:
                continue
            if max(ay, by) < window[1] or min(ay, by) > window[3]:
                continue
            out[count] = at
            count += 1
    return count


@compiled
def nearest(xy: Floats, who: Starts, many: int, others: Starts, so_many: int, within: float, to: Starts) -> None:
    """Note of each vertex which of the others is the nearest, and no further off than `within`; -1 for none."""
    for one in range(many):
        at, best = who[one], np.inf
        to[one] = -1
        for other in range(so_many):
            dx, dy = abs(xy[others[other], 0] - xy[at, 0]), abs(xy[others[other], 1] - xy[at, 1])
            if dx > within + 1e-6 or dy > within + 1e-6:
                continue
            apart = distance(xy, at, others[other])
            if apart <= within and apart < best:
                best = apart
                to[one] = other


@compiled
def off_edge(xy: Floats, at: int, edge: int) -> float:
    """How far a vertex lies off the inner part of an edge, to a micrometre; infinitely where its foot is no part."""
    ux, uy = xy[edge + 1, 0] - xy[edge, 0], xy[edge + 1, 1] - xy[edge, 1]
    px, py = xy[at, 0] - xy[edge, 0], xy[at, 1] - xy[edge, 1]
    length, along = ux * ux + uy * uy, ux * px + uy * py
    if not 0.0 < along < length:
        return np.inf
    off: float = round(abs(ux * py - uy * px) / math.sqrt(length), 6)
    return off


@compiled
def on_edges(
    xy: Floats, who: Starts, to: Starts, many: int, edges: Starts, so_many: int, within: float, out: Floats, count: int
) -> int:
    """Note the vertices that lie near an edge and near none of its feature's vertices; returns how many are noted now.

    Rows of `out`: vertex, the nearest edge by its first vertex, metres off. What there is no room for is only counted.
    """
    for one in range(many):
        if to[one] >= 0:
            continue
        at, best, least = who[one], -1, np.inf
        x, y = xy[at, 0], xy[at, 1]
        for place in range(so_many):
            edge = edges[place]
            if max(xy[edge, 0], xy[edge + 1, 0]) < x - within or min(xy[edge, 0], xy[edge + 1, 0]) > x + within:
                continue
            if max(xy[edge, 1], xy[edge + 1, 1]) < y - within or min(xy[edge, 1], xy[edge + 1, 1]) > y + within:
                continue
            off = off_edge(xy, at, edge)
            if off <= within and off < least:
                best, least = edge, off
        if best >= 0:
            if count < len(out):
                out[count, 0], out[count, 1], out[count, 2] = at, best, least
            count += 1
    return count


@compiled
def near(
    xy: Floats,
    rings: Starts,
    spans: Starts,
    boxes: Floats,
    rows_a: Rows,
    rows_b: Rows,
    within: float,
    most: int,
    nodes: Floats,
    on: Floats,
) -> tuple[int, int]:
    """Look at pairs of features: whose vertices are near each other but not the same, or near an edge.

    Rows of `nodes`: two vertices, metres apart; each is the other's nearest. Rows of `on`: see `on_edges`, for both
    sides of a pair. Returns how many there are of either; what there is no room for is only counted.
    """
    count_nodes, count_on = 0, 0
    window = np.empty(4)
    room = np.empty((5, most), np.int64)
    a, b, edges, to_b, to_a = room[0], room[1], room[2], room[3], room[4]
    for pair in range(len(rows_a)):
        one, other = rows_a[pair], rows_b[pair]
        for axis in range(2):
            window[axis] = max(boxes[one, axis], boxes[other, axis]) - within
            window[axis + 2] = min(boxes[one, axis + 2], boxes[other, axis + 2]) + within
        many_a = vertices_in(xy, rings, spans[one], spans[one + 1], window, a)
        many_b = vertices_in(xy, rings, spans[other], spans[other + 1], window, b)
        nearest(xy, a, many_a, b, many_b, within, to_b)
        nearest(xy, b, many_b, a, many_a, within, to_a)
        for at in range(many_a):
            if to_b[at] < 0 or to_a[to_b[at]] != at:
                continue
            apart = distance(xy, a[at], b[to_b[at]])
            if apart > 0.0:
                if count_nodes < len(nodes):
                    nodes[count_nodes, 0], nodes[count_nodes, 1], nodes[count_nodes, 2] = a[at], b[to_b[at]], apart
                count_nodes += 1
        if many_a > 0:
            so_many = edges_in(xy, rings, spans[other], spans[other + 1], window, edges)
            count_on = on_edges(xy, a, to_b, many_a, edges, so_many, within, on, count_on)
        if many_b > 0:
            so_many = edges_in(xy, rings, spans[one], spans[one + 1], window, edges)
            count_on = on_edges(xy, b, to_a, many_b, edges, so_many, within, on, count_on)
    return count_nodes, count_on
