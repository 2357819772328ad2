"""ZZ-17: reserved land was built on before it was granted or approved."""

import pandas as pd

from geo.codes import label
from geo.rules import Thresholds, rule
from geo.rules.occupation.construction_on_parcel import construction

#: Codes of ZT before the land is granted: not at all, in part.
_NOT_YET = ("1", "2")


# 200 m² is the smallest construction patch that the land survey maps (TD/T 1055).
@rule(
    "ZZ-17",
    category="occupation",
    severity="high",
    subject="reserved",
    against="landcover",
    only=construction,
    union=True,
    minus="approval",
    requires=("landcover.class_code", "reserved.state|conversion_no"),
    basis=("LAL-77", "LAL-44"),
    since="1999-01-01",
    min_area_m2=200.0,
    min_width_m=0.5,
    title=("留用地未批先建", "Reserved land built on before approval"),
    zh="{a}（{state_zh}，农转用批文：{conversion_zh}）上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）建设用地，未见批准",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {a} ({state_en}, conversion: {conversion_en}) are construction land",
)
def built_before_grant(pairs: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """Construction land covers reserved land that is not yet granted, or whose conversion has no approval number."""
    told = pairs.reindex(columns=["a_state", "a_conversion_no"]).astype("string")
    state, number = (told[name].str.strip().replace("", pd.NA) for name in told)
    early = state.isin(_NOT_YET) | number.isna()
    fires = (pairs["firm_m2"] >= p.min_area_m2) & early
    said = pd.DataFrame({"state": state, "number": number})[fires]
    return pd.DataFrame(
        {
            "state_zh": [label("ZT", code) or "状态未填" for code in said["state"].fillna("")],
            "state_en": [label("ZT", code, "en") or "state unknown" for code in said["state"].fillna("")],
            "conversion_zh": said["number"].fillna("无").astype(object),
            "conversion_en": said["number"].fillna("none").astype(object),
        },
        index=said.index,
    )
