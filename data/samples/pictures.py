"""Pictures of the sample township from above, drawn from its parcels and land cover: one before, one after, classes.

What was built on parcels stands in the later picture only, so that both, side by side, show what is suspected.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import Affine

from data.samples.township import CRS

#: What is drawn, with the day and kind that it is handed in with.
PICTURES: Final = {
    "before.tif": {"kind": "orthophoto", "taken_on": date(2023, 11, 8).isoformat()},
    "after.tif": {"kind": "orthophoto", "taken_on": date(2026, 1, 12).isoformat()},
    "cover.tif": {"kind": "classes", "taken_on": date(2025, 12, 31).isoformat()},
}
PIXEL_M: Final = 1.0
_MARGIN_M: Final = 20.0
_GRASS, _ROOF, _YARD = (126, 128, 92), (176, 92, 74), (196, 186, 168)
#: Crops by parcel: paddy, cane, vegetables, fallow.
_CROPS: Final = ((112, 142, 74), (96, 128, 58), (134, 150, 86), (166, 148, 104), (120, 152, 96), (148, 158, 108))
#: Land cover by the first two digits of its code; what is built is told by them.
_COVER: Final = {"10": (150, 148, 146), "11": (78, 104, 112), "12": (188, 186, 180), "06": (190, 188, 192)}
_BUILT: Final = ("06", "07", "1003")
#: Fields, gardens, woods and grass: there the crops of the parcels are seen.
_GROWN: Final = ("01", "02", "03", "04")
#: Furrows as wide as this in pixels, every other one lighter by so much.
_FURROW, _RIDGE = 5, 8

Pixels = NDArray[np.uint8]
Drawn = list[tuple[Any, int]]


def write_pictures(folder: Path, parcels: pd.DataFrame, cover: pd.DataFrame, buildings: pd.DataFrame) -> None:
    """Write the pictures into a folder: 1 m a pixel, the same bytes for the same township."""
    parcels = parcels[parcels["geometry"].notna()]
    west, south, east, north = shapely.total_bounds(parcels["geometry"].to_numpy(dtype=object))
    west, north = np.floor(west - _MARGIN_M), np.ceil(north + _MARGIN_M)
    size = (int(np.ceil((north - south + _MARGIN_M) / PIXEL_M)), int(np.ceil((east - west + _MARGIN_M) / PIXEL_M)))
    outlines = parcels["geometry"].to_numpy(dtype=object)
    codes = cover["DLBM"].astype(str)
    # a settlement was always there; what is built on a parcel is new
    fields = shapely.STRtree(outlines[shapely.is_valid(outlines)])
    fresh = codes.str.startswith(_BUILT).to_numpy() & _within(fields, cover)
    crops = _crops(size, west, north, parcels)
    for name, stands, roofs in (
        ("before.tif", cover[~fresh], buildings[~_within(fields, buildings)]),
        ("after.tif", cover, buildings),
    ):
        _write(folder / name, np.moveaxis(_built_over(crops, west, north, stands, roofs), 2, 0), west, north)
    classes = _burnt(((shape, 1) for shape in parcels["geometry"]), size, west, north)
    over = _burnt(zip(cover["geometry"], codes.str[:2].astype(int), strict=True), size, west, north)
    _write(folder / "cover.tif", np.where(over, over, classes)[None], west, north, nodata=0)


def _within(fields: shapely.STRtree, things: pd.DataFrame) -> NDArray[np.bool_]:
    """Which things stand on a field."""
    middles = shapely.point_on_surface(things["geometry"].to_numpy(dtype=object))
    return np.isin(np.arange(len(things)), fields.query(middles, predicate="within")[0])


def _crops(size: tuple[int, int], west: float, north: float, parcels: pd.DataFrame) -> Pixels:
    """Red, green and blue of fields in furrows, and of the grass between them: (rows, columns, 3)."""
    field = _burnt(((shape, at + 1) for at, shape in enumerate(parcels["geometry"])), size, west, north, "int32")
    colours = np.array([_GRASS, *(_CROPS[at * 7 % len(_CROPS)] for at in range(len(parcels)))], dtype=np.uint8)
    down, along = (one.astype(np.int16) for one in np.ogrid[: size[0], : size[1]])
    furrow = np.where(field % 2, down + along // 4, along + down // 3) // _FURROW % 2 == 1
    bands = colours[field]
    bands[furrow & (field > 0)] += _RIDGE
    return bands


def _built_over(crops: Pixels, west: float, north: float, cover: pd.DataFrame, roofs: pd.DataFrame) -> Pixels:
    """The fields with what covers them, and roofs."""
    bare = cover[~cover["DLBM"].astype(str).str.startswith(_GROWN)]
    over = [(shape, _COVER.get(code[:2], _YARD)) for shape, code in zip(bare["geometry"], bare["DLBM"], strict=True)]
    over += [(shape, _ROOF) for shape in roofs["geometry"]]
    on_top = _burnt(((shape, at + 1) for at, (shape, _) in enumerate(over)), crops.shape[:2], west, north, "int32")
    bands, covered = crops.copy(), on_top > 0
    bands[covered] = np.array([_GRASS, *(colour for _, colour in over)], dtype=np.uint8)[on_top[covered]]
    return bands


def _burnt(
    shapes: Iterable[tuple[Any, int]], size: tuple[int, int], west: float, north: float, kind: str = "uint8"
) -> NDArray[Any]:
    """Numbers of shapes where they lie, 0 elsewhere."""
    given = list(shapes)
    if not given:
        return np.zeros(size, dtype=kind)
    place = Affine(PIXEL_M, 0, west, 0, -PIXEL_M, north)
    return np.asarray(rasterize(given, out_shape=size, transform=place, fill=0, dtype=kind))


def _write(path: Path, bands: Pixels, west: float, north: float, **said: Any) -> None:
    """Write bands as a GeoTIFF in the system of the township."""
    count, high, wide = bands.shape
    place = Affine(PIXEL_M, 0, west, 0, -PIXEL_M, north)
    kept = {"compress": "DEFLATE", "predictor": 2, "tiled": True, "interleave": "pixel"}
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=wide,
        height=high,
        count=count,
        dtype="uint8",
        crs=CRS,
        transform=place,
        **kept,
        **said,
    ) as file:
        file.write(bands)
