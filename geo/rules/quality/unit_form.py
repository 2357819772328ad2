"""QC-B01: the real-estate unit code of a parcel is malformed, of another county, or of no contracted land."""

import numpy as np
import pandas as pd

from geo.codes import OLD_COUNTIES, UNIT, has_shape
from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated

#: The second letter of the parcel feature: contracted farmland, forest land, grassland.
_CONTRACTED = ("D", "E", "F")


@rule(
    "QC-B01",
    category="quality",
    severity="high",
    subject="unit_code",
    requires=("unit_code.unit_code",),
    basis=("REC",),
    since="2019-07-01",
    title=("不动产单元代码有误", "Unit code in error"),
    zh="{a} {unit} {why_zh}",
    en="the {a} is {unit}, which {why_en}",
)
def unit_form(units: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The code is not of the form of GB/T 37346 (high), names another county or no contracted land (medium)."""
    codes = units["unit_code"].astype("string")
    formed = has_shape(codes, UNIT)
    elsewhere = formed & (_county(codes) != _county(units["code"].astype("string"))).fillna(False)
    other = formed & ~elsewhere & ~codes.str[13].isin(_CONTRACTED).fillna(False)
    malformed = codes.notna() & ~formed
    field = next(field for field in fields("unit_code") if field.name == "unit_code")
    told = stated("unit_code", units, {field: malformed | elsewhere.astype(bool) | other.astype(bool)})
    why = [malformed.loc[told.index], elsewhere.loc[told.index]]
    return told.assign(
        severity=np.where(why[0], "high", "medium"),
        unit=codes.loc[told.index].astype(object),
        why_zh=np.select(why, ["不合规范", "与地块不在同一县"], "的特征码不是承包地（D、E、F）"),
        why_en=np.select(
            why, ["is malformed", "is of another county than its parcel"], "is not of contracted land (D, E, F)"
        ),
    )


def _county(codes: pd.Series) -> pd.Series:
    """The county of each code as it is numbered today."""
    return codes.str[:6].replace(dict(OLD_COUNTIES))
