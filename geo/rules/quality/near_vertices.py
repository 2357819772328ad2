"""QC-G09: vertices of two parcels lie near each other and are not the same (相邻面要素节点重叠)."""

import pandas as pd

from geo.near import by_pair, near_features
from geo.outlines import Outlines
from geo.rules import Thresholds, rule


# The distance is that of a shipped checker of the trade; one millimetre is the tolerance of national checks.
@rule(
    "QC-G09",
    category="quality",
    severity="medium",
    subject="parcel",
    against="parcel",
    flat="drawn",
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    within_m=0.05,
    same_point_m=0.001,
    title=("相邻地块节点不重合", "Vertices of neighbours nearly meet"),
    zh="{a}与{b}有 {spots} 处节点相近而不重合，最大相距 {distance_m:.3f} 米",
    en="vertices of {a} and {b} nearly meet in {spots} places, up to {distance_m:.3f} m apart",
)
def near_vertices(parcels: Outlines, p: Thresholds) -> pd.DataFrame:
    """A vertex of one parcel lies within five centimetres of a neighbour's and should be the same point.

    What is no further off than a millimetre is the same point.
    """
    nodes = near_features(parcels, p.within_m).nodes
    return by_pair(parcels, nodes[nodes[:, 2] > p.same_point_m])
