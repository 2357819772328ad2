"""QC-R01: a contracted parcel without a right, or a right to a parcel that was not drawn."""

import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated, words

_CONTRACTED = "10"


@rule(
    "QC-R01",
    category="quality",
    severity="high",
    subject=("parcel", "parcel_right"),
    requires=("parcel.code", "parcel.category", "parcel_right.parcel_code"),
    basis=("STD-2539", "YLT"),
    since="2016-12-23",
    title=("地块与承包地块信息对不上", "Parcels and rights do not meet"),
    zh="{a}{lacks_zh}",
    en="{a} {lacks_en}",
)
def right_and_parcel(
    rows: pd.DataFrame, p: Thresholds, layer: str, parcel: pd.DataFrame, parcel_right: pd.DataFrame
) -> pd.DataFrame:
    """A contracted parcel (10) has no row in CBDKXX, or a row of CBDKXX names a parcel that DK does not hold."""
    if layer == "parcel":
        alone = words(rows["category"]).eq(_CONTRACTED) & ~rows["code"].isin(parcel_right["parcel_code"])
        named, said = "code", ("是承包地块，但没有承包地块信息", "is contracted, but CBDKXX has no row for it")
    else:
        alone = rows["parcel_code"].notna() & ~rows["parcel_code"].isin(parcel["code"].dropna())
        named, said = "parcel_code", ("所指的地块没有空间信息", "is to a parcel that was not drawn")
    field = next(field for field in fields(layer) if field.name == named)
    return stated(layer, rows, {field: alone}).assign(lacks_zh=said[0], lacks_en=said[1])
