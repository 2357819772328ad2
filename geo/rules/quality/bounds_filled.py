"""QC-A05: too few of the four neighbours (四至) of a parcel are told."""

import numpy as np
import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import placeholder, stated, words

_BOUNDS = ("bound_east", "bound_west", "bound_south", "bound_north")


@rule(
    "QC-A05",
    category="quality",
    severity="high",
    subject="parcel",
    requires=("parcel.bound_east|bound_west|bound_south|bound_north",),
    basis=("STD-2539", "YLT"),
    since="2016-12-23",
    least_bounds=3,
    full_bounds=4,
    title=("四至不全", "Too few bounds"),
    zh="{a}的四至只填了 {filled} 项，缺 {fields_zh}",
    en="only {filled} bounds of {a} are told; missing: {fields_en}",
)
def bounds_filled(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """Fewer than three of the four bounds are told (high), or not all of them (medium: tools in use ask for all)."""
    nothing = pd.Series(pd.NA, index=parcels.index, dtype="string")
    told = {name: parcels.get(name, nothing) for name in _BOUNDS}
    empty = {name: words(text).isna() | placeholder(text) for name, text in told.items()}
    filled = len(_BOUNDS) - sum(mask.astype(int) for mask in empty.values())
    few = filled < p.full_bounds
    wrong = {field: empty[field.name] & few for field in fields("parcel") if field.name in _BOUNDS}
    rows = stated("parcel", parcels, wrong, say=False)
    filled = filled.loc[rows.index].astype(int)
    return rows.assign(filled=filled, severity=np.where(filled < p.least_bounds, "high", "medium"))
