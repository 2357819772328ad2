"""QC-U01: a parcel code names an issuer that was not delivered."""

import pandas as pd

from geo.codes import issuers_of
from geo.rules import Thresholds, rule


@rule(
    "QC-U01",
    category="quality",
    severity="high",
    subject="parcel",
    requires=("parcel.code", "issuer.code"),
    basis=("STD-2539",),
    since="2016-12-23",
    title=("地块代码的发包方不存在", "Parcel of an unknown issuer"),
    zh="{a}的代码以 {issuer_code} 开头，发包方表里没有这个发包方",
    en="the code of {a} begins with {issuer_code}, which is no issuer on record",
)
def unknown_issuer(parcels: pd.DataFrame, p: Thresholds, issuer: pd.DataFrame) -> pd.DataFrame:
    """The first fourteen digits of a parcel code are no issuer on record; old county codes count as today's.

    A code that is malformed, or stands twice in one file, is a rejected row already when the file is read.
    """
    named = parcels["code"].notna()
    known = issuers_of(parcels["code"]).isin(issuers_of(issuer["code"]).dropna())
    return pd.DataFrame({"issuer_code": parcels["code"].astype("string").str[:14]})[named & ~known]
