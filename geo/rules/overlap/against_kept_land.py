"""OV-08: contracted land claims ground that the collective holds otherwise."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.overlap._pair import kind


@rule(
    "OV-08",
    category="overlap",
    severity="medium",
    subject="parcel",
    against="parcel",
    basis=("RLCL-67",),
    since="2019-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("承包地与其他集体土地重叠", "Contracted land on other collective land"),
    zh="承包地与非承包地重叠：{a}与{b}，{shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="{a} and {b}, only one of them contracted, share {shared_m2:.2f} m² ({shared_mu} mu)",
)
def against_kept_land(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """A contracted parcel shares ground with flexible, private-plot, reclaimed or other land of the collective."""
    return (kind(pairs) == "OV-08") & (pairs["firm_m2"] >= p.min_area_m2)
