"""QC-R02: a right names an issuer, contractor, contract or certificate that is not there, or of another issuer."""

import pandas as pd

from geo.codes import OLD_COUNTIES, issuers_of, resolve_prefix
from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import stated, words

#: Codes that begin with the issuer's.
_OF_ISSUER = ("parcel_code", "contractor_code", "contract_code", "certificate_code")


@rule(
    "QC-R02",
    category="quality",
    severity="high",
    subject="parcel_right",
    basis=("STD-2539",),
    since="2016-12-23",
    title=("承包地块信息的关联断裂", "Links of a right are broken"),
    zh="{a}所关联的内容不存在或不属于同一发包方：{fields_zh}",
    en="{a} names what is not there, or belongs to another issuer: {fields_en}",
)
def links_hold(
    rights: pd.DataFrame,
    p: Thresholds,
    issuer: pd.DataFrame | None = None,
    contractor: pd.DataFrame | None = None,
    contract: pd.DataFrame | None = None,
    register_entry: pd.DataFrame | None = None,
    transfer: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A right names an issuer, contractor, contract, register entry or transfer that its table does not hold.

    Or its codes begin with different issuers; old county codes count as today's. Tables that were not given are not
    looked into.
    """
    tables = {
        "issuer_code": issuer,
        "contractor_code": contractor,
        "contract_code": contract,
        "certificate_code": register_entry,
        "transfer_code": transfer,
    }
    home = _home(rights)
    wrong = {}
    for field in fields("parcel_right"):
        if field.name not in (*tables, *_OF_ISSUER) or field.name not in rights.columns:
            continue
        code = words(rights[field.name])
        broken = pd.Series(False, index=rights.index)
        known = tables.get(field.name)
        if known is not None:
            broken |= code.notna() & ~_today(code).isin(_today(words(known["code"])).dropna())
        if field.name in _OF_ISSUER:
            broken |= issuers_of(code).ne(home).fillna(False)
        wrong[field] = broken.astype(bool)
    return stated("parcel_right", rights, wrong)


def _home(rights: pd.DataFrame) -> pd.Series:
    """The issuer that each right names, else that of its parcel."""
    home = pd.Series(pd.NA, index=rights.index, dtype="string")
    for name in ("issuer_code", "parcel_code"):
        if name in rights.columns:
            home = home.fillna(issuers_of(words(rights[name])))
    return home


def _today(codes: pd.Series) -> pd.Series:
    """Codes as they would begin today."""
    old = codes.str[:6].isin(OLD_COUNTIES)
    return codes.mask(old, codes[old].map(resolve_prefix).reindex(codes.index)) if old.any() else codes
