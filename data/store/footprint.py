"""The ground that a survey covers: its features, and what lies between those that are near each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

#: A survey is complete between two of its features that are less than twice this far apart. Distant villages
#: delivered in one file say nothing of the ground between them.
REACH_M = 250.0
#: The ground is looked at in squares of this size, or in larger ones where it is too wide for so many.
SQUARE_M = 50.0
MOST_SQUARES = 4000


@dataclass(frozen=True)
class Footprint:
    """Squares of ground, true where the survey covers them."""

    covered: NDArray[np.bool_]
    x0: float
    y0: float
    square_m: float

    def covers(self, points: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Tell which points lie on covered ground."""
        if not len(points):
            return np.zeros(0, dtype=bool)
        column = np.floor((shapely.get_x(points) - self.x0) / self.square_m).astype(int)
        row = np.floor((shapely.get_y(points) - self.y0) / self.square_m).astype(int)
        height, width = self.covered.shape
        within = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        return within & self.covered[row.clip(0, height - 1), column.clip(0, width - 1)]


def footprint(shapes: NDArray[np.object_]) -> Footprint:
    """Cover every feature's box, and close gaps that are narrower than twice the reach."""
    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    square_m = max(SQUARE_M, (x1 - x0) / MOST_SQUARES, (y1 - y0) / MOST_SQUARES)
    reach = round(REACH_M / square_m)
    rim = (reach + 1) * square_m
    x0, y0 = x0 - rim, y0 - rim
    height, width = (int((side + rim) // square_m) + 1 for side in (y1 - y0, x1 - x0))
    marked = np.zeros((height, width), dtype=bool)
    corners = shapely.bounds(shapes) - [x0, y0, x0, y0]
    for left, low, right, high in (corners // square_m).astype(int).tolist():
        marked[low : high + 1, left : right + 1] = True
    return Footprint(~_grown(~_grown(marked, reach), reach), x0, y0, square_m)


def _grown(marked: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Mark all squares within reach of a marked one, along both axes."""
    for axis in (0, 1):
        grown = marked.copy()
        for step in range(1, min(reach, marked.shape[axis] - 1) + 1):
            ahead = [slice(None), slice(None)]
            behind = [slice(None), slice(None)]
            ahead[axis], behind[axis] = slice(step, None), slice(None, -step)
            grown[tuple(ahead)] |= marked[tuple(behind)]
            grown[tuple(behind)] |= marked[tuple(ahead)]
        marked = grown
    return marked
