"""OV-01: two contracted parcels of one issuer claim the same ground."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.overlap._pair import kind


@rule(
    "OV-01",
    category="overlap",
    severity="high",
    subject="parcel",
    against="parcel",
    basis=("RLCL-22",),
    since="2019-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("地块重叠", "Overlapping parcels"),
    zh="{a}与{b}重叠 {shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="{a} and {b} share {shared_m2:.2f} m² ({shared_mu} mu), up to {width_m:.2f} m wide",
)
def parcels_overlap(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Two contracted parcels share more than a sliver of ground."""
    return (kind(pairs) == "OV-01") & (pairs["firm_m2"] >= p.min_area_m2)
