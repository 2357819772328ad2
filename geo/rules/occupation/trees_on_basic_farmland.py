"""ZZ-10: orchards or woods stand where permanent basic farmland was cultivated."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PARCELS, WAS_CULTIVATED


def trees(landcover: pd.DataFrame) -> pd.Series:
    """Patches of gardens and woods, convertible ones too."""
    return landcover["class_code"].astype("string").str.strip().str.match("0[23]").fillna(False).astype(bool)


# 400 m² is the smallest patch of farmland that the land survey maps (TD/T 1055).
@rule(
    "ZZ-10",
    category="occupation",
    severity="medium",
    subject="parcel",
    against="landcover",
    only=trees,
    union=True,
    within=("basic_farmland", WAS_CULTIVATED),
    minus="approval",
    requires=("landcover.class_code", "landcover_before.class_code"),
    basis=("LAL-37", "BFPR-17", "LALR-51"),
    since="2021-09-01",
    min_area_m2=400.0,
    min_width_m=0.5,
    leaves_out=BEYOND_PARCELS,
    title=("永久基本农田种树", "Trees on permanent basic farmland"),
    zh="{a}的永久基本农田上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）前期为耕地，现为园地或林地",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of basic farmland on {a} were cultivated before and are garden or wood now",
)
def trees_on_basic_farmland(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Garden or wood covers permanent basic farmland that an earlier survey shows as cultivated.

    Trees that stood there before are no finding, nor is ground that was approved for another use when surveyed.
    """
    return pairs["firm_m2"] >= p.min_area_m2
