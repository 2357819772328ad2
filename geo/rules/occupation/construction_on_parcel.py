"""ZZ-01: construction stands on contracted land that no approval covers."""

import pandas as pd

from geo.codes import is_construction
from geo.rules import Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PARCELS, graded


def construction(landcover: pd.DataFrame) -> pd.Series:
    """The patches of construction land."""
    return pd.Series(is_construction(landcover["class_code"]), index=landcover.index)


# 200 m² is the smallest construction patch that the land survey maps (TD/T 1055), 50 m² the smallest of monthly checks.
@rule(
    "ZZ-01",
    category="occupation",
    severity="high",
    subject="parcel",
    against="landcover",
    only=construction,
    union=True,
    minus="approval",
    requires=("landcover.class_code",),
    basis=("LAL-77", "LAL-44", "RLCL-11", "RLCL-63"),
    since="2003-03-01",
    min_area_m2=50.0,
    high_area_m2=200.0,
    min_width_m=0.5,
    leaves_out=(
        "只查承包地块；自留地、机动地、开荒地和其他集体土地不在此查。" + BEYOND_PARCELS[0],
        "only contracted parcels are asked about, no private plots, flexible, reclaimed or other land; "
        + BEYOND_PARCELS[1],
    ),
    title=("承包地上有建设用地", "Construction on contracted land"),
    zh="{a}上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）建设用地，未见覆盖该处的批准",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {a} are construction land with no approval that covers them",
)
def construction_on_parcel(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Construction land covers contracted land beyond what was approved at the date of the survey.

    All patches under a parcel are judged as one; a parcel without a category counts as contracted.
    """
    contracted = pairs["a_category"].fillna("10").eq("10") if "a_category" in pairs else pd.Series(True, pairs.index)
    return graded(pairs["firm_m2"], p).where(contracted, "")
