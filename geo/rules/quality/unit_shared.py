"""QC-B02: one real-estate unit code stands for several parcels."""

import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated


@rule(
    "QC-B02",
    category="quality",
    severity="high",
    subject="unit_code",
    requires=("unit_code.unit_code",),
    basis=("REC",),
    since="2019-07-01",
    title=("多个地块共用不动产单元代码", "Unit code of several parcels"),
    zh="{a} {unit} 同时用于地块 {others_zh}",
    en="the {a}, {unit}, is that of {others_en} too",
)
def unit_shared(units: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """Parcels and units answer to each other one to one; all parcels that share a code are told."""
    codes = units["unit_code"].astype("string")
    twice = codes.notna() & codes.duplicated(keep=False)
    field = next(field for field in fields("unit_code") if field.name == "unit_code")
    told = stated("unit_code", units, {field: twice.astype(bool)})
    sharing = units.loc[twice].groupby(codes[twice])["code"].agg(list).to_dict()
    others = [sorted(set(sharing[codes[at]]) - {units["code"][at]}) for at in told.index]
    return told.assign(
        unit=codes.loc[told.index].astype(object),
        others_zh=["、".join(codes) for codes in others],
        others_en=[", ".join(codes) for codes in others],
    )
