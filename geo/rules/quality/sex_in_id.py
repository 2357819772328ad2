"""QC-A10: the sex of a member is not that of the ID number."""

import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._people import IDENTITY_CARD, digits, has_form, plain
from geo.rules.quality._stated import stated, words

_MAN, _WOMAN = "1", "2"


@rule(
    "QC-A10",
    category="quality",
    severity="medium",
    subject="member",
    requires=("member.id_number", "member.sex"),
    basis=("GB-11643", "SSII"),
    since="2016-12-23",
    title=("性别与身份证号码不符", "Sex differs from the ID number"),
    zh="{a}登记的性别与身份证号码第十七位不符",
    en="the sex on record of {a} is not that of the ID number",
)
def sex_in_id(members: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The seventeenth digit of a member's ID number is odd for men and even for women; the record says otherwise."""
    numbers, sex = plain(members["id_number"]), words(members["sex"])
    asked = has_form(numbers) & sex.isin((_MAN, _WOMAN))
    if "id_type" in members.columns:
        asked &= words(members["id_type"]).eq(IDENTITY_CARD).fillna(False).astype(bool)
    differs = pd.Series(False, index=members.index)
    if asked.any():
        is_man = digits(numbers[asked])[:, 16] % 2 == 1
        differs[asked] = is_man != sex[asked].eq(_MAN).to_numpy(dtype=bool)
    field = next(field for field in fields("member") if field.name == "sex")
    return stated("member", members, {field: differs})
