"""OV-11: a parcel is still contracted though its ground was expropriated."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule

#: Code of PZLX for expropriation.
_EXPROPRIATION = "2"


def carried_out(approvals: pd.DataFrame, day: date) -> pd.Series:
    """Expropriations whose announcement was carried out by a day; where nobody wrote that day down, approved by it."""
    known = approvals.reindex(columns=["kind", "implemented_on", "valid_from"])
    done = known["implemented_on"].astype("datetime64[s]").fillna(known["valid_from"].astype("datetime64[s]"))
    return known["kind"].astype("string").eq(_EXPROPRIATION).fillna(False) & (done <= np.datetime64(day, "s"))


# Ten square metres and one twentieth keep out what two surveys of one boundary differ by.
@rule(
    "OV-11",
    category="overlap",
    severity="high",
    subject="parcel",
    against="approval",
    only=carried_out,
    union=True,
    requires=("approval.kind", "approval.implemented_on|valid_from"),
    basis=("LAL-46", "LAL-47"),
    since="1999-01-01",
    min_area_m2=1.0,
    taken_m2=10.0,
    taken_share=0.05,
    min_width_m=0.5,
    title=("已征收土地仍在承包", "Expropriated land still contracted"),
    zh="{a}有 {shared_m2:.2f} 平方米（{shared_mu} 亩，占 {taken_percent:.1f}%）在已实施的征收范围内，未见变更或注销",
    en="{shared_m2:.2f} m² ({shared_mu} mu, {taken_percent:.1f} %) of {a} were expropriated, no change is seen",
    leaves_out=(
        "公告实施日期没有填的，按批准日期计算；补偿是否付清由征地台账的规则提示。",
        "Where the day it was carried out is not known, that of approval counts. Payments have rules of their own.",
    ),
)
def on_expropriated(
    pairs: pd.DataFrame,
    p: Thresholds,
    parcel_right: pd.DataFrame | None = None,
    certificate_cancelled: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A parcel whose right stands lies, by a twentieth or ten square metres, on ground that was expropriated.

    A right stands where the tables of rights name the parcel and its certificate is not on the list of cancelled ones;
    where no rights were delivered, every parcel counts.
    """
    firm = pairs["firm_m2"]
    share = (firm / pairs["a_area_m2"]).round(9)
    stands = _stands(pairs["a_code"], parcel_right, certificate_cancelled)
    fires = ((firm >= p.taken_m2) | (share >= p.taken_share)) & (firm >= p.min_area_m2) & stands
    return pd.DataFrame({"taken_percent": (share * 100).round(4)})[fires]


def _stands(codes: pd.Series, rights: pd.DataFrame | None, cancelled: pd.DataFrame | None) -> pd.Series:
    """Whether each parcel still has a right that nobody cancelled."""
    if rights is None or "parcel_code" not in rights.columns:
        return pd.Series(True, index=codes.index)
    known = rights.reindex(columns=["parcel_code", "certificate_code"])
    if cancelled is not None and "certificate_code" in cancelled.columns:
        known = known[~known["certificate_code"].isin(cancelled["certificate_code"].dropna())]
    return codes.isin(known["parcel_code"].dropna())
