"""OV-10: the same ground was granted twice as reserved land."""

import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "OV-10",
    category="overlap",
    severity="high",
    subject="reserved",
    against="reserved",
    basis=("LAL-14",),
    since="2019-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("留用地重复划定", "Reserved land granted twice"),
    zh="{a}与{b}重叠 {shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="{a} and {b} share {shared_m2:.2f} m² ({shared_mu} mu), up to {width_m:.2f} m wide",
)
def reserved_twice(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Two pieces of reserved land share ground: granted twice."""
    return pairs["firm_m2"] >= p.min_area_m2
