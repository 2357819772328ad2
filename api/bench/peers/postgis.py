"""PostGIS with a GiST index on tables in Hilbert order, and two workers."""

from pathlib import Path

import pandas as pd
import psycopg

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2
from data.sql import read_sql


def pairs_best(folder: Path) -> pd.DataFrame:
    """The best SQL known: the boxes' common area first, touching neighbours refused by relation."""
    return _query(folder, "bench/pairs_best.sql", THRESHOLD_M2)


def pairs_naive(folder: Path) -> pd.DataFrame:
    """The SQL that people write first: ST_Intersects, then the area."""
    return _query(folder, "bench/pairs_naive.sql", THRESHOLD_M2)


def survey_best(folder: Path) -> pd.DataFrame:
    """The best SQL known: the boxes' common area first, and no cut for a parcel that a polygon covers."""
    return _query(folder, "bench/survey_best.sql", MORE_THAN_M2)


def survey_naive(folder: Path) -> pd.DataFrame:
    """The SQL that people write first: ST_Intersects, then the area."""
    return _query(folder, "bench/survey_naive.sql", MORE_THAN_M2)


def _query(folder: Path, file: str, more_than_m2: float) -> pd.DataFrame:
    """Run one SQL text with two workers."""
    with psycopg.connect((folder / "database.txt").read_text(encoding="utf-8")) as connection:
        connection.execute(read_sql("bench/two_workers.sql"))
        rows = connection.execute(read_sql(file).format(more_than_m2=more_than_m2)).fetchall()
    return pd.DataFrame(rows, columns=["i", "j", "m2"])
