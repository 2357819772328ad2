"""OV-13: a contracted parcel lies on ground for which a forest right was issued."""

import pandas as pd

from geo.rules import Thresholds, rule


# Forest rights were drawn on maps of 1:10 000 by other offices: what is narrower than half a metre, or smaller than a
# shed, is the difference between two drawings.
@rule(
    "OV-13",
    category="overlap",
    severity="medium",
    subject="parcel",
    against="forest_right",
    basis=("CC-216", "CC-217"),
    since="2021-01-01",
    min_area_m2=10.0,
    min_width_m=0.5,
    title=("承包地与林权重叠", "Parcel on a forest right"),
    zh="{a}与{b}重叠 {shared_m2:.2f} 平方米（{shared_mu} 亩），疑似一地两证",
    en="{a} and {b} share {shared_m2:.2f} m² ({shared_mu} mu): one piece of ground may stand under two rights",
)
def on_forest_right(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """A parcel shares ground with a forest right: one piece of ground under two rights."""
    return pairs["firm_m2"] >= p.min_area_m2
