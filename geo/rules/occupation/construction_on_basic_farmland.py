"""ZZ-02: construction stands on permanent basic farmland that no approval covers."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PARCELS
from geo.rules.occupation.construction_on_parcel import construction


@rule(
    "ZZ-02",
    category="occupation",
    severity="high",
    subject="parcel",
    against="landcover",
    only=construction,
    union=True,
    within=("basic_farmland",),
    minus="approval",
    requires=("landcover.class_code",),
    basis=("LAL-35", "LAL-77", "BFPR-33", "BAN-2020-127-1"),
    since="2020-07-29",
    min_area_m2=1.0,
    min_width_m=0.5,
    leaves_out=BEYOND_PARCELS,
    title=("永久基本农田上有建设用地", "Construction on permanent basic farmland"),
    zh="{a}的永久基本农田上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）建设用地，未见覆盖该处的批准",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of the permanent basic farmland on {a} are construction land; no approval",
)
def construction_on_basic_farmland(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Construction land covers permanent basic farmland beyond what was approved when it was surveyed."""
    return pairs["firm_m2"] >= p.min_area_m2
