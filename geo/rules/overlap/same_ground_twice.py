"""OV-03: one piece of ground stands under two parcel codes."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.overlap._pair import kind


@rule(
    "OV-03",
    category="overlap",
    severity="high",
    subject="parcel",
    against="parcel",
    basis=("RLCL-22",),
    since="2019-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("同一地块两次登记", "One parcel, two codes"),
    zh="{a}与{b}几乎是同一块地，共 {shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="{a} and {b} are nearly the same ground: {shared_m2:.2f} m² ({shared_mu} mu), up to {width_m:.2f} m wide",
)
def same_ground_twice(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Two parcels are nearly the same ground: one piece of land, contracted twice."""
    return (kind(pairs) == "OV-03") & (pairs["firm_m2"] >= p.min_area_m2)
