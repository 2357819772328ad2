"""QC-B03: a real-estate unit code is given for a parcel that is not there, or the parcel itself bears another."""

import numpy as np
import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated


@rule(
    "QC-B03",
    category="quality",
    severity="medium",
    subject="unit_code",
    requires=("unit_code.unit_code", "parcel.code"),
    basis=("REC",),
    since="2019-07-01",
    title=("不动产单元与地块不对应", "Unit code without its parcel"),
    zh="{a} {unit} {why_zh}",
    en="the {a}, {unit}, {why_en}",
)
def unit_of_nothing(units: pd.DataFrame, p: Thresholds, parcel: pd.DataFrame) -> pd.DataFrame:
    """The bridge names a parcel that was not delivered, or another unit than the parcel's own column does."""
    unknown = ~units["code"].isin(parcel["code"])
    own = pd.Series(None, index=units.index, dtype="string")
    if "unit_code" in parcel.columns:
        known = parcel.dropna(subset=["code"]).drop_duplicates("code").set_index("code")["unit_code"]
        own = units["code"].map(known).astype("string")
    differs = (own.notna() & (own != units["unit_code"].astype("string"))).fillna(False).astype(bool)
    field = next(field for field in fields("unit_code") if field.name == "unit_code")
    told = stated("unit_code", units, {field: (unknown | differs) & units["unit_code"].notna()})
    none = unknown.loc[told.index]
    return told.assign(
        unit=units["unit_code"].loc[told.index],
        why_zh=np.where(none, "没有对应的地块", "与地块自带的不动产单元代码不同"),
        why_en=np.where(none, "has no parcel", "is not the one that the parcel itself bears"),
    )
