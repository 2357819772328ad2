"""OV-04: one parcel lies inside another."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.overlap._pair import kind


@rule(
    "OV-04",
    category="overlap",
    severity="medium",
    subject="parcel",
    against="parcel",
    basis=("RLCL-22",),
    since="2019-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("地块套地块", "Parcel inside a parcel"),
    zh="{a}与{b}有一块套在另一块里，共 {shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="one of {a} and {b} lies inside the other: {shared_m2:.2f} m² ({shared_mu} mu), up to {width_m:.2f} m wide",
)
def parcel_in_parcel(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """One parcel lies nearly whole inside another: a split or a merger that was not carried through."""
    return (kind(pairs) == "OV-04") & (pairs["firm_m2"] >= p.min_area_m2)
