"""ZZ-13: photovoltaic panels stand on basic farmland or cultivated land."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PATCHES, FARMLAND


def panels(patches: pd.DataFrame) -> pd.Series:
    """Change patches that show photovoltaic panels."""
    return patches["class_code"].astype("string").str.strip().eq("GF").fillna(False).astype(bool)


@rule(
    "ZZ-13",
    category="occupation",
    severity="medium",
    subject="parcel",
    against="change_patch",
    only=panels,
    union=True,
    within=(FARMLAND,),
    minus="approval",
    requires=("change_patch.class_code", "landcover.class_code", "landcover_before.class_code"),
    basis=("LAL-35", "LAL-37", "LAL-44", "LAL-77"),
    since="2020-01-01",
    min_area_m2=200.0,
    min_width_m=0.5,
    leaves_out=BEYOND_PATCHES,
    title=("永久基本农田或耕地上有光伏", "Solar panels on farmland"),
    zh="监测图斑显示{a}的永久基本农田或耕地上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）光伏，未见覆盖该处的批准",
    en="monitoring shows {shared_m2:.2f} m² ({shared_mu} mu) of solar panels on farmland of {a} with no approval",
)
def panels_on_farmland(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Panels stand on permanent basic farmland, or where an earlier survey shows crops, and nothing approves them."""
    return pairs["firm_m2"] >= p.min_area_m2
