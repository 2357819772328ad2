"""shapely on one thread, its shapes read from Parquet; threads and processes were no faster."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2


def pairs_best(folder: Path) -> pd.DataFrame:
    """Boxes by the tree, their common area first, prepared predicates that refuse touching neighbours, then the cut."""
    numbers, shapes = _read(folder, "parcels")
    one, other = shapely.STRtree(shapes).query(shapes)
    one, other = _broad(shapes, one[one < other], other[one < other])
    shapely.prepare(shapes)
    meet = shapely.intersects(shapes[one], shapes[other])
    one, other = one[meet], other[meet]
    share = ~shapely.touches(shapes[one], shapes[other])
    return _cut(numbers, shapes, one[share], numbers, shapes, other[share], THRESHOLD_M2)


def pairs_naive(folder: Path) -> pd.DataFrame:
    """The tree asked for what intersects, then the cut."""
    numbers, shapes = _read(folder, "parcels")
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = one < other
    return _cut(numbers, shapes, one[once], numbers, shapes, other[once], THRESHOLD_M2)


def survey(folder: Path) -> pd.DataFrame:
    """The tree asked for what intersects, then the cut; to look for covered parcels first costs what it saves."""
    parcels, shapes = _read(folder, "parcels")
    polygons, grounds = _read(folder, "survey")
    j, i = shapely.STRtree(shapes).query(grounds, predicate="intersects")
    return _cut(parcels, shapes, i, polygons, grounds, j, MORE_THAN_M2)


def _read(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    frame = gpd.read_parquet(folder / f"{name}.parquet")
    return frame["number"].to_numpy(), frame.geometry.to_numpy()


def _broad(shapes: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep the pairs whose boxes have more ground in common than the threshold."""
    bounds = shapely.bounds(shapes)
    low, high = np.maximum(bounds[one, :2], bounds[other, :2]), np.minimum(bounds[one, 2:], bounds[other, 2:])
    keep = (high - low).prod(axis=1) > THRESHOLD_M2
    return one[keep], other[keep]


def _cut(
    numbers_a: np.ndarray,
    a: np.ndarray,
    one: np.ndarray,
    numbers_b: np.ndarray,
    b: np.ndarray,
    other: np.ndarray,
    more_than_m2: float,
) -> pd.DataFrame:
    """The pairs that share more than some ground, by the area of the cut."""
    m2 = shapely.area(shapely.intersection(a[one], b[other]))
    keep = m2 > more_than_m2
    return pd.DataFrame({"i": numbers_a[one[keep]], "j": numbers_b[other[keep]], "m2": m2[keep]})
