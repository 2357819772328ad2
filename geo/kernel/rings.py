"""Boxes, areas and the sense of rings."""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]


@compiled
def boxes(xy: Floats, rings: Starts, spans: Starts, out: Floats, start: int, stop: int) -> None:
    """Write west, south, east, north of the vertices of some features; NaN where there are none."""
    for feature in range(start, stop):
        first, end = rings[spans[feature]], rings[spans[feature + 1]]
        if first == end:
            out[feature] = np.nan
            continue
        west, south = xy[first, 0], xy[first, 1]
        east, north = west, south
        for at in range(first + 1, end):
            x, y = xy[at, 0], xy[at, 1]
            west, east = min(west, x), max(east, x)
            south, north = min(south, y), max(north, y)
        out[feature, 0], out[feature, 1], out[feature, 2], out[feature, 3] = west, south, east, north


@compiled
def slants(xy: Floats, rings: Starts, spans: Starts, out: Floats, start: int, stop: int) -> None:
    """Write least and most of x + y and of x - y of some features, wider by what rounding may take; NaN for none."""
    for feature in range(start, stop):
        first, end = rings[spans[feature]], rings[spans[feature + 1]]
        if first == end:
            out[feature] = np.nan
            continue
        x, y = xy[first, 0], xy[first, 1]
        low_u, low_v, room = x + y, x - y, (abs(x) + abs(y)) * 2.0**-52
        high_u, high_v = low_u, low_v
        for at in range(first + 1, end):
            u, v = xy[at, 0] + xy[at, 1], xy[at, 0] - xy[at, 1]
            low_u, high_u = min(low_u, u), max(high_u, u)
            low_v, high_v = min(low_v, v), max(high_v, v)
        out[feature, 0], out[feature, 1] = low_u - room, high_u + room
        out[feature, 2], out[feature, 3] = low_v - room, high_v + room


@compiled
def ring_area(xy: Floats, first: int, end: int) -> float:
    """Area of one ring, positive if it runs counter-clockwise; coordinates are taken from its first vertex."""
    if end - first < 4:
        return 0.0
    x0, y0 = xy[first, 0], xy[first, 1]
    total = 0.0
    for at in range(first + 1, end - 2):
        ax, ay = xy[at, 0] - x0, xy[at, 1] - y0
        bx, by = xy[at + 1, 0] - x0, xy[at + 1, 1] - y0
        total += ax * by - bx * ay
    return total / 2


@compiled
def areas(xy: Floats, rings: Starts, spans: Starts, features: Starts) -> Floats:
    """Area of some features whose shells run counter-clockwise and holes clockwise."""
    out = np.zeros(len(features))
    for at in range(len(features)):
        for ring in range(spans[features[at]], spans[features[at] + 1]):
            out[at] += ring_area(xy, rings[ring], rings[ring + 1])
    return out


@compiled
def orient(xy: Floats, rings: Starts, parts: Starts) -> None:
    """Turn, in place, every shell that runs clockwise and every hole that does not; first vertices stay first."""
    for part in range(len(parts) - 1):
        for ring in range(parts[part], parts[part + 1]):
            first, end = rings[ring], rings[ring + 1]
            area = ring_area(xy, first, end)
            if area < 0.0 if ring == parts[part] else area > 0.0:
                low, high = first + 1, end - 2
                while low < high:
                    for axis in range(2):
                        xy[low, axis], xy[high, axis] = xy[high, axis], xy[low, axis]
                    low += 1
                    high -= 1
