"""ZZ-11: ponds were dug where permanent basic farmland was cultivated."""

import pandas as pd

from geo.rules import Laid, Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PARCELS, WAS_CULTIVATED


def ponds(landcover: pd.DataFrame) -> pd.Series:
    """Patches of ponds and of fish ponds, unless they are convertible."""
    return landcover["class_code"].astype("string").str.strip().isin(["1104", "1104A"]).astype(bool)


def water(patches: pd.DataFrame) -> pd.Series:
    """Change patches that show a pond or open water."""
    return patches["class_code"].astype("string").str.strip().isin(["KT", "SM"]).astype(bool)


# 400 m² is the smallest patch of farmland that the land survey maps (TD/T 1055).
@rule(
    "ZZ-11",
    category="occupation",
    severity="medium",
    subject="parcel",
    against="landcover",
    only=ponds,
    also=(Laid("change_patch", water),),
    union=True,
    within=("basic_farmland", WAS_CULTIVATED),
    minus="approval",
    requires=("landcover.class_code", "landcover_before.class_code", "change_patch.class_code"),
    basis=("LAL-37", "BFPR-17", "LALR-51"),
    since="2021-09-01",
    min_area_m2=400.0,
    min_width_m=0.5,
    leaves_out=BEYOND_PARCELS,
    title=("永久基本农田挖塘", "Ponds on permanent basic farmland"),
    zh="{a}的永久基本农田上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）前期为耕地，现为坑塘或水面",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of basic farmland on {a} were cultivated before and are pond or water now",
)
def ponds_on_basic_farmland(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Ponds of the land survey, or water seen from above, cover basic farmland that was cultivated before.

    What both show counts once. Floods look like water too, which is for people to see.
    """
    return pairs["firm_m2"] >= p.min_area_m2
