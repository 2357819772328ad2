"""ZZ-04: monitoring from above sees construction on a parcel, and no approval covers it."""

import pandas as pd

from geo.codes import in_group
from geo.rules import Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PATCHES, graded


def built(patches: pd.DataFrame) -> pd.Series:
    """Change patches that show construction: buildings, hardened ground, roads, mines, panels and the like."""
    return pd.Series(in_group(patches["class_code"], "TBLX", "construction"), index=patches.index)


# Yearly products map from 200 m², supplementary ones from 50 m².
@rule(
    "ZZ-04",
    category="occupation",
    severity="high",
    subject="parcel",
    against="change_patch",
    only=built,
    union=True,
    minus="approval",
    requires=("change_patch.class_code",),
    basis=("LAL-77", "LAL-44"),
    since="1999-01-01",
    min_area_m2=50.0,
    high_area_m2=200.0,
    min_width_m=0.5,
    leaves_out=BEYOND_PATCHES,
    title=("监测发现新增建设", "New construction seen from above"),
    zh="监测图斑显示{a}上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）新增建设，未见覆盖该处的批准",
    en="monitoring shows {shared_m2:.2f} m² ({shared_mu} mu) of new construction on {a} with no approval",
)
def construction_seen_from_above(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Change patches of construction cover a parcel beyond what was approved on the day of the later image."""
    return graded(pairs["firm_m2"], p)
