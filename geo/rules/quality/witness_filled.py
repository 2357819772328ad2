"""QC-A06: who showed the boundary of a contracted parcel, or the numbers of its boundary points, is missing."""

import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import placeholder, stated, words


@rule(
    "QC-A06",
    category="quality",
    severity="high",
    subject="parcel",
    requires=("parcel.boundary_witness|boundary_points",),
    basis=("STD-2539",),
    since="2016-12-23",
    title=("指界人或界址点号未填", "No boundary witness or points"),
    zh="{a}缺少：{fields_zh}",
    en="{a} lacks: {fields_en}",
)
def witness_filled(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A contracted parcel (10) names nobody who showed its boundary, or any parcel none of its boundary points."""
    here = {field.name: field for field in fields("parcel") if field.name in parcels.columns}
    contracted = (
        words(parcels["category"]).eq("10") if "category" in parcels.columns else pd.Series(False, parcels.index)
    )
    asked = {"boundary_witness": contracted, "boundary_points": pd.Series(True, index=parcels.index)}
    wrong = {here[name]: when & _idle(parcels[name]) for name, when in asked.items() if name in here}
    return stated("parcel", parcels, wrong, say=False)


def _idle(values: pd.Series) -> pd.Series:
    """Which texts say nothing."""
    return words(values).isna() | placeholder(values)
