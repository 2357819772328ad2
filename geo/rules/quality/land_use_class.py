"""QC-A07: the land use of a parcel is no second-level class."""

import pandas as pd

from geo.codes import code_list
from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated, words


@rule(
    "QC-A07",
    category="quality",
    severity="medium",
    subject="parcel",
    requires=("parcel.land_use",),
    basis=("STD-2539", "YLT"),
    since="2016-12-23",
    title=("土地利用类型不是二级类", "Land use is no second-level class"),
    zh="{a}的土地利用类型 {stands} 不是国家标准的二级类",
    en="the land use {stands} of {a} is no second-level class of the national standard",
)
def land_use_class(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The land use of a parcel is no second-level class, neither of the edition of 2007 nor of the later ones."""
    field = next(field for field in fields("parcel") if field.name == "land_use")
    stands = words(parcels["land_use"])
    known = {*code_list("TDLYLX"), *code_list("DLBM")}
    told = stated("parcel", parcels, {field: stands.notna() & ~stands.isin(known)})
    return told.assign(stands=stands.loc[told.index].astype(object))
