"""DuckDB with its spatial extension, from Parquet; the extension is a package beside it, so that nothing is fetched."""

from pathlib import Path

import duckdb
import duckdb_extension_spatial
import pandas as pd

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2
from data.sql import read_sql

_EXTENSION = next(Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension"))


def pairs(folder: Path) -> pd.DataFrame:
    """A spatial join of boxes; then their common area and touching neighbours are refused, and the others cut."""
    return _join(folder, ("parcels",), "duckdb_pairs", THRESHOLD_M2)


def survey(folder: Path) -> pd.DataFrame:
    """A spatial join of parcels with survey polygons, then the area."""
    return _join(folder, ("parcels", "survey"), "duckdb_survey", MORE_THAN_M2)


def _join(folder: Path, tables: tuple[str, ...], sql: str, more_than_m2: float) -> pd.DataFrame:
    """Join into a table first: any other condition in the same statement makes the join try every pair."""
    with duckdb.connect() as connection:
        connection.load_extension(str(_EXTENSION))
        for table in tables:
            connection.execute(f"CREATE TABLE {table} AS FROM '{folder / table}.parquet'")
        connection.execute(read_sql(f"bench/{sql}.sql"))
        shared = connection.execute(read_sql(f"bench/{sql}_area.sql").format(more_than_m2=more_than_m2)).df()
        return shared[shared["m2"] > more_than_m2]
