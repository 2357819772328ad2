"""Small vectorised functions on arrays of shapes, in metres of one metric CRS."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.model import Shapes

#: What measures are rounded to before a gate, so that equality fires whatever the last bits of a coordinate are.
#: It is the accuracy promised across engines (m²).
AREA_DECIMALS = 6
SHARE_DECIMALS = 9
#: Tolerance of the largest circle inside a cut (m).
WIDTH_TOLERANCE_M = 0.001
#: A strip exactly as wide as the gate passes it. Coordinates of 4e7 m carry 1e-8 m of noise, and a buffer that leaves a
#: core under about 1e-5 m wide comes back empty from GEOS.
GATE_SLACK_M = 5e-5
#: A cut that has less than is known to be there by more than both of these was not made; the grid it is made again on.
LOST_SHARE, LOST_M2, GRID_M = 1e-6, 1e-3, 1e-9


def origins(shapes: Shapes) -> NDArray[np.float64]:
    """Give the first vertex of every shape as rows of x, y; NaN for an empty one."""
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    first = np.full((len(shapes), 2), np.nan)
    who, where = np.unique(owner, return_index=True)
    first[who] = coordinates[where]
    return first


def moved(shapes: Shapes, by: NDArray[np.float64]) -> Shapes:
    """Move every shape by its own row of dx, dy."""
    copies = shapely.force_2d(np.asarray(shapes, dtype=object))
    coordinates, owner = shapely.get_coordinates(copies, return_index=True)
    return np.asarray(shapely.set_coordinates(copies, coordinates + by[owner]), dtype=object)


def polygonal(shapes: Shapes) -> Shapes:
    """Keep the polygons of every shape, as one polygon or multipolygon; lines and points of a cut are no ground."""
    result = np.asarray(shapes, dtype=object).copy()
    mixed = ~np.isin(shapely.get_type_id(result), (3, 6))
    for at in np.flatnonzero(mixed):
        parts = [part for part in shapely.get_parts(result[at]) if part.geom_type in ("Polygon", "MultiPolygon")]
        result[at] = shapely.union_all(parts) if parts else shapely.Polygon()
    return result


def opened(shapes: Shapes, width_m: float) -> Shapes:
    """Keep of every shape what is at least so wide: shrunk by half the width, grown again, and cut to itself.

    Corners are mitred, so that a square of 1 m² stays one of 1 m²; the mathematical opening rounds them off. Lines and
    points are no ground; GEOS fails where nothing meets them.
    """
    if width_m <= 0:
        return shapes
    shapes = polygonal(shapes)
    half = (width_m - GATE_SLACK_M) / 2
    core = shapely.buffer(shapes, -half, join_style="mitre")
    grown = shapely.buffer(core, half, join_style="mitre")
    return in_common(grown, shapes, shapely.area(core))


def in_common(a: Shapes, b: Shapes, at_least_m2: NDArray[np.float64]) -> Shapes:
    """The common ground of shapes, of which so much is known to be there.

    GEOS may answer with points where two shapes are the same but for their last bits (seen in 3.14); such a cut, which
    has less than it must have, is made again on a grid of a nanometre.
    """
    common = polygonal(shapely.intersection(a, b))
    lost = shapely.area(common) < at_least_m2 * (1 - LOST_SHARE) - LOST_M2
    if lost.any():
        common[lost] = polygonal(shapely.intersection(a[lost], b[lost], grid_size=GRID_M))
    return common


def firm_area(shapes: Shapes, width_m: float) -> NDArray[np.float64]:
    """Area (m²) of what is at least `width_m` wide in each shape, rounded to 1e-6 m²."""
    different, each = _different(shapes)
    return np.asarray(np.round(shapely.area(opened(different, width_m)), AREA_DECIMALS)[each], dtype=np.float64)


def _different(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """The shapes that differ, and which of them each is: a parcel that comes a hundred times has 4,950 equal cuts."""
    each, _ = pd.factorize(np.asarray(shapely.to_wkb(shapes), dtype=object), use_na_sentinel=False)
    _, first = np.unique(each, return_index=True)
    return shapes[first], np.asarray(each, dtype=np.intp)


def inscribed_width(shapes: Shapes) -> NDArray[np.float64]:
    """Diameter (m) of the largest circle inside each shape, to 1 mm; 0 for an empty one."""
    widths = np.zeros(len(shapes))
    real = ~shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
    if real.any():
        different, each = _different(shapes[real])
        radii = shapely.maximum_inscribed_circle(different, tolerance=WIDTH_TOLERANCE_M)
        widths[real] = (2 * shapely.length(radii))[each]
    return np.asarray(np.round(widths, 3), dtype=np.float64)


def inside(shapes: Any) -> Shapes:
    """A point that lies inside each shape."""
    return np.asarray(shapely.point_on_surface(np.asarray(shapes, dtype=object)), dtype=object)
