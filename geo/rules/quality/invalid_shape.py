"""QC-G01: a parcel's shape is not a valid polygon."""

import pandas as pd
import shapely

from geo.rules import Thresholds, rule


@rule(
    "QC-G01",
    category="quality",
    severity="high",
    subject="parcel",
    basis=("STD-2539",),
    since="2016-12-23",
    title=("图形无效", "Invalid shape"),
    zh="{a}的图形无效（{why}），判断时用的是修补后的副本",
    en="the shape of {a} is not valid ({why}); it is judged on a repaired copy",
)
def invalid_shape(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A parcel's shape breaks the rules of a polygon: it crosses itself, say, or a hole lies outside."""
    shapes = parcels["geometry"].to_numpy(dtype=object)
    bad = parcels["invalid"].to_numpy(dtype=bool)
    reasons = shapely.is_valid_reason(shapes[bad])
    return pd.DataFrame({"why": [text.partition("[")[0] for text in reasons]}, index=parcels.index[bad])
