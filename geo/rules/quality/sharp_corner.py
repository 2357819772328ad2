"""QC-G05: a parcel has a corner too sharp to be a field's (狭长角)."""

import pandas as pd

from geo.corners import sharp_corners
from geo.outlines import Outlines
from geo.rules import Thresholds, rule


# 5° is what shipped checkers of the trade have; the arm is the tolerance of crowded vertices (QC-G06).
@rule(
    "QC-G05",
    category="quality",
    severity="medium",
    subject="parcel",
    flat="drawn",
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    sharp_deg=5.0,
    arm_m=0.05,
    title=("狭长角", "Sharp corner"),
    zh="{a}有 {corners} 处狭长角，最尖处内角 {angle_deg:.2f} 度",
    en="{a} has {corners} sharp corners; inside the sharpest are {angle_deg:.2f}°",
)
def sharp_corner(parcels: Outlines, p: Thresholds) -> pd.DataFrame:
    """A corner of a parcel is sharper than five degrees, or as sharp seen from outside: mostly a slip of drawing."""
    return sharp_corners(parcels, p.sharp_deg, p.arm_m)
