"""The waist: which features stand on the same ground, and how much of it. It knows no threshold and no law."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.model import Shapes
from geo.shapes import areas, moved, origins, polygonal

Indices = NDArray[np.intp]


def shared_ground(
    a: Shapes,
    refs_a: NDArray[np.object_],
    b: Shapes | None = None,
    refs_b: NDArray[np.object_] | None = None,
) -> pd.DataFrame:
    """Find every pair of valid polygons that share ground.

    Without `b`, unordered pairs within `a`, the lower reference first; with `b`, pairs across. Returns row_a, row_b
    (positions), shared_m2, area_a, area_b, and the cut in coordinates whose origin is the first vertex of side a
    (columns cut, x0, y0), so that the area is bit for bit the same whole, tiled and shuffled.
    """
    within = b is None or refs_b is None
    if b is None or refs_b is None:
        b, refs_b = a, refs_a
    row_a, row_b = _candidates(a, b, within)
    if within:
        swap = refs_a[row_a] > refs_b[row_b]
        row_a, row_b = np.where(swap, row_b, row_a), np.where(swap, row_a, row_b)
    origin = origins(a[row_a])
    cuts = polygonal(shapely.intersection(moved(a[row_a], -origin), moved(b[row_b], -origin)))
    pairs = pd.DataFrame(
        {
            "row_a": row_a,
            "row_b": row_b,
            "shared_m2": shapely.area(cuts),
            "area_a": areas(a)[row_a],
            "area_b": areas(b)[row_b],
            "cut": cuts,
            "x0": origin[:, 0],
            "y0": origin[:, 1],
        }
    )
    return pairs[pairs["shared_m2"] > 0].sort_values(["row_a", "row_b"], ignore_index=True)


def on_the_ground(pairs: pd.DataFrame) -> Shapes:
    """Give the cuts of a table of pairs at their place."""
    return moved(pairs["cut"].to_numpy(dtype=object), pairs[["x0", "y0"]].to_numpy(dtype=float))


def _candidates(a: Shapes, b: Shapes, within: bool) -> tuple[Indices, Indices]:
    """Pairs whose interiors meet: boxes first, then prepared predicates that leave touching neighbours out."""
    row_a, row_b = shapely.STRtree(b).query(a)
    if within:
        once = row_a < row_b
        row_a, row_b = row_a[once], row_b[once]
    low = np.maximum(shapely.bounds(a)[row_a][:, :2], shapely.bounds(b)[row_b][:, :2])
    high = np.minimum(shapely.bounds(a)[row_a][:, 2:], shapely.bounds(b)[row_b][:, 2:])
    broad = ((high - low) > 0).all(axis=1)
    row_a, row_b = row_a[broad], row_b[broad]
    shapely.prepare(a)
    meet = shapely.intersects(a[row_a], b[row_b])
    row_a, row_b = row_a[meet], row_b[meet]
    apart = shapely.touches(a[row_a], b[row_b])
    return row_a[~apart], row_b[~apart]
