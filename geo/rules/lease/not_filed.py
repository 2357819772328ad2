"""ZL-05: a transfer was not filed with the issuer in time."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import dates, iso
from geo.rules._transfers import are_brief_caretaking, are_leases


@rule(
    "ZL-05",
    category="lease",
    severity="medium",
    subject="transfer",
    requires=("transfer.filed_on", "transfer.signed_on|term_from"),
    basis=("RLCL-36", "REC"),
    since="2003-03-01",
    acted="signed_on",
    max_days=15,
    caretaking_years=1,
    title=("流转未按时备案", "Transfer not filed in time"),
    zh="{a}于 {signed} 签订，备案日期：{filed_zh}，已过 {days} 天（期限 {limit} 天）",
    en="{a} was signed on {signed}, filed: {filed_en}; {days} d have passed ({limit} d allowed)",
    leaves_out=("转让、互换另有规则", "assignments and exchanges have rules of their own"),
)
def not_filed(transfers: pd.DataFrame, p: Thresholds, day: date) -> pd.DataFrame:
    """No filing with the issuer stands on record when the days for it are over: low where it was filed after all.

    Where no day of signing is known, the term's first day counts. Tilling for the holder for a year need not be filed.
    """
    signed = dates(transfers, "signed_on").fillna(dates(transfers, "term_from"))
    filed = dates(transfers, "filed_on")
    passed = (filed.fillna(np.datetime64(day, "s")) - signed) // np.timedelta64(1, "D")
    asked = are_leases(transfers) & ~are_brief_caretaking(transfers, p.caretaking_years)
    late = asked & (passed > p.max_days)
    told = iso(filed[late])
    return pd.DataFrame(
        {
            "severity": filed[late].isna().map({True: "medium", False: "low"}).astype(object),
            "signed": iso(signed[late]),
            "filed": told,
            "filed_zh": told.fillna("未见"),
            "filed_en": told.fillna("no record"),
            "days": passed[late].astype(int),
            "limit": int(p.max_days),
        }
    )
