"""QC-U04: a contractor's serial number belongs to another kind of contractor."""

import pandas as pd

from geo.codes import CONTRACTOR, has_shape
from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated, words

_HOUSEHOLD, _PERSON, _UNIT = "1", "2", "3"


@rule(
    "QC-U04",
    category="quality",
    severity="high",
    subject="contractor",
    requires=("contractor.code", "contractor.kind"),
    basis=("GB-35958", "YLT"),
    since="2016-12-23",
    last_household=8000,
    last_person=9000,
    title=("承包方编码与类型不符", "Contractor code of another kind"),
    zh="{a}的编码末四位 {serial} 与承包方类型 {kind} 不符",
    en="the serial {serial} of {a} is not that of its kind ({kind})",
)
def serial_of_kind(contractors: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The serial is not in the range of its kind: households to 8000, persons to 9000, units beyond."""
    kind = words(contractors["kind"])
    formed = has_shape(contractors["code"], CONTRACTOR)
    serial = pd.to_numeric(contractors["code"].astype("string").str[14:].where(formed), errors="coerce")
    bounds = {
        _HOUSEHOLD: (0, p.last_household),
        _PERSON: (p.last_household, p.last_person),
        _UNIT: (p.last_person, 9999),
    }
    wrong = pd.Series(False, index=contractors.index)
    for which, (after, last) in bounds.items():
        wrong |= kind.eq(which).fillna(False) & formed & ~serial.between(after, last, inclusive="right").fillna(False)
    field = next(field for field in fields("contractor") if field.name == "kind")
    told = stated("contractor", contractors, {field: wrong.astype(bool)})
    return told.assign(
        serial=contractors["code"].astype("string").str[14:].loc[told.index].astype(object),
        kind=kind.loc[told.index].astype(object),
    )
