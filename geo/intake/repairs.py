"""Repairs proposed for shapes that are stored though invalid: made where the file is read, accepted by people only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.model import Shapes

#: The layers whose shapes are people's land.
LAYERS: Final = ("parcel", "reserved")
#: So many repairs are proposed for one layer.
MOST: Final = 2_000
#: A shape of n vertices crosses itself up to n²/2 times, and each crossing costs (measured: about 2 µs for each n²).
#: No shape has more vertices, and no layer costs more, than these: some seconds, some tens of them at worst.
MOST_VERTICES: Final = 1_000
MOST_CROSSINGS: Final = 10_000_000


@dataclass(frozen=True)
class Repair:
    """A shape as delivered and as it would be repaired, in well-known binary; areas (m²) only in a metric system."""

    row: int
    code: str
    area_before_m2: float | None
    area_after_m2: float | None
    delivered: bytes
    repaired: bytes


class Proposing:
    """Looks at the rows of a layer as they go by, and proposes repairs until that becomes too much work."""

    def __init__(self, layer: str):
        self._wanted, self._left = layer in LAYERS, MOST_CROSSINGS
        self.repairs: list[Repair] = []

    def watched(self, stretches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """The same stretches; what they hold of invalid shapes is in `repairs` once they went by."""
        for frame in stretches:
            if self._wanted and isinstance(frame, gpd.GeoDataFrame) and "code" in frame.columns:
                self._look(frame)
            yield frame

    def _look(self, frame: gpd.GeoDataFrame) -> None:
        shapes = frame.geometry.to_numpy()
        is_metric = frame.crs is not None and frame.crs.is_projected
        for at in np.flatnonzero(_invalid(shapes)):
            vertices = int(shapely.count_coordinates(shapes[at]))
            if len(self.repairs) == MOST or vertices > MOST_VERTICES or vertices**2 > self._left:
                continue
            self._left -= vertices**2
            if (repaired := _mended(shapes[at])) is not None:
                before, after = (float(shapely.area(shape)) if is_metric else None for shape in (shapes[at], repaired))
                told = int(frame["row"].iloc[at]), str(frame["code"].iloc[at])
                self.repairs.append(Repair(*told, before, after, shapely.to_wkb(shapes[at]), shapely.to_wkb(repaired)))


def _mended(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Make a shape valid (structure method, collapsed parts dropped); None where nothing of it would be left."""
    try:
        repaired = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    except shapely.GEOSException:
        return None
    return None if repaired.is_empty else repaired


def _invalid(shapes: Shapes) -> NDArray[np.bool_]:
    """Which shapes GEOS calls invalid; of a stretch over which it stumbles, each is asked for by itself."""
    try:
        return ~np.asarray(shapely.is_valid(shapes), dtype=np.bool_)
    except shapely.GEOSException:
        if len(shapes) == 1:
            return np.ones(1, dtype=np.bool_)
        return np.concatenate([_invalid(half) for half in np.array_split(shapes, 2)])
