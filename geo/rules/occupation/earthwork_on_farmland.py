"""ZZ-09: earth is moved on basic farmland or cultivated land."""

import pandas as pd

from geo.codes import in_group
from geo.rules import Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PATCHES, FARMLAND


def earthwork(patches: pd.DataFrame) -> pd.Series:
    """Change patches that show ground broken, heaped or levelled."""
    return pd.Series(in_group(patches["class_code"], "TBLX", "earthwork"), index=patches.index)


@rule(
    "ZZ-09",
    category="occupation",
    severity="medium",
    subject="parcel",
    against="change_patch",
    only=earthwork,
    union=True,
    within=(FARMLAND,),
    minus="approval",
    requires=("change_patch.class_code", "landcover.class_code", "landcover_before.class_code"),
    basis=("LAL-37", "LAL-75"),
    since="1999-01-01",
    min_area_m2=200.0,
    min_width_m=0.5,
    leaves_out=BEYOND_PATCHES,
    title=("永久基本农田或耕地上动土", "Earth moved on farmland"),
    zh="监测显示{a}的永久基本农田或耕地上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）动土或推平，未见覆盖该处的批准",
    en="monitoring shows {shared_m2:.2f} m² ({shared_mu} mu) of broken, heaped or levelled ground on farmland of {a}",
)
def earthwork_on_farmland(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Earth is moved on permanent basic farmland, or where an earlier survey shows crops, and nothing approves it.

    It may be digging, or the beginning of construction, or the levelling of fields: somebody has to look.
    """
    return pairs["firm_m2"] >= p.min_area_m2
