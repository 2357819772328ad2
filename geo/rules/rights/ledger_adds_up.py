"""QY-08: the ledger of reserved land does not add up."""

import numpy as np
import pandas as pd

from geo.reserved import figure, ledger
from geo.rules import Thresholds, rule

_WHY = {
    "ratio": ("留用比例在规定范围之外", "the share to be returned lies outside the range"),
    "quota": ("核定面积与实征面积乘比例不符", "the area owed is not the area taken times the share"),
    "surplus": ("落实面积超过核定面积", "more was granted than is owed"),
}


# 10 to 15 % of the area taken, fixed by the prefecture: from memory of the provincial measures, hence thresholds.
@rule(
    "QY-08",
    category="rights",
    severity="low",
    subject=("expropriation", "reserved"),
    requires=("expropriation.taken_m2", "reserved.expropriated_m2"),
    basis=("GDRL-2009",),
    since="2009-01-01",
    min_ratio=0.10,
    max_ratio=0.15,
    tolerance_m2=1.0,
    title=("留用地台账不平", "The ledger of reserved land does not add up"),
    zh="{a}的留用地台账请核对：{why_zh}",
    en="{a}: look at the ledger of reserved land: {why_en}",
)
def ledger_adds_up(
    rows: pd.DataFrame,
    p: Thresholds,
    expropriation: pd.DataFrame | None = None,
    reserved: pd.DataFrame | None = None,
    reserved_grant: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The share is out of range, the area owed does not follow from the area taken, or more was given than is owed."""
    told = ledger(expropriation, reserved, reserved_grant).drop_duplicates("code").set_index("code")
    own = told.reindex(rows["code"]).set_index(rows.index)
    ratio, taken, quota = (figure(own[name]) for name in ("ratio", "taken_m2", "quota_m2"))
    wrong = pd.DataFrame(
        {
            "ratio": (ratio < p.min_ratio) | (ratio > p.max_ratio),
            "quota": (quota - taken * ratio).abs().round(6) > p.tolerance_m2,
            "surplus": figure(own["left_m2"]) < -p.tolerance_m2,
        }
    )
    found = wrong[wrong.any(axis=1)]
    reasons = [[name for name in _WHY if bad[name]] for bad in found.to_dict("records")]
    figures = own.loc[found.index, ["taken_m2", "ratio", "owed_m2", "granted_m2", "left_m2"]].astype(float)
    return figures.replace({np.nan: None}).assign(
        why_zh=["；".join(_WHY[name][0] for name in names) for names in reasons],
        why_en=["; ".join(_WHY[name][1] for name in names) for names in reasons],
    )
