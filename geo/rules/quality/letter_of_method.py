"""QC-U05: the letter of a contract's or certificate's code does not say how the land was contracted."""

import pandas as pd

from geo.fields import Field, fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated, words

_HOUSEHOLD, _OTHERWISE = "110", ("120", "121", "122", "123", "129")
#: The codes that end in the letter, and the column that says how.
_JUDGED = {
    "contract": (("code",), "method"),
    "register_entry": (("code",), "method"),
    "parcel_right": (("contract_code", "certificate_code"), "acquired_by"),
}


@rule(
    "QC-U05",
    category="quality",
    severity="high",
    subject=tuple(_JUDGED),
    requires=("contract.method", "register_entry.method", "parcel_right.acquired_by"),
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("代码末位与承包方式不符", "Letter of the code is not that of the method"),
    zh="{a}的承包方式为 {method}，代码末位应当是 {wanted}：{fields_zh}",
    en="{a} was contracted by {method}, so that its code should end in {wanted}: {fields_en}",
)
def letter_of_method(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """A household contract (110) ends in J and any other way (120 to 129) in Q; other methods say nothing of it."""
    names, how = _JUDGED[layer]
    method = words(rows[how])
    wanted = pd.Series(pd.NA, index=rows.index, dtype="string")
    wanted = wanted.mask(method.eq(_HOUSEHOLD).fillna(False), "J").mask(method.isin(_OTHERWISE), "Q")
    wrong: dict[Field, pd.Series] = {}
    for field in fields(layer):
        if field.name in names and field.name in rows.columns:
            letter = words(rows[field.name]).str[-1:]
            wrong[field] = wanted.notna() & letter.notna() & letter.ne(wanted).fillna(False)
    told = stated(layer, rows, wrong)
    at = told.index
    return told.assign(method=method.loc[at].astype(object), wanted=wanted.loc[at].astype(object))
