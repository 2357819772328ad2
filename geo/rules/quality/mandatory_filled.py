"""QC-A01: something that must be filled in is not, or holds a word that says nothing."""

from typing import Final

import numpy as np
import pandas as pd

from geo.fields import Field, fields
from geo.rules import EVERY, Thresholds, rule
from geo.rules.quality._stated import columns_of, empty, is_personal, placeholder, stated, words

#: Judged by rules of their own: QC-A06, QC-A03.
_ELSEWHERE = ("boundary_points", "element_code")
#: What is wanted where another column holds a value (None: any value).
_WANTED_BY: Final[dict[tuple[str, str], tuple[str, str | None]]] = {
    ("certificate", "collected_on"): ("is_collected", "1"),
    ("certificate", "collector_name"): ("is_collected", "1"),
    ("certificate", "collector_id_type"): ("is_collected", "1"),
    ("certificate", "collector_id_number"): ("is_collected", "1"),
    ("parcel_right", "contract_m2"): ("contract_mu", None),
    ("contract", "former_total_m2"): ("former_total_mu", None),
}
#: A blank within: names are often drawn apart to fill a form, numbers are typed in groups.
_WITHIN = r"\s"


@rule(
    "QC-A01",
    category="quality",
    severity="high",
    subject=EVERY,
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("必填内容未填", "Mandatory content is missing"),
    zh="{a}的必填内容未填或不规范：{fields_zh}",
    en="{a} lacks mandatory content, or has it in a wrong form: {fields_en}",
    leaves_out=(
        "整列没有任何值的字段由 QC-F05 报告一次，不逐行重复",
        "a field in which no row of the table holds anything is told once by QC-F05, not once a row",
    ),
)
def mandatory_filled(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """A mandatory field is empty or holds a placeholder, or a name or ID number has blanks within.

    Medium where only placeholders stand: somebody looked, and found nothing to write. Who collected a certificate must
    stand there once it is collected; an area of the former contract is wanted in m² wherever it stands in mu.
    """
    asked = [field for field in columns_of(layer, rows) if field.mandatory and field.name not in _ELSEWHERE]
    unfilled = {field: empty(rows[field.name]) for field in asked} | _conditional(layer, rows)
    idle = {field: placeholder(rows[field.name]) for field in asked if field.type == "char" and not field.code_list}
    apart = {field: _spaced(rows[field.name]) for field in asked if _is_one_word(layer, field)}
    wrong = {field: _any(rows, field, unfilled, idle, apart) for field in dict.fromkeys([*unfilled, *apart])}
    told = stated(layer, rows, wrong)
    graver = np.zeros(len(rows), dtype=bool)
    for masks in (unfilled, apart):
        for mask in masks.values():
            graver |= mask.to_numpy(dtype=bool)
    grave = pd.Series(graver, index=rows.index)
    return told.assign(severity=np.where(grave.loc[told.index], "high", "medium"))


def _conditional(layer: str, rows: pd.DataFrame) -> dict[Field, pd.Series]:
    """Where a field is empty that must be filled because of what stands in another one."""
    missing = {}
    for field in fields(layer):
        tells, value = _WANTED_BY.get((layer, field.name), (None, None))
        if field.name in rows.columns and tells in rows.columns:
            said = words(rows[tells])
            tells_so = said.notna() if value is None else said.eq(value).fillna(False)
            missing[field] = empty(rows[field.name]) & tells_so.astype(bool)
    return missing


def _any(rows: pd.DataFrame, field: Field, *kinds: dict[Field, pd.Series]) -> pd.Series:
    """Whether a field is wrong in any of these ways."""
    wrong = pd.Series(False, index=rows.index)
    for kind in kinds:
        if field in kind:
            wrong |= kind[field].astype(bool)
    return wrong


def _is_one_word(layer: str, field: Field) -> bool:
    """Whether a field holds the name of a person, or a number: words that have no blank within."""
    of_person = (layer in ("contractor", "member") and field.name == "name") or field.name == "head_name"
    return field.type == "char" and is_personal(field) and (of_person or field.name.endswith("id_number"))


def _spaced(values: pd.Series) -> pd.Series:
    """Which texts have a blank within."""
    return words(values).str.contains(_WITHIN, regex=True).fillna(False)
