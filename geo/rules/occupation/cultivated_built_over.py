"""ZZ-03: ground that was cultivated before is construction land now."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.occupation._surveys import BEYOND_PARCELS, WAS_CULTIVATED, graded
from geo.rules.occupation.construction_on_parcel import construction


# 200 m² is the smallest construction patch that the land survey maps (TD/T 1055), 50 m² the smallest of monthly checks.
@rule(
    "ZZ-03",
    category="occupation",
    severity="high",
    subject="parcel",
    against="landcover",
    only=construction,
    union=True,
    within=(WAS_CULTIVATED,),
    minus="approval",
    requires=("landcover.class_code", "landcover_before.class_code"),
    basis=("LAL-77", "LAL-44"),
    since="1999-01-01",
    min_area_m2=50.0,
    high_area_m2=200.0,
    min_width_m=0.5,
    leaves_out=BEYOND_PARCELS,
    title=("耕地变为建设用地", "Cultivated land built over"),
    zh="{a}上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）前期为耕地，现为建设用地，未见覆盖该处的批准",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {a} were cultivated before and are construction land now; no approval",
)
def cultivated_built_over(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """Construction land covers what an earlier survey shows as cultivated, beyond what was approved when surveyed.

    Parcels of every category are asked about, those of the collective too.
    """
    return graded(pairs["firm_m2"], p)
