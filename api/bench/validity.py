"""Work `validity`: which parcels break the rules of a polygon, bow-ties among them.

Every method gives a table of the numbers of the invalid ones. Loading the database is not counted; reading a file and
what an engine makes of it are. Methods "without reading" count the verdicts alone.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pyarrow.parquet
from numpy.typing import NDArray

from api.bench.ours import flat, read
from data.sql import read_sql
from geo.outlines import Outlines
from geo.validity import invalid

METHODS = {
    "dingxin": "api.bench.validity:from_parquet",
    "dingxin, from columns": "api.bench.validity:from_columns",
    "dingxin, without reading": "api.bench.validity:without_reading",
    "shapely is_valid": "api.bench.validity:shapely_is_valid",
    "shapely is_valid, without reading": "api.bench.validity:shapely_without_reading",
    "PostGIS ST_IsValid": "api.bench.validity:postgis_is_valid",
    "floor": "api.bench.validity:floor",
}
_COLUMNS = ("number", "xy", "rings", "parts", "features")


def prepare(folder: Path, size: int, url: str) -> None:
    """Store the fabric with its bow-ties, as a file and as a table, and its outlines as columns."""
    from api.bench.storage import store
    from data.samples.fabric import fabric

    store(folder, url, "parcels", np.arange(size), fabric(size).shapes)
    (folder / "database.txt").write_text(url, encoding="utf-8")
    numbers, outlines = read(folder / "parcels.parquet")
    columns = (numbers, outlines.xy, outlines.rings, outlines.parts, outlines.features)
    for name, column in zip(_COLUMNS, columns, strict=True):
        np.save(folder / f"{name}.npy", column)


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether two results name the same parcels."""
    return sorted(ours["number"]) == sorted(theirs["number"])


def from_parquet(folder: Path) -> pd.DataFrame:
    """Our check of parcels that lie in a file: each thread reads and judges some of its groups of rows."""
    groups = pyarrow.parquet.ParquetFile(folder / "parcels.parquet").num_row_groups
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return pd.concat(pool.map(partial(_invalid_in_group, folder), range(groups)), ignore_index=True)


def _invalid_in_group(folder: Path, group: int) -> pd.DataFrame:
    with pyarrow.parquet.ParquetFile(folder / "parcels.parquet") as file:
        numbers, outlines = flat(file.read_row_group(group, use_threads=False))
    return _table(numbers[invalid(outlines, threads=1)])


def from_columns(folder: Path) -> pd.DataFrame:
    """Our check of parcels that lie in columns."""
    numbers, outlines = _mapped(folder)
    return _table(numbers[invalid(outlines)])


def without_reading(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """Our check alone."""
    numbers, outlines = read(folder / "parcels.parquet")
    start = time.perf_counter()
    bad = invalid(outlines)
    return _table(numbers[bad]), [time.perf_counter() - start]


def shapely_is_valid(folder: Path) -> pd.DataFrame:
    """GEOS by shapely, on one thread."""
    frame = gpd.read_parquet(folder / "parcels.parquet")
    return _table(frame["number"].to_numpy()[~frame.geometry.is_valid.to_numpy()])


def shapely_without_reading(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """GEOS's verdicts alone, on one thread."""
    frame = gpd.read_parquet(folder / "parcels.parquet")
    start = time.perf_counter()
    bad = ~frame.geometry.is_valid.to_numpy()
    return _table(frame["number"].to_numpy()[bad]), [time.perf_counter() - start]


def postgis_is_valid(folder: Path) -> pd.DataFrame:
    """GEOS by PostGIS, with two workers."""
    with psycopg.connect((folder / "database.txt").read_text(encoding="utf-8")) as connection:
        connection.execute(read_sql("bench/two_workers.sql"))
        rows = connection.execute("SELECT number FROM parcels WHERE NOT ST_IsValid(geometry)").fetchall()
    return _table(np.array(rows, dtype=np.int64).ravel())


def floor(folder: Path) -> pd.DataFrame:
    """The columns read and each coordinate touched."""
    numbers, outlines = _mapped(folder)
    return _table(numbers[np.isnan(outlines.xy.sum(keepdims=True)).nonzero()[0]])


def _mapped(folder: Path) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of the columns, mapped into memory."""
    numbers, *columns = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in _COLUMNS)
    return numbers, Outlines(*columns)


def _table(numbers: NDArray[np.integer]) -> pd.DataFrame:
    return pd.DataFrame({"number": numbers})
