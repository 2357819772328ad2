"""QC-A12: a term ends before it begins, or the register has another term than the contract."""

import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import days, stated

_TERM = ("term_from", "term_to")


@rule(
    "QC-A12",
    category="quality",
    severity="high",
    subject=("contract", "register_entry"),
    requires=("contract.term_from|term_to", "register_entry.term_from|term_to"),
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("承包期限有误", "Term in error"),
    zh="{a}的承包期限起止颠倒，或登记簿与合同的期限不一致：{fields_zh}",
    en="the term of {a} ends before it begins, or differs between contract and register: {fields_en}",
)
def term_order(rows: pd.DataFrame, p: Thresholds, layer: str, contract: pd.DataFrame | None = None) -> pd.DataFrame:
    """A term of a contract or register entry does not begin before it ends, or the register tells another term."""
    here = {field.name: field for field in fields(layer) if field.name in _TERM and field.name in rows.columns}
    told = {name: days(rows[name]) for name in here}
    wrong = {field: pd.Series(False, index=rows.index) for field in here.values()}
    if len(here) == len(_TERM):
        turned = told["term_to"] <= told["term_from"]
        wrong = {field: turned for field in wrong}
    if layer == "register_entry" and contract is not None and "code" in contract.columns:
        signed = contract.dropna(subset=["code"]).drop_duplicates("code").set_index("code")
        for name in set(here) & set(signed.columns):
            other = rows["code"].map(days(signed[name])).astype("datetime64[s]")
            differs = told[name].notna() & other.notna() & (told[name] != other)
            wrong[here[name]] = wrong[here[name]] | differs
    return stated(layer, rows, wrong)
