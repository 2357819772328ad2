"""QC-G11: a sliver of ground between neighbours is nobody's (相邻地块缝隙)."""

import pandas as pd

from geo.gaps import gaps
from geo.outlines import Outlines
from geo.rules import Thresholds, rule


# All of these are ours: national-land tools look for slivers by shrinking and growing. Points under 5 mm apart are one:
# drawing programs round to 1 mm, and a corner rounded so misses the edge that it was put on.
@rule(
    "QC-G11",
    category="quality",
    severity="medium",
    subject="parcel",
    against="parcel",
    flat="judged",
    basis=("REC",),
    since="2016-12-23",
    gap_m2=50.0,
    gap_width_m=0.5,
    least_gap_m2=0.01,
    closed_m=0.005,
    title=("相邻地块之间有缝隙", "Gap between neighbours"),
    zh="{a}与{b}之间有 {gaps} 处缝隙，共 {gap_m2:.2f} 平方米，平均宽 {mean_width_m:.3f} 米",
    en="{gaps} gaps between {a} and {b}: {gap_m2:.2f} m², {mean_width_m:.3f} m wide on average",
)
def gap_between(parcels: Outlines, p: Thresholds) -> pd.DataFrame:
    """A closed void of less than 50 m² lies among parcels and is thinner than half a metre on average.

    Parcels need not tile the land: a ridge, a ditch or a path between them is open at its ends, or larger. The void is
    reported for the two parcels that most of its rim belongs to; a slit in one parcel, for that parcel alone.
    """
    return gaps(parcels, p.closed_m, p.gap_m2, p.gap_width_m, p.least_gap_m2)
