"""ZL-08: a company takes in more land of a village than may go without a review before the contract."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import dates, texts
from geo.rules._transfers import are_leases, running, spans
from geo.units import MU_PER_M2, SHORT_M2

_COMPANY = "4"
_M2_PER_MU = float(1 / MU_PER_M2)


@rule(
    "ZL-08",
    category="lease",
    severity="high",
    subject="transfer",
    by="contractor",
    requires=("transfer.transferee_kind", "transfer.area_m2"),
    basis=("RLCL-45",),
    since="2019-01-01",
    town_tier_mu=100.0,
    county_tier_mu=500.0,
    city_tier_mu=1000.0,
    title=("工商企业流转未经审查", "Company not reviewed before leasing"),
    zh="{a}是企业，在村 {village} 正在履行的流转共 {total_mu:.2f} 亩（须{tier_zh}审查），"
    "其中 {unreviewed} 份合同签订前未见审查审核",
    en="{a}, a company, holds {total_mu:.2f} mu of village {village} (review by {tier_en}); "
    "{unreviewed} of the contracts have no review dated before they were signed",
)
def company_unreviewed(
    transfers: pd.DataFrame, p: Thresholds, day: date, contractor: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The running transfers of one village to a company reach the county's tier, and some were not reviewed first.

    Where several villages reach it, the one with the most land is told. The parts are the contracts and their areas,
    each of which may be rounded: five times twenty mu are a hundred.
    """
    table = spans(transfers).assign(
        village=texts(transfers, "code").str[:12],
        kind=texts(transfers, "transferee_kind"),
        signed=dates(transfers, "signed_on").fillna(dates(transfers, "term_from")),
        reviewed=dates(transfers, "reviewed_on"),
        mine=transfers["mine"].astype(bool) if "mine" in transfers.columns else True,
    )
    today = np.datetime64(day, "s")
    kept = running(table[table["kind"].eq(_COMPANY).fillna(False) & are_leases(transfers)])
    kept = kept[(kept["begins"] <= today) & (today < kept["ends"])].dropna(subset=["transferee_code", "area_m2"])
    # reviews came with the law of 2018: what was signed before is counted, but lacks nothing
    unreviewed = ~(kept["reviewed"] <= kept["signed"]) & ~(kept["signed"] < np.datetime64("2019-01-01", "s"))
    groups = kept.assign(unreviewed=unreviewed).groupby(["transferee_code", "village"])
    sums = groups.agg(
        m2=("area_m2", "sum"), count=("area_m2", "size"), unreviewed=("unreviewed", "sum"), mine=("mine", "any")
    ).reset_index()
    sums["total_mu"] = (sums["m2"] / _M2_PER_MU).round(6)
    sums["most_mu"] = ((sums["m2"] + sums["count"] * SHORT_M2) / _M2_PER_MU).round(6)
    fires = sums[(sums["most_mu"] >= p.town_tier_mu) & (sums["unreviewed"] > 0) & sums["mine"]]
    fires = fires.sort_values(["m2", "village"], ascending=[False, True]).drop_duplicates("transferee_code")
    return _told(fires, kept.assign(unreviewed=unreviewed), p)


def _told(fires: pd.DataFrame, kept: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """One row for each company, with its contracts as parts."""
    tiers = [p.town_tier_mu, p.county_tier_mu, p.city_tier_mu]
    rank = np.searchsorted(tiers, fires["most_mu"], side="right") - 1
    parts = []
    for who, village in zip(fires["transferee_code"], fires["village"], strict=True):
        own = kept[(kept["transferee_code"] == who) & (kept["village"] == village)].sort_values("transfer_code")
        areas = zip(own["transfer_code"], own["area_m2"].round(2), own["unreviewed"], strict=True)
        parts.append([{"ref": f"transfer:{code}", "m2": m2, "reviewed": not open_} for code, m2, open_ in areas])
    return pd.DataFrame(
        {
            "village": fires["village"].astype(object).to_numpy(),
            "total_m2": fires["m2"].round(2).to_numpy(),
            "total_mu": fires["total_mu"].to_numpy(),
            "unreviewed": fires["unreviewed"].astype(int).to_numpy(),
            "tier_zh": np.array(["乡镇", "县", "市"], dtype=object)[rank],
            "tier_en": np.array(["the town", "the county", "the city"], dtype=object)[rank],
            "parts": parts,
        },
        index=("contractor:" + fires["transferee_code"].astype(object)).to_numpy(),
    )
