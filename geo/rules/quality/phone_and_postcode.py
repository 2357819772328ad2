"""QC-A08: a telephone number or a postcode is none."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.quality._stated import columns_of, placeholder, stated, words

_SHAPES = {"phone": r"\+?[0-9]+(?:-[0-9]+)*", "postcode": r"[0-9]{6}"}


@rule(
    "QC-A08",
    category="quality",
    severity="medium",
    subject=("issuer", "contractor"),
    requires=("issuer.phone|postcode", "contractor.phone|postcode"),
    basis=("YLT",),
    since="2016-12-23",
    title=("电话或邮编不规范", "Telephone number or postcode is none"),
    zh="{a}的电话或邮编不规范：{fields_zh}",
    en="{a} has something else where a telephone number or postcode should stand: {fields_en}",
)
def phone_and_postcode(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """A telephone number has other signs than digits (hyphens apart), or a postcode other than six digits."""
    wrong = {}
    for field in columns_of(layer, rows):
        if field.name in _SHAPES:
            text = words(rows[field.name])
            # a missing postcode is QC-A01's, and a placeholder says there is none
            told = text.notna() & ~placeholder(text)
            wrong[field] = told & ~text.str.fullmatch(_SHAPES[field.name]).fillna(False).astype(bool)
    return stated(layer, rows, wrong)
