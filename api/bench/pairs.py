"""Work `pairs`: all pairs of parcels that share more than a threshold, by us and by those whom users know.

Every method gives a table i, j, m2 of parcels' numbers. Loading the database and its index are not counted; reading a
file and whatever an engine builds from it are. Ours starts from outlines that `./dingxin outlines` kept, from Parquet,
or from PostGIS, where it also cuts and stores what it found. A floor reads the same coordinates and joins their boxes.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from api.bench.contest import same_pairs

#: Shared ground that counts as an error in the fabric (m²): above the numeric noise planted in it.
THRESHOLD_M2 = 0.05

METHODS = {
    "dingxin": "api.bench.ours:pairs_from_kept",
    "floor": "api.bench.ours:floor_from_kept",
    "dingxin, from Parquet": "api.bench.ours:pairs_from_parquet",
    "floor, from Parquet": "api.bench.ours:floor_from_parquet",
    "dingxin, from PostGIS": "api.bench.ours_stored:pairs_from_postgis",
    "floor, from PostGIS": "api.bench.ours_stored:floor_from_postgis",
    "PostGIS best": "api.bench.peers.postgis:pairs_best",
    "PostGIS naive": "api.bench.peers.postgis:pairs_naive",
    "shapely best": "api.bench.peers.shapely:pairs_best",
    "shapely naive": "api.bench.peers.shapely:pairs_naive",
    "geopandas sjoin": "api.bench.peers.geopandas:pairs_sjoin",
    "geopandas overlay": "api.bench.peers.geopandas:pairs_overlay",
    "DuckDB spatial": "api.bench.peers.duckdb:pairs",
    "SedonaDB best": "api.bench.peers.sedona:pairs_best",
    "SedonaDB naive": "api.bench.peers.sedona:pairs_naive",
}

#: Methods that would certainly break the limits: the largest size they are run at, and why.
BEYOND = {
    "shapely best": (2_000_000, "not run: prepared shapes take 6 GB a million"),
    "geopandas overlay": (1_000_000, "not run: takes 10 GB a million"),
}


def prepare(folder: Path, size: int, url: str) -> None:
    """Make the fabric of parcels, as a file and as a table with its index."""
    from api.bench.storage import store_fabric

    store_fabric(folder, url, size)


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether two results hold the same pairs with the same areas, whichever parcel of a pair comes first."""
    return same_pairs(_ordered(ours), _ordered(theirs), THRESHOLD_M2)


def _ordered(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each unordered pair with its lower number first."""
    low, high = np.minimum(pairs["i"], pairs["j"]), np.maximum(pairs["i"], pairs["j"])
    return pd.DataFrame({"i": low, "j": high, "m2": pairs["m2"].to_numpy(dtype=float)})
