"""What methods start from: the same shapes as Parquet, as kept outlines and as a PostGIS table, in Hilbert order."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import psycopg
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from data.sql import read_sql
from geo.crs import from_epsg
from geo.intake.flat import Flat, keep
from geo.outlines import outlines_of

CRS = 4525
#: Rows that engines which read a file in parallel hand to one thread.
ROW_GROUP = 25_000


def store(folder: Path, url: str, name: str, numbers: NDArray[np.integer], shapes: NDArray[np.object_]) -> None:
    """Write `name.parquet`, outlines kept as `name.arrow`, and the table `name` with its GiST index."""
    order = hilbert(shapes)
    numbers, shapes = numbers[order], shapes[order]
    frame = gpd.GeoDataFrame({"number": numbers}, geometry=shapes, crs=CRS)
    frame.to_parquet(folder / f"{name}.parquet", row_group_size=ROW_GROUP)
    codes = pa.nulls(len(numbers), pa.string())
    keep(folder / f"{name}.arrow", Flat(outlines_of(shapes), numbers, codes, numbers, from_epsg(CRS)))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(read_sql("bench/load.sql").format(table=name))
        with connection.cursor().copy(f"COPY {name} (number, geometry) FROM STDIN") as copy:
            for start in range(0, len(shapes), ROW_GROUP):
                part = slice(start, start + ROW_GROUP)
                for row in zip(numbers[part].tolist(), shapely.to_wkb(shapes[part], hex=True), strict=True):
                    copy.write_row(row)
        connection.execute(f"CREATE INDEX ON {name} USING gist (geometry)")
        connection.execute(f"VACUUM ANALYZE {name}")


def store_fabric(folder: Path, url: str, size: int) -> None:
    """Store the fabric as `parcels`, numbered by its rows, and the database's address for those who start from there.

    Every engine's pair check leaves invalid parcels out: they are the validity check's business.
    """
    from data.samples.fabric import fabric

    made = fabric(size)
    valid = np.setdiff1d(np.arange(size), made.invalid)
    store(folder, url, "parcels", valid, made.shapes[valid])
    (folder / "database.txt").write_text(url, encoding="utf-8")


def hilbert(shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """The order in which shapes lie along a Hilbert curve."""
    return np.argsort(gpd.GeoSeries(shapes).hilbert_distance().to_numpy(), kind="stable")
