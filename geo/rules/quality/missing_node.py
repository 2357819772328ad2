"""QC-G10: a parcel's vertex lies on its neighbour's edge, which has no vertex there (公用节点缺失)."""

import pandas as pd

from geo.near import by_pair, near_features
from geo.outlines import Outlines
from geo.rules import Thresholds, rule


# The distance is that of a shipped checker of the trade.
@rule(
    "QC-G10",
    category="quality",
    severity="medium",
    subject="parcel",
    against="parcel",
    flat="drawn",
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    within_m=0.05,
    title=("公用边缺少公用节点", "Common edge without a common vertex"),
    zh="{a}与{b}的公用边上有 {spots} 个节点只属于一方，离对方的边最远 {distance_m:.3f} 米",
    en="{spots} vertices on the edge shared by {a} and {b} belong to one of them only, up to {distance_m:.3f} m off",
)
def missing_node(parcels: Outlines, p: Thresholds) -> pd.DataFrame:
    """A vertex of one parcel lies on, or within five centimetres of, an edge of the other that has no vertex there."""
    return by_pair(parcels, near_features(parcels, p.within_m).on)
