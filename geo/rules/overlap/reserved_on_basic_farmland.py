"""OV-14: land was reserved for a collective's buildings where permanent basic farmland is."""

import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "OV-14",
    category="overlap",
    severity="high",
    subject="reserved",
    against="basic_farmland",
    union=True,
    basis=("LAL-35", "BFPR-15", "GDRL-2009"),
    since="2020-01-01",
    min_area_m2=1.0,
    min_width_m=0.5,
    title=("留用地压占永久基本农田", "Reserved land on permanent basic farmland"),
    zh="{a}有 {shared_m2:.2f} 平方米（{shared_mu} 亩）在永久基本农田上",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {a} are permanent basic farmland",
    leaves_out=(
        "永久基本农田图层应是现行版本；已依法核减补划而图层未更新的，仍会提示。",
        "The layer of basic farmland is taken as it stands: ground released since it was drawn is told all the same.",
    ),
)
def reserved_on_basic_farmland(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Land reserved for building shares a square metre or more with permanent basic farmland."""
    return pairs["firm_m2"] >= p.min_area_m2
