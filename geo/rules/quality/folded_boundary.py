"""QC-G07: a parcel's boundary runs back along itself (面边界自重叠)."""

import pandas as pd

from geo.corners import folded_boundaries
from geo.outlines import Outlines
from geo.rules import Thresholds, rule


# Distance and length are those of a shipped checker of the trade; how far edges may be from parallel is ours.
@rule(
    "QC-G07",
    category="quality",
    severity="medium",
    subject="parcel",
    flat="drawn",
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    within_m=0.1,
    least_m=0.05,
    parallel_deg=5.0,
    title=("界线自重叠", "Boundary runs back along itself"),
    zh="{a}的界线有 {folds} 处折回、几乎与自身重合，最长一处 {length_m:.2f} 米",
    en="the boundary of {a} runs back along itself in {folds} places, over {length_m:.2f} m in the longest",
)
def folded_boundary(parcels: Outlines, p: Thresholds) -> pd.DataFrame:
    """A boundary comes back within ten centimetres of itself: a spike, a slit, a neck or a wall no wider than that."""
    return folded_boundaries(parcels, p.within_m, p.least_m, p.parallel_deg)
