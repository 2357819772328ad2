"""Our side of the works on shared ground: from each kind of storage into the waist, and nothing else."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import psycopg
import pyarrow
import pyarrow.parquet
from numpy.typing import NDArray

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2
from api.bench.upload import IN_VILLAGE, VILLAGES
from api.bench.upload import MORE_THAN_M2 as UPLOAD_M2
from data.sql import read_sql
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
        numbers, parcels = _fetched(cursor)
    return _pairs(numbers, parcels)


def survey_from_parquet(folder: Path) -> pd.DataFrame:
    """All parcels and survey polygons that share ground, which lie in two files."""
    parcels, outlines = read(folder / "parcels.parquet")
    polygons, grounds = read(folder / "survey.parquet")
    pairs = shared_ground(outlines, parcels, grounds, polygons, more_than_m2=MORE_THAN_M2)
    return _table(parcels, polygons, pairs)


def upload_touching(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """Villages that fit among the stored parcels."""
    return _uploads(folder, "touching")


def upload_shifted(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """Villages that lie 0.5 m off."""
    return _uploads(folder, "shifted")


def _uploads(folder: Path, name: str) -> tuple[pd.DataFrame, list[float]]:
    """Check one village after the other, timed from its outlines to its pairs."""
    numbers, outlines = read(folder / f"{name}.parquet")
    tables, seconds = [], []
    with psycopg.connect((folder / "database.txt").read_text(encoding="utf-8")) as connection:
        for village in range(VILLAGES):
            rows = np.flatnonzero(numbers // IN_VILLAGE == village)
            uploaded = outlines.taken(rows)
            start = time.perf_counter()
            tables.append(_check(connection, numbers[rows], uploaded))
            seconds.append(time.perf_counter() - start)
    return pd.concat(tables, ignore_index=True), seconds


def _check(connection: psycopg.Connection, numbers: NDArray[np.integer], uploaded: Outlines) -> pd.DataFrame:
    """Compare one village with the stored parcels in its box."""
    west, south, east, north = *uploaded.boxes[:, :2].min(axis=0), *uploaded.boxes[:, 2:].max(axis=0)
    with connection.cursor(binary=True) as cursor:
        cursor.execute(read_sql("bench/ours_in_box.sql"), (west, south, east, north))
        stored, near = _fetched(cursor)
    pairs = shared_ground(uploaded, numbers, near, stored, more_than_m2=UPLOAD_M2)
    return _table(numbers, stored, pairs)


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


def _fetched(cursor: psycopg.Cursor) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of the rows of a query."""
    rows = cursor.fetchall()
    shapes = pyarrow.array([shape for _, shape in rows], pyarrow.binary())
    return flat(pyarrow.table({"number": [number for number, _ in rows], "geometry": shapes}))


def _piece(chunk: pyarrow.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of a chunk of well-known binary, and where each shape begins in them."""
    _, offsets, data = chunk.buffers()
    begins = np.frombuffer(offsets, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk)]
    return np.frombuffer(data, dtype=np.uint8), begins.astype(np.int64)
