"""PostGIS with a GiST index on tables in Hilbert order, and two workers."""

import time
from pathlib import Path

import pandas as pd
import psycopg

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2
from api.bench.upload import IN_VILLAGE, VILLAGES
from api.bench.upload import MORE_THAN_M2 as UPLOAD_M2
from data.sql import read_sql


def pairs_best(folder: Path) -> pd.DataFrame:
    """The best SQL known: the boxes' common area first, touching neighbours refused by relation."""
    return _query(folder, "bench/pairs_best.sql", THRESHOLD_M2)


def pairs_naive(folder: Path) -> pd.DataFrame:
    """The SQL that people write first: ST_Intersects, then the area."""
    return _query(folder, "bench/pairs_naive.sql", THRESHOLD_M2)


def survey_best(folder: Path) -> pd.DataFrame:
    """The best SQL known: ST_Intersects, and each cut made once."""
    return _query(folder, "bench/survey_best.sql", MORE_THAN_M2)


def survey_naive(folder: Path) -> pd.DataFrame:
    """The SQL that people write first, which makes each cut twice."""
    return _query(folder, "bench/survey_naive.sql", MORE_THAN_M2)


def touching_best(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The best SQL known where neighbours touch: the boxes' common area first, then the relation."""
    return _requests(folder, "touching", "bench/upload_relate.sql")


def touching_naive(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The SQL that people write first."""
    return _requests(folder, "touching", "bench/upload_naive.sql")


def shifted_best(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The best SQL known where nearly all that meet share ground: each cut made once."""
    return _requests(folder, "shifted", "bench/upload_once.sql")


def shifted_naive(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The SQL that people write first, which makes each cut twice."""
    return _requests(folder, "shifted", "bench/upload_naive.sql")


def _requests(folder: Path, uploads: str, file: str) -> tuple[pd.DataFrame, list[float]]:
    """Ask for one village after the other, timed from the question to the last row."""
    rows, seconds = [], []
    with psycopg.connect((folder / "database.txt").read_text(encoding="utf-8"), autocommit=True) as connection:
        connection.execute(read_sql("bench/two_workers.sql"))
        for first in range(0, VILLAGES * IN_VILLAGE, IN_VILLAGE):
            village = {"uploads": uploads, "first": first, "behind": first + IN_VILLAGE}
            connection.execute(read_sql("bench/upload_village.sql").format(**village))
            start = time.perf_counter()
            rows += connection.execute(read_sql(file).format(more_than_m2=UPLOAD_M2)).fetchall()
            seconds.append(time.perf_counter() - start)
    return pd.DataFrame(rows, columns=["i", "j", "m2"]), seconds


def _query(folder: Path, file: str, more_than_m2: float) -> pd.DataFrame:
    """Run one SQL text with two workers."""
    with psycopg.connect((folder / "database.txt").read_text(encoding="utf-8")) as connection:
        connection.execute(read_sql("bench/two_workers.sql"))
        rows = connection.execute(read_sql(file).format(more_than_m2=more_than_m2)).fetchall()
    return pd.DataFrame(rows, columns=["i", "j", "m2"])
