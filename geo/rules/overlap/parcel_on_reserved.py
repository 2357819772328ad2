"""OV-09: a contracted parcel lies on land that was returned to the collective for construction."""

import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "OV-09",
    category="overlap",
    severity="high",
    subject="parcel",
    against="reserved",
    basis=("RLCL-17",),
    since="2019-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("承包地与留用地重叠", "Parcel on reserved land"),
    zh="{a}与{b}重叠 {shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="{a} and {b} share {shared_m2:.2f} m² ({shared_mu} mu), up to {width_m:.2f} m wide",
)
def parcel_on_reserved(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """A parcel shares ground with reserved land: the register was not changed when the land was granted."""
    return pairs["firm_m2"] >= p.min_area_m2
