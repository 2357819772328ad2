"""QC-G08: neighbouring parcels overlap by less than a dispute and more than a tolerance (地块重叠)."""

import pandas as pd

from geo.rules import Thresholds, rule


# A shipped checker of the trade shrinks both parcels by 1 mm and asks whether they still meet: they do where the common
# ground is wider than 2 mm. The gate in area is ours: shared edges that went through other programs differ by 0.1 mm,
# corners laid on a neighbour's edge by 1 mm, and along an edge that adds up.
@rule(
    "QC-G08",
    category="quality",
    severity="high",
    subject="parcel",
    against="parcel",
    rest=True,
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    min_area_m2=0.01,
    min_width_m=0.002,
    title=("地块界线压盖", "Neighbours overlap slightly"),
    zh="{a}与{b}的界线相互压盖，共 {shared_m2:.2f} 平方米，最宽 {width_m:.3f} 米",
    en="the boundaries of {a} and {b} overlap: {shared_m2:.2f} m², up to {width_m:.3f} m wide",
)
def slight_overlap(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Two parcels share ground that no overlap rule fires on, and would still if each were shrunk by a millimetre.

    Where an overlap rule fires, the same ground is that rule's finding and none of this one.
    """
    return pairs["firm_m2"] >= p.min_area_m2
