"""What may be odd about one outline by itself: sharp corners, crowded vertices, boundaries that run back, thinness.

Each function takes outlines (m) and answers with a frame of what it found: its index are positions of features, `place`
is the very spot. Shapes that are missing or broken have nothing of the kind, and nothing is raised for them.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.engines.local import in_parts
from geo.kernel import corners, folds
from geo.outlines import Outlines

Floats = NDArray[np.float64]


def sharp_corners(outlines: Outlines, limit_deg: float, arm_m: float) -> pd.DataFrame:
    """Find corners whose angle, inside the feature or outside of it, is below a limit: corners, angle_deg, place.

    An angle is told by vertices that are at least `arm_m` off, so that crowded vertices make no corners. The sharpest
    corner is the one described.
    """
    found = _found(outlines, 4, lambda out, a, b: corners.sharp_corners(*_flat(outlines), limit_deg, arm_m, out, a, b))
    return _table(found, {"corners": 0, "angle_deg": 1}, 2)


def crowded_vertices(outlines: Outlines, within_m: float, same_m: float) -> pd.DataFrame:
    """Find vertices of one feature nearer to each other than `within_m`: pairs, distance_m, place (of the nearest two).

    Vertices that follow each other count down to no distance at all; others only from `same_m`, since a hole may touch
    its shell in a point.
    """
    found = _found(outlines, 5, lambda out, a, b: corners.near_vertices(*_flat(outlines), within_m, same_m, out, a, b))
    return _table(found, {"pairs": 0, "distance_m": 1}, 2)


def folded_boundaries(outlines: Outlines, within_m: float, least_m: float, parallel_deg: float) -> pd.DataFrame:
    """Find boundaries that run back along themselves: folds, length_m, place (the middle of the longest run).

    Two edges do where they run against each other (to `parallel_deg`) no further apart than `within_m`, over a length
    of at least `least_m`. Edges that meet in a corner do only if they stay so near to the end of the shorter one.
    """
    flat = float(np.cos(np.radians(parallel_deg)))
    found = _found(outlines, 4, lambda out, a, b: folds.folds(*_flat(outlines), within_m, least_m, flat, out, a, b))
    return _table(found, {"folds": 0, "length_m": 1}, 2)


def thinness(outlines: Outlines) -> pd.DataFrame:
    """Tell mean width 2A/P (m) and roundness 4πA/P² of every feature: mean_width_m, roundness; NaN for no ground."""
    length = _found(outlines, None, lambda out, a, b: folds.perimeters(*_flat(outlines), out, a, b))
    area = outlines.areas
    with np.errstate(invalid="ignore", divide="ignore"):
        width, roundness = 2 * area / length, 4 * np.pi * area / length**2
    return pd.DataFrame({"mean_width_m": np.round(width, 6), "roundness": np.round(roundness, 6)})


def _flat(outlines: Outlines) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    return outlines.xy, outlines.rings, outlines.spans


def _found(outlines: Outlines, columns: int | None, loop: Callable[[Floats, int, int], None]) -> Floats:
    """Some numbers of every feature, by all cores."""
    out = np.zeros(len(outlines) if columns is None else (len(outlines), columns))
    in_parts(lambda start, end: loop(out, start, end), len(outlines))
    return out


def _table(found: Floats, columns: dict[str, int], at: int) -> pd.DataFrame:
    """The features of which something was found: the first column is how many."""
    rows = np.flatnonzero(found[:, 0])
    table = pd.DataFrame({name: found[rows, column] for name, column in columns.items()}, index=rows)
    table[next(iter(columns))] = found[rows, 0].astype(np.int64)
    return table.assign(place=shapely.points(found[rows, at], found[rows, at + 1]))
