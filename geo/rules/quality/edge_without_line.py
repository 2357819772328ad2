"""QC-G14L: a parcel's edge has no boundary line (界址线缺失)."""

import pandas as pd

from geo.boundary import edges_without_line
from geo.outlines import outlines_of
from geo.rules import Thresholds, rule


@rule(
    "QC-G14L",
    category="quality",
    severity="high",
    subject="parcel",
    requires=("boundary_line.geometry",),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    within_m=0.05,
    title=("界址线缺失", "Edge without a boundary line"),
    zh="{a}的 {edges} 条边中有 {missing} 条没有界址线，共 {bare_m:.2f} 米",
    en="{missing} of the {edges} edges of {a} have no boundary line, {bare_m:.2f} m in all",
)
def edge_without_line(parcels: pd.DataFrame, p: Thresholds, boundary_line: pd.DataFrame) -> pd.DataFrame:
    """Along an edge of a parcel, or a piece of it, no boundary line runs within five centimetres."""
    outlines = outlines_of(parcels["geometry"].to_numpy(dtype=object))
    table = edges_without_line(outlines, boundary_line["geometry"].to_numpy(dtype=object), p.within_m)
    table.index = parcels.index[table.index]
    return table[table["missing"] > 0]
