"""QC-A04: an area or a count that must be more than nothing is not."""

import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import numbers, stated

_POSITIVE = {
    "parcel": ("surveyed_m2", "surveyed_mu"),
    "parcel_right": ("confirmed_m2",),
    "contract": ("total_m2", "parcel_count"),
    "contractor": ("member_count",),
    "transfer": ("area_m2",),
}


@rule(
    "QC-A04",
    category="quality",
    severity="high",
    subject=tuple(_POSITIVE),
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    more_than=0.0,
    title=("面积或数量不为正", "Area or count is not positive"),
    zh="{a}的面积或数量应当大于零：{fields_zh}",
    en="areas and counts of {a} should be more than nothing: {fields_en}",
)
def positive(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """A surveyed, confirmed or contracted area, or a count of parcels or members, is zero or less."""
    asked = [field for field in fields(layer) if field.name in _POSITIVE[layer] and field.name in rows.columns]
    return stated(layer, rows, {field: numbers(rows[field.name]) <= p.more_than for field in asked})
