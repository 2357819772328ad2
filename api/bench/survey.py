"""Work `survey`: how much of each parcel each survey polygon covers, with a tenth as many polygons as parcels.

Every method gives a table i (parcel), j (polygon), m2. What is counted is as in `pairs`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from api.bench.contest import same_pairs

#: Shared ground that is kept (m²).
MORE_THAN_M2 = 0.05

METHODS = {
    "dingxin": "api.bench.ours:survey_from_kept",
    "dingxin, from Parquet": "api.bench.ours:survey_from_parquet",
    "PostGIS best": "api.bench.peers.postgis:survey_best",
    "PostGIS naive": "api.bench.peers.postgis:survey_naive",
    "shapely": "api.bench.peers.shapely:survey",
    "geopandas sjoin": "api.bench.peers.geopandas:survey_sjoin",
    "geopandas overlay": "api.bench.peers.geopandas:survey_overlay",
    "DuckDB spatial": "api.bench.peers.duckdb:survey",
    "SedonaDB": "api.bench.peers.sedona:survey",
}


def prepare(folder: Path, size: int, url: str) -> None:
    """Make parcels and survey polygons over them, as files and as tables with their indexes."""
    from api.bench.storage import store, store_fabric
    from data.samples.patches import survey_polygons

    store_fabric(folder, url, size)
    shapes = survey_polygons(size)
    store(folder, url, "survey", np.arange(len(shapes)), shapes)


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether two results hold the same pairs with the same areas."""
    return same_pairs(ours, theirs, MORE_THAN_M2)
