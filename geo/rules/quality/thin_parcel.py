"""QC-G12: a parcel is too thin to be a field (狭长面)."""

import pandas as pd

from geo.corners import thinness
from geo.outlines import Outlines
from geo.rules import Thresholds, rule


@rule(
    "QC-G12",
    category="quality",
    severity="medium",
    subject="parcel",
    flat="judged",
    basis=("REC",),
    since="2016-12-23",
    thin_width_m=0.5,
    thin_roundness=0.02,
    title=("狭长面", "Thin parcel"),
    zh="{a}狭长：平均宽 {mean_width_m:.2f} 米，形状指数 {roundness:.3f}",
    en="{a} is thin: {mean_width_m:.2f} m wide on average, roundness {roundness:.3f}",
)
def thin_parcel(parcels: Outlines, p: Thresholds) -> pd.DataFrame:
    """A parcel is narrower than half a metre on average, or has far more boundary than its ground needs."""
    table = thinness(parcels)
    return table[(table["mean_width_m"] < p.thin_width_m) | (table["roundness"] < p.thin_roundness)]
