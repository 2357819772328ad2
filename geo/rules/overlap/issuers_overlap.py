"""OV-02: parcels of two issuers claim the same ground."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.overlap._pair import kind


@rule(
    "OV-02",
    category="overlap",
    severity="high",
    subject="parcel",
    against="parcel",
    basis=("LAL-14",),
    since="2019-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("不同发包方地块重叠", "Parcels of two issuers overlap"),
    zh="不同发包方的{a}与{b}重叠 {shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="{a} and {b}, contracted by two issuers, share {shared_m2:.2f} m² ({shared_mu} mu), up to {width_m:.2f} m wide",
)
def issuers_overlap(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Parcels contracted by two different issuers share more than a sliver of ground."""
    return (kind(pairs) == "OV-02") & (pairs["firm_m2"] >= p.min_area_m2)
