"""QC-G04: a parcel is too small to be a field (碎面)."""

import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "QC-G04",
    category="quality",
    severity="high",
    subject="parcel",
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    least_area_m2=1.0,
    title=("碎面", "Splinter"),
    zh="{a}只有 {area_m2:.2f} 平方米",
    en="{a} is only {area_m2:.2f} m²",
)
def splinter(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A parcel is smaller than one square metre: a splinter of drawing, no field."""
    area = parcels["area_m2"].round(6)
    return pd.DataFrame({"area_m2": area})[area < p.least_area_m2]
