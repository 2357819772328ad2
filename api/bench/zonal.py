"""Work `zonal`: which share of each parcel lies on which class of a raster of pixels of 1.69 m.

The raster is 10,000 pixels wide for 100,000 parcels, and its area grows with their number. Every method reads parcels
and raster and gives a table of number, class, share of what lies on valid pixels.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.features import rasterize
from rasterio.transform import from_origin

from api.bench.ours import read
from api.bench.storage import CRS as SRID
from api.bench.storage import store_fabric
from geo.imagery.shares import class_shares

METHODS = {
    "dingxin": "api.bench.zonal:ours",
    "exactextract": "api.bench.zonal:exactextract_by_feature",
    "exactextract, by raster": "api.bench.zonal:exactextract_by_raster",
    "rasterio rasterize + bincount": "api.bench.zonal:rasterize_and_count",
    "rasterstats": "api.bench.zonal:rasterstats_categorical",
    "floor": "api.bench.zonal:floor",
}
BEYOND = {"rasterstats": (100_000, "takes half a minute for every 10k parcels; compare at 100k")}
#: Shares are the same within this.
CLOSE = 1e-4
NODATA, CLASSES = 0, 6
_PIXEL_M = 1.69
#: Pixels from one random value of the field to the next: classes lie in blobs of this size.
_BLOB = 40
_ROWS_AT_ONCE = 1024


def prepare(folder: Path, size: int, url: str) -> None:
    """Store the fabric of parcels, and write a raster of classes and of some ground without data over it."""
    store_fabric(folder, url, size)
    west, south, east, north = gpd.read_parquet(folder / "parcels.parquet").total_bounds
    side = round(10_000 * (size / 100_000) ** 0.5)
    half = side * _PIXEL_M / 2
    place = from_origin((west + east) / 2 - half, (south + north) / 2 + half, _PIXEL_M, _PIXEL_M)
    layout = {"driver": "GTiff", "tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}
    shape = {"width": side, "height": side, "count": 1, "dtype": "uint8", "nodata": NODATA}
    field = np.random.default_rng(1).random((side // _BLOB + 2, side // _BLOB + 2), dtype=np.float32)
    with rasterio.open(_raster(folder), "w", crs=SRID, transform=place, **shape, **layout) as raster:
        for row in range(0, side, _ROWS_AT_ONCE):
            rows = np.arange(row, min(row + _ROWS_AT_ONCE, side))
            classes = (_between(_between(field, rows).T, np.arange(side)).T * (CLASSES + 1)).astype(np.uint8)
            raster.write(classes, 1, window=((row, row + len(rows)), (0, side)))


def _between(field: NDArray[np.float32], rows: NDArray[np.integer]) -> NDArray[np.float32]:
    """Pixels along the first axis, evenly from each value of the field to the next."""
    low, part = rows // _BLOB, (rows % _BLOB / np.float32(_BLOB)).astype(np.float32)[:, None]
    return field[low] * (1 - part) + field[low + 1] * part


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether all shares are the same; a class that one does not list has none."""
    mine, other = (table.set_index(["number", "class"])["share"] for table in (ours, theirs))
    return bool(mine.sub(other, fill_value=0.0).abs().max() <= CLOSE)


def ours(folder: Path) -> pd.DataFrame:
    """The kernel, from Arrow's own buffers and the raster's blocks."""
    numbers, outlines = read(_parcels(folder))
    table = class_shares(outlines, CRS.from_epsg(SRID), _raster(folder))
    return table.assign(number=numbers[table["feature"]])[["number", "class", "share"]]


def exactextract_by_feature(folder: Path) -> pd.DataFrame:
    """exactextract as it runs by default, parcel by parcel."""
    return _exactextract(folder, "feature-sequential")


def exactextract_by_raster(folder: Path) -> pd.DataFrame:
    """exactextract the other way, block by block of the raster."""
    return _exactextract(folder, "raster-sequential")


def _exactextract(folder: Path, strategy: str) -> pd.DataFrame:
    from exactextract import exact_extract

    frame = gpd.read_parquet(_parcels(folder))
    columns = {"include_cols": ["number"], "output": "pandas"}
    table = exact_extract(_raster(folder), frame, ["unique", "frac"], strategy=strategy, **columns)
    told = table.explode(["unique", "frac"]).dropna().set_axis(["number", "class", "share"], axis=1)
    return told.astype({"class": np.int64, "share": float})


def rasterize_and_count(folder: Path) -> pd.DataFrame:
    """Burn each parcel's row into an array and count pairs of values; one parcel a pixel, by the pixel's middle."""
    frame = gpd.read_parquet(_parcels(folder))
    with rasterio.open(_raster(folder)) as raster:
        classes, place = raster.read(1), raster.transform
    labelled = zip(frame.geometry, range(1, len(frame) + 1), strict=True)
    rows = rasterize(labelled, classes.shape, transform=place, dtype=np.int32)
    pairs = rows * (CLASSES + 1) + classes
    counts = np.bincount(pairs.ravel(), minlength=(len(frame) + 1) * (CLASSES + 1)).reshape(-1, CLASSES + 1)[1:, 1:]
    row, column = np.nonzero(counts)
    share = counts[row, column] / counts.sum(axis=1)[row]
    return pd.DataFrame({"number": frame["number"].to_numpy()[row], "class": column + 1, "share": share})


def rasterstats_categorical(folder: Path) -> pd.DataFrame:
    """rasterstats' count by category, by the pixels' middles."""
    from rasterstats import zonal_stats

    frame = gpd.read_parquet(_parcels(folder))
    counts = pd.DataFrame(zonal_stats(frame, str(_raster(folder)), categorical=True), index=frame["number"])
    shares = counts.div(counts.sum(axis=1), axis=0).rename_axis(columns="class")
    told = shares.stack().dropna().rename("share").reset_index()
    return told[told["class"].isin(range(1, CLASSES + 1))]


def floor(folder: Path) -> pd.DataFrame:
    """Read the parcels and the raster, and nothing else."""
    read(_parcels(folder))
    with rasterio.open(_raster(folder)) as raster:
        raster.read(1)
    return pd.DataFrame()


def _parcels(folder: Path) -> Path:
    return folder / "parcels.parquet"


def _raster(folder: Path) -> Path:
    return folder / "classes.tif"
