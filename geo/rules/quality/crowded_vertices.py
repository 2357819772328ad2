"""QC-G06: vertices of one parcel lie too near to each other (节点重复)."""

import pandas as pd

from geo.corners import crowded_vertices as crowded
from geo.outlines import Outlines
from geo.rules import Thresholds, rule


# Both distances are the range of a shipped checker of the trade.
@rule(
    "QC-G06",
    category="quality",
    severity="high",
    subject="parcel",
    flat="drawn",
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    within_m=0.05,
    same_point_m=0.0001,
    title=("节点重复", "Crowded vertices"),
    zh="{a}有 {pairs} 对节点相距不到容差，最近的两点相距 {distance_m:.4f} 米",
    en="{a} has {pairs} pairs of vertices too near to each other, the nearest {distance_m:.4f} m apart",
)
def crowded_vertices(parcels: Outlines, p: Thresholds) -> pd.DataFrame:
    """Two vertices of a parcel are under five centimetres apart, or the same twice; the closing one is no vertex."""
    return crowded(parcels, p.within_m, p.same_point_m)
