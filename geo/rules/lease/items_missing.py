"""ZL-04: a transfer lacks some of the items that its contract should have."""

from typing import Final

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import Words, dates, either, supplied, texts, unjudged
from geo.rules._transfers import are_brief_caretaking, are_leases

#: The eight usual items. Whose the compensation is was not among them before the law of 2018.
_NAMES: Final = ("双方当事人", "both parties")
_LAND: Final = ("地块和面积", "parcels and area")
_TERM: Final = ("期限", "term")
_USE: Final = ("用途", "use")
_DUTIES: Final = ("权利义务", "rights and duties")
_PRICE: Final = ("价款及支付方式", "price and payment")
_COMPENSATION: Final = ("征收补偿归属", "compensation when the land is taken")
_BREACH: Final = ("违约责任", "breach")
_ADDED = np.datetime64("2019-01-01", "s")
#: What tells of each item; an item that none of these columns ever tells was not delivered.
_TOLD_BY: Final[dict[Words, tuple[str, ...]]] = {
    _NAMES: ("contractor_code", "transferee_code"),
    _LAND: ("area_m2", "parcel_count"),
    _TERM: ("term_from", "term_to"),
    _USE: ("use_after",),
    _DUTIES: ("has_duties",),
    _PRICE: ("price_text", "price_yuan"),
    _COMPENSATION: ("has_compensation",),
    _BREACH: ("has_breach",),
}


@rule(
    "ZL-04",
    category="lease",
    severity="medium",
    subject="transfer",
    requires=("transfer.has_duties|has_compensation|has_breach|use_after|price_text|price_yuan|area_m2|term_to",),
    basis=("RLCL-40",),
    since="2003-03-01",
    acted="signed_on",
    caretaking_years=1,
    title=("流转合同条款不全", "Items missing from a transfer"),
    zh="{a}未见以下条款：{reasons_zh}{unjudged_zh}",
    en="{a} lacks these items: {reasons_en}{unjudged_en}",
    leaves_out=("转让、互换不是经营权流转，不在此判断", "assignments and exchanges are not judged here"),
)
def items_missing(transfers: pd.DataFrame, p: Thresholds, transfer_parcel: pd.DataFrame | None = None) -> pd.DataFrame:
    """Of the eight usual items of a transfer some are not there; a clause counts if it is said to be there (1).

    Who tills for the holder for a year at most needs no contract. Before 2019 the law had seven items.
    """
    told = [item for item, columns in _TOLD_BY.items() if supplied(transfers, *columns)]
    asked = are_leases(transfers) & ~are_brief_caretaking(transfers, p.caretaking_years)
    absent = {item: mask & asked for item, mask in _absent(transfers, transfer_parcel).items() if item in told}
    if _COMPENSATION in absent:
        absent[_COMPENSATION] &= ~(dates(transfers, "signed_on") < _ADDED)
    return either(absent).assign(**unjudged([item for item in _TOLD_BY if item not in told]))


def _absent(transfers: pd.DataFrame, links: pd.DataFrame | None) -> dict[Words, pd.Series]:
    """Which transfers lack which item."""
    empty = {name: texts(transfers, name).isna() for names in _TOLD_BY.values() for name in names}
    linked = (
        pd.Series(False, index=transfers.index) if links is None else transfers["code"].isin(links["transfer_code"])
    )
    clause = {name: ~texts(transfers, name).eq("1").fillna(False).astype(bool) for name in empty}
    return {
        _NAMES: empty["contractor_code"] | empty["transferee_code"],
        _LAND: empty["area_m2"] | (empty["parcel_count"] & ~linked),
        _TERM: empty["term_from"] | empty["term_to"],
        _USE: empty["use_after"],
        _DUTIES: clause["has_duties"],
        _PRICE: empty["price_text"] & empty["price_yuan"],
        _COMPENSATION: clause["has_compensation"],
        _BREACH: clause["has_breach"],
    }
