"""ZZ-14: contracted land lies idle in two years that follow each other."""

import pandas as pd

from geo.rules import Laid, Thresholds, rule
from geo.rules.occupation._surveys import the_year_before

#: Weeds, saline land, sand, bare soil and stones: what fields become that nobody tills.
_UNUSED = ("0404", "1204", "1205", "1206", "1207")
#: What is planted, from memory of the survey's list: not tilled, and fallow, which programmes ask for and pay.
_NOT_TILLED, _FALLOW = "WG", "XG"


def idle(landcover: pd.DataFrame) -> pd.Series:
    """Patches that nobody tills: of an unused class, or cultivated land not tilled; fallow land is in order."""
    told = landcover.reindex(columns=["class_code", "planting_code"]).apply(
        lambda each: each.astype("string").str.strip()
    )
    unused = told["class_code"].isin(_UNUSED) | told["planting_code"].eq(_NOT_TILLED).fillna(False)
    return (unused & ~told["planting_code"].eq(_FALLOW).fillna(False)).astype(bool)


# 400 m² is the smallest patch of farmland that the land survey maps (TD/T 1055).
@rule(
    "ZZ-14",
    category="occupation",
    severity="low",
    subject="parcel",
    against="landcover",
    only=idle,
    union=True,
    within=(Laid("landcover_before", idle, the_year_before),),
    minus="approval",
    requires=(
        "landcover.class_code",
        "landcover_before.class_code",
        "landcover.year|surveyed_on",
        "landcover_before.year|surveyed_on",
    ),
    basis=("LAL-38", "RLCL-42", "RLCL-64"),
    since="2019-01-01",
    min_area_m2=400.0,
    min_width_m=0.5,
    leaves_out=(
        "休耕和登记为非耕地的地块不在此查；只看前后相连两个年度的图斑，不在任何地块之内的集体土地看不见",
        "fallow land and parcels registered as other than cultivated are not looked at; only surveys of two years that "
        "follow each other count, and collective land outside of all parcels is not seen",
    ),
    title=("连续两年撂荒", "Idle for two years"),
    zh="{a}上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）连续两个年度的调查均显示未耕或荒芜",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {a} are untilled or waste in the surveys of two years running",
)
def idle_two_years(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """The surveys of two years running show the same ground untilled or waste on land contracted to be tilled.

    Who holds the land is not asked: the issuer may end a transfer for it, the contractor is only called upon to till.
    """
    known = pairs.reindex(columns=["a_land_use", "a_category"]).astype("string")
    to_till = known["a_land_use"].fillna("01").str.startswith("01") & known["a_category"].fillna("10").eq("10")
    return (pairs["firm_m2"] >= p.min_area_m2) & to_till.astype(bool)
