"""Work `start`: a fresh process, from its start to the pairs of a small file and its end."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pandas as pd

from api.bench.pairs import prepare, same

__all__ = ["METHODS", "SIZE", "prepare", "same"]

#: What one village has.
SIZE = 1000

METHODS = {
    "dingxin": "api.bench.start:ours",
    "shapely": "api.bench.start:shapely",
    "geopandas sjoin": "api.bench.start:geopandas",
    "DuckDB spatial": "api.bench.start:duckdb",
    "SedonaDB": "api.bench.start:sedona",
}


def ours(folder: Path) -> pd.DataFrame:
    """Ours, from Parquet."""
    return _fresh("api.bench.ours:pairs_from_parquet", folder)


def shapely(folder: Path) -> pd.DataFrame:
    """The best of shapely."""
    return _fresh("api.bench.peers.shapely:pairs_best", folder)


def geopandas(folder: Path) -> pd.DataFrame:
    """A spatial join in geopandas."""
    return _fresh("api.bench.peers.geopandas:pairs_sjoin", folder)


def duckdb(folder: Path) -> pd.DataFrame:
    """A spatial join in DuckDB."""
    return _fresh("api.bench.peers.duckdb:pairs", folder)


def sedona(folder: Path) -> pd.DataFrame:
    """A spatial join in SedonaDB."""
    return _fresh("api.bench.peers.sedona:pairs_best", folder)


def _fresh(target: str, folder: Path) -> pd.DataFrame:
    """Let a new process do one method of `pairs`."""
    out = folder / "fresh.parquet"
    subprocess.run([sys.executable, "-m", "api.bench.start", target, str(folder), str(out)], check=True)
    return pd.read_parquet(out)


def main(target: str, folder: str, out: str) -> None:
    """Do one method and leave its result."""
    module, _, name = target.partition(":")
    getattr(import_module(module), name)(Path(folder)).to_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
