"""QC-G14: a parcel's corner has no boundary point (界址点缺失)."""

import numpy as np
import pandas as pd

from geo.boundary import corners_without_point
from geo.codes import issuers_of
from geo.outlines import outlines_of
from geo.rules import Thresholds, rule


@rule(
    "QC-G14",
    category="quality",
    severity="high",
    subject="parcel",
    requires=("boundary_point.geometry",),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    within_m=0.05,
    few_share=0.01,
    title=("界址点缺失", "Corner without a boundary point"),
    zh="{a}的 {corners} 个拐点中有 {missing} 个没有界址点",
    en="{missing} of the {corners} corners of {a} have no boundary point",
)
def corner_without_point(parcels: pd.DataFrame, p: Thresholds, boundary_point: pd.DataFrame) -> pd.DataFrame:
    """A corner of a parcel has no boundary point within five centimetres.

    High, but medium where less than one per cent of the corners of all parcels of that issuer lack theirs.
    """
    outlines = outlines_of(parcels["geometry"].to_numpy(dtype=object))
    table = corners_without_point(outlines, boundary_point["geometry"].to_numpy(dtype=object), p.within_m)
    table.index = parcels.index[table.index]
    issuer = issuers_of(parcels.loc[table.index, "code"]).fillna("")
    sums = table[["missing", "corners"]].groupby(issuer).transform("sum")
    few = sums["missing"] < (sums["corners"] * p.few_share).round(6)
    return table.assign(severity=np.where(few, "medium", "high"))[table["missing"] > 0]
