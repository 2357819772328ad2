"""SedonaDB, from Parquet."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import sedonadb

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2
from data.sql import read_sql


def pairs_best(folder: Path) -> pd.DataFrame:
    """A spatial join that refuses touching neighbours, then the area."""
    return _query(folder, ("parcels",), "bench/pairs_untouching.sql", THRESHOLD_M2)


def pairs_naive(folder: Path) -> pd.DataFrame:
    """The SQL that people write first: ST_Intersects, then the area."""
    return _query(folder, ("parcels",), "bench/pairs_naive.sql", THRESHOLD_M2)


def survey(folder: Path) -> pd.DataFrame:
    """A spatial join of parcels with survey polygons, then the area."""
    return _query(folder, ("parcels", "survey"), "bench/survey_all.sql", MORE_THAN_M2)


def _query(folder: Path, tables: tuple[str, ...], file: str, more_than_m2: float) -> pd.DataFrame:
    sedona = sedonadb.connect()
    for table in tables:
        sedona.read_parquet(folder / f"{table}.parquet").to_view(table)
    shared = pa.table(sedona.sql(read_sql(file).format(more_than_m2=more_than_m2))).to_pandas()
    return shared[shared["m2"] > more_than_m2]
