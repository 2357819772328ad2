"""Our side of the works on parcels that share ground: from each kind of storage into the waist, and nothing else."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely

from api.bench.pairs import THRESHOLD_M2
from geo.pairs import shared_ground


def pairs_from_parquet(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in a file."""
    frame = gpd.read_parquet(folder / "parcels.parquet")
    return _pairs(frame["i"].to_numpy(), frame.geometry.to_numpy())


def pairs_from_postgis(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in the database."""
    with (
        psycopg.connect((folder / "database.txt").read_text(encoding="utf-8")) as connection,
        connection.cursor(binary=True) as cursor,
    ):
        cursor.execute("SELECT id, ST_AsBinary(geom) FROM p")
        numbers, wkb = zip(*cursor.fetchall(), strict=True)
    return _pairs(np.array(numbers), shapely.from_wkb(np.array(wkb, dtype=object)))


def _pairs(numbers: np.ndarray, shapes: np.ndarray) -> pd.DataFrame:
    """Name the parcels by their numbers and ask the waist."""
    pairs = shared_ground(shapes, np.array([f"{number:08d}" for number in numbers], dtype=object))
    pairs = pairs[pairs["shared_m2"] > THRESHOLD_M2]
    i, j = (numbers[pairs[side].to_numpy()] for side in ("row_a", "row_b"))
    return pd.DataFrame({"i": i, "j": j, "m2": pairs["shared_m2"].to_numpy()})
