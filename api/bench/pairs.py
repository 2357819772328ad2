"""Work `pairs`: all pairs of parcels that share more than a threshold, by us and by those whom users know.

Every method takes the folder of the contest and gives a table i, j, m2. The folder holds `parcels.parquet` (number and
geometry) and, for those who start from the database, `database.txt` with its URL; loading the database is not counted.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely

from api.bench.contest import ordered, same_pairs
from data.sql import read_sql

#: Shared ground that counts as an error in the fabric (m²): above the numeric noise planted in it.
THRESHOLD_M2 = 0.05

METHODS = {
    "dingxin": "api.bench.ours:pairs_from_parquet",
    "dingxin, from PostGIS": "api.bench.ours:pairs_from_postgis",
    "PostGIS best": "api.bench.pairs:postgis_best",
    "PostGIS naive": "api.bench.pairs:postgis_naive",
    "geopandas sjoin": "api.bench.pairs:geopandas_sjoin",
}


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether two results hold the same pairs with the same areas."""
    return same_pairs(ordered(ours), ordered(theirs), THRESHOLD_M2)


def prepare(folder: Path, size: int, url: str) -> None:
    """Make the fabric of parcels, as a file and as a table with its index, in Hilbert order."""
    from data.samples.fabric import fabric

    shapes = np.asarray(fabric(size).shapes, dtype=object)
    frame = gpd.GeoDataFrame({"i": np.arange(len(shapes))}, geometry=shapes, crs="EPSG:4525")
    # the pair check of every engine leaves invalid parcels out: they are the validity check's business
    frame = frame[frame.is_valid]
    frame = frame.iloc[np.argsort(frame.geometry.hilbert_distance().to_numpy(), kind="stable")]
    frame.to_parquet(folder / "parcels.parquet")
    (folder / "database.txt").write_text(url, encoding="utf-8")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql("bench/load.sql"))
        with cursor.copy("COPY p (id, geom) FROM STDIN") as copy:
            wkb = shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
            for number, shape in zip(frame["i"], wkb, strict=True):
                copy.write_row((int(number), shape))
        cursor.execute(read_sql("bench/index.sql"))


def postgis_best(folder: Path) -> pd.DataFrame:
    """The best SQL known for PostGIS: boxes' common area first, touching neighbours refused by relation."""
    return _query(folder, "bench/pairs_best.sql")


def postgis_naive(folder: Path) -> pd.DataFrame:
    """The SQL that people write first: ST_Intersects, then the area."""
    return _query(folder, "bench/pairs_naive.sql")


def geopandas_sjoin(folder: Path) -> pd.DataFrame:
    """The Python that people write first: a spatial join, then the intersection."""
    frame = gpd.read_parquet(folder / "parcels.parquet").reset_index(drop=True)
    joined = gpd.sjoin(frame[["geometry"]], frame[["geometry"]], predicate="intersects").reset_index()
    joined = joined[joined["index"] < joined["index_right"]]
    left, right = (frame.geometry.to_numpy()[joined[side]] for side in ("index", "index_right"))
    area = shapely.area(shapely.intersection(left, right))
    numbers, keep = frame["i"].to_numpy(), area > THRESHOLD_M2
    return _table(numbers[joined["index"][keep]], numbers[joined["index_right"][keep]], area[keep])


def _query(folder: Path, file: str) -> pd.DataFrame:
    """Run one SQL text with two workers."""
    with _connect(folder) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql("bench/two_workers.sql"))
        cursor.execute(read_sql(file), {"tol": THRESHOLD_M2})
        rows = cursor.fetchall()
    return _table(*(zip(*rows, strict=True) if rows else ((), (), ())))


def _connect(folder: Path) -> "psycopg.Connection[tuple]":
    return psycopg.connect((folder / "database.txt").read_text(encoding="utf-8"))


def _table(i: object, j: object, m2: object) -> pd.DataFrame:
    return pd.DataFrame({"i": np.asarray(i), "j": np.asarray(j), "m2": np.asarray(m2, dtype=float)})
