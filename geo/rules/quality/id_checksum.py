"""QC-A09: an ID number cannot have been given out."""

import numpy as np
import pandas as pd

from geo.fields import Field
from geo.masks import mask_id
from geo.rules import Thresholds, rule
from geo.rules.quality._people import IDENTITY_CARD, digits, has_form, number_fields, plain
from geo.rules.quality._stated import PLACEHOLDERS, stated

#: GB 11643: the weights of the seventeen digits, and the check character for each remainder of eleven.
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.array(list("10X98765432"))


@rule(
    "QC-A09",
    category="quality",
    severity="medium",
    subject=("issuer", "contractor", "member", "certificate", "certificate_replaced", "certificate_exchanged"),
    requires=("issuer.head_id_number", "contractor.id_number", "member.id_number", "certificate.collector_id_number"),
    basis=("GB-11643", "YLT"),
    since="2016-12-23",
    title=("身份证号码校验不通过", "ID number fails its check"),
    zh="{a}的身份证号码（{masked}）不符合编码规则：{fields_zh}",
    en="an ID number of {a} ({masked}) breaks the rules of its making: {fields_en}",
)
def id_checksum(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """The number of an identity card has no eighteen characters, no day of birth, or another check character."""
    wrong: dict[Field, pd.Series] = {}
    shown = pd.Series("", index=rows.index, dtype=object)
    for field, kind in number_fields(layer, rows):
        numbers = plain(rows[field.name])
        told = numbers.notna() & ~numbers.isin(PLACEHOLDERS)
        if kind is not None:
            told &= rows[kind].astype("string").str.strip().eq(IDENTITY_CARD).fillna(False)
        wrong[field] = told.astype(bool) & ~_sound(numbers)
        shown = shown.mask(wrong[field], numbers.where(wrong[field]).map(mask_id, na_action="ignore").astype(object))
    told = stated(layer, rows, wrong, say=False)
    return told.assign(masked=shown.loc[told.index])


def _sound(numbers: pd.Series) -> pd.Series:
    """Which numbers have the form, a day that exists, and the right check character."""
    sound = has_form(numbers)
    given = numbers[sound]
    if len(given):
        check = _CHECK[digits(given) @ _WEIGHTS % 11] == given.str[17].to_numpy(dtype="U1")
        born = pd.to_datetime(given.str[6:14], format="%Y%m%d", errors="coerce").notna().to_numpy()
        sound[sound] = check & born
    return sound
