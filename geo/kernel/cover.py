"""Points near points of another set, and edges along which other edges run."""

import math

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled
from geo.kernel.rims import bucket, places_for

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]
Rows = NDArray[np.int32]


@compiled
def cell(value: float, width: float) -> np.uint64:
    """The cell of an axis that a coordinate lies in."""
    return np.uint64(np.int64(math.floor(value / width)))


@compiled
def nearest_points(xy: Floats, points: Floats, within: float) -> Starts:
    """Find for each vertex the nearest point no further off than `within`, to a micrometre; -1 for none."""
    out = np.full(len(xy), -1, dtype=np.int64)
    size = places_for(len(points))
    first, following = np.full(size, -1, dtype=np.int64), np.full(len(points), -1, dtype=np.int64)
    width = within + 1e-6
    for at in range(len(points)):
        if not (abs(points[at, 0]) < 1e12 and abs(points[at, 1]) < 1e12):
            continue
        place = bucket(cell(points[at, 0], width), cell(points[at, 1], width), size - 1)
        following[at], first[place] = first[place], at
    for at in range(len(xy)):
        if not (abs(xy[at, 0]) < 1e12 and abs(xy[at, 1]) < 1e12):
            continue
        least = np.inf
        for right in range(-1, 2):
            for up in range(-1, 2):
                place = bucket(cell(xy[at, 0] + right * width, width), cell(xy[at, 1] + up * width, width), size - 1)
                other = first[place]
                while other >= 0:
                    dx, dy = points[other, 0] - xy[at, 0], points[other, 1] - xy[at, 1]
                    if abs(dx) <= width and abs(dy) <= width:
                        apart = round(math.sqrt(dx * dx + dy * dy), 6)
                        if apart <= within and (apart < least or (apart == least and other < out[at])):
                            least, out[at] = apart, other
                    other = following[other]
    return out


@compiled
def run_along(edge: Floats, line: Floats, within: float) -> tuple[float, float]:
    """Where, in metres from its beginning, an edge has a straight line beside it no further off than `within`.

    Both are x, y of two ends. From > to: nowhere.
    """
    ux, uy = edge[2] - edge[0], edge[3] - edge[1]
    length = math.sqrt(ux * ux + uy * uy)
    ux, uy = ux / length, uy / length
    cx, cy, dx, dy = line[0] - edge[0], line[1] - edge[1], line[2] - edge[0], line[3] - edge[1]
    near, far = cx * ux + cy * uy, dx * ux + dy * uy
    off_near, off_far = cy * ux - cx * uy, dy * ux - dx * uy
    if far < near:
        near, far, off_near, off_far = far, near, off_far, off_near
    low, high = max(near, 0.0), min(far, length)
    if not high > low:
        return 1.0, 0.0
    slope = (off_far - off_near) / (far - near)
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
def left_bare(edges: Floats, lines: Floats, which: Rows, beside: Rows, within: float) -> Floats:
    """How many metres of each edge no line runs along; stretches no longer than `within` are none.

    `which` are edges in rising order, `beside` a line that may run along each.
    """
    out, place = np.zeros(len(edges)), 0
    lows, highs = np.empty(len(lines) + 1), np.empty(len(lines) + 1)
    for edge in range(len(edges)):
        many = 0
        while place < len(which) and which[place] == edge:
            low, high = run_along(edges[edge], lines[beside[place]], within)
            place += 1
            if low > high:
                continue
            at = many
            while at > 0 and lows[at - 1] > low:
                lows[at], highs[at] = lows[at - 1], highs[at - 1]
                at -= 1
            lows[at], highs[at] = low, high
            many += 1
        reached = 0.0
        for at in range(many):
            if lows[at] - reached > within:
                out[edge] += lows[at] - reached
            reached = max(reached, highs[at])
        length = math.sqrt((edges[edge, 2] - edges[edge, 0]) ** 2 + (edges[edge, 3] - edges[edge, 1]) ** 2)
        if length - reached > within:
            out[edge] += length - reached
    return out
