"""geopandas, from Parquet: the Python that people write first."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from api.bench.pairs import THRESHOLD_M2
from api.bench.survey import MORE_THAN_M2


def pairs_sjoin(folder: Path) -> pd.DataFrame:
    """A spatial join with itself, then the intersection."""
    frame = gpd.read_parquet(folder / "parcels.parquet").set_index("number")
    return _sjoin(frame, frame, THRESHOLD_M2, within=True)


def pairs_overlay(folder: Path) -> pd.DataFrame:
    """An overlay with itself."""
    frame = gpd.read_parquet(folder / "parcels.parquet")
    cuts = _overlay(frame, frame)
    return _table(cuts[cuts["i"] < cuts["j"]], THRESHOLD_M2)


def survey_sjoin(folder: Path) -> pd.DataFrame:
    """A spatial join of parcels with survey polygons, then the intersection."""
    parcels = gpd.read_parquet(folder / "parcels.parquet").set_index("number")
    return _sjoin(parcels, gpd.read_parquet(folder / "survey.parquet").set_index("number"), MORE_THAN_M2)


def survey_overlay(folder: Path) -> pd.DataFrame:
    """An overlay of parcels with survey polygons."""
    parcels, survey = (gpd.read_parquet(folder / f"{name}.parquet") for name in ("parcels", "survey"))
    return _table(_overlay(parcels, survey), MORE_THAN_M2)


def _sjoin(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, more_than_m2: float, within: bool = False) -> pd.DataFrame:
    """Join, cut and measure; with `within` each pair once."""
    joined = gpd.sjoin(a, b.rename_axis("other"), predicate="intersects")["other"]
    if within:
        joined = joined[joined.index < joined]
    cuts = a.geometry.loc[joined.index].intersection(b.geometry.loc[joined].set_axis(joined.index), align=False)
    return _table(pd.DataFrame({"i": joined.index, "j": joined.to_numpy(), "geometry": cuts.array}), more_than_m2)


def _overlay(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.overlay(a.rename(columns={"number": "i"}), b.rename(columns={"number": "j"}), how="intersection")


def _table(cuts: pd.DataFrame, more_than_m2: float) -> pd.DataFrame:
    m2 = gpd.GeoSeries(cuts["geometry"]).area
    return cuts[["i", "j"]].assign(m2=m2)[m2 > more_than_m2]
