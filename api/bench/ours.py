"""Our side of the works on shared ground: from each kind of storage into the waist, and nothing else."""

from pathlib import Path

import numpy as np
import pandas as pd
import psycopg
import pyarrow.parquet
from numpy.typing import NDArray

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2
from geo.outlines import Outlines, outlines_of_wkb
from geo.pairs import shared_ground


def pairs_from_parquet(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in a file."""
    numbers, parcels = read(folder / "parcels.parquet")
    return _pairs(numbers, parcels)


def pairs_from_postgis(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in the database."""
    with (
        psycopg.connect((folder / "database.txt").read_text(encoding="utf-8")) as connection,
        connection.cursor(binary=True) as cursor,
    ):
        cursor.execute("SELECT number, ST_AsBinary(geometry) FROM parcels")
        numbers, wkb = zip(*cursor.fetchall(), strict=True)
    begins = np.r_[0, np.cumsum([len(one) for one in wkb])][:-1]
    return _pairs(np.array(numbers), outlines_of_wkb([(np.frombuffer(b"".join(wkb), dtype=np.uint8), begins)]))


def survey_from_parquet(folder: Path) -> pd.DataFrame:
    """All parcels and survey polygons that share ground, which lie in two files."""
    parcels, outlines = read(folder / "parcels.parquet")
    polygons, grounds = read(folder / "survey.parquet")
    pairs = shared_ground(outlines, parcels, grounds, polygons, more_than_m2=MORE_THAN_M2)
    return _table(parcels, polygons, pairs)


def _pairs(numbers: NDArray[np.integer], parcels: Outlines) -> pd.DataFrame:
    return _table(numbers, numbers, shared_ground(parcels, numbers, more_than_m2=THRESHOLD_M2))


def _table(numbers_a: NDArray[np.integer], numbers_b: NDArray[np.integer], pairs: pd.DataFrame) -> pd.DataFrame:
    i, j = numbers_a[pairs["row_a"].to_numpy()], numbers_b[pairs["row_b"].to_numpy()]
    return pd.DataFrame({"i": i, "j": j, "m2": pairs["shared_m2"].to_numpy()})


def read(file: Path) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of a Parquet file."""
    return flat(pyarrow.parquet.read_table(file))


def flat(table: pyarrow.Table) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of a table, from Arrow's own buffers."""
    return table["number"].to_numpy(), outlines_of_wkb(map(_piece, table["geometry"].chunks))


def _piece(chunk: pyarrow.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of a chunk of well-known binary, and where each shape begins in them."""
    _, offsets, data = chunk.buffers()
    begins = np.frombuffer(offsets, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk)]
    return np.frombuffer(data, dtype=np.uint8), begins.astype(np.int64)
