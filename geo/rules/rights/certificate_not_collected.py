"""QY-04: a certificate was issued long ago and has not been collected."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import dates, iso, texts

_NO = "2"


@rule(
    "QY-04",
    category="rights",
    severity="low",
    subject="certificate",
    requires=("certificate.issued_on", "certificate.is_collected"),
    basis=("RLCL-24",),
    since="2003-03-01",
    max_days=365,
    title=("权证长期未领取", "Certificate not collected"),
    zh="{a}于 {issued} 发证，到检测日已 {days} 天，仍未领取",
    en="{a} was issued on {issued}, {days} d ago, and has not been collected",
)
def certificate_not_collected(
    certificates: pd.DataFrame, p: Thresholds, day: date, certificate_cancelled: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A certificate was issued more than a year ago and is said not to be collected; no cancelled one is asked."""
    issued = dates(certificates, "issued_on")
    days = (np.datetime64(day, "s") - issued) // np.timedelta64(1, "D")
    waiting = texts(certificates, "is_collected").eq(_NO).fillna(False).astype(bool)
    waiting &= dates(certificates, "collected_on").isna() & (days > p.max_days)
    if certificate_cancelled is not None:
        waiting &= ~certificates["code"].isin(texts(certificate_cancelled, "certificate_code").dropna())
    at = certificates.index[waiting]
    return pd.DataFrame({"issued": iso(issued[at]), "days": days[at].astype(int)}, index=at)
