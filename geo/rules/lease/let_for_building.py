"""ZL-15: collective land is let for other use than farming though it is not legally construction land."""

from datetime import date

import numpy as np
import pandas as pd
import shapely

from geo.model import Shapes
from geo.rules import NotRun, Thresholds, rule
from geo.rules._collective import COMMERCIAL, RESERVED, SALE, of_resource
from geo.rules._ground import unapproved
from geo.rules._reading import dates, texts

#: Use that is no farming (TDYT); approvals (PZLX) that make land construction land: conversion, expropriation, supply.
_NOT_FARMING = "5"
_MAKES_IT_SO = ("1", "2", "3")


@rule(
    "ZL-15",
    category="lease",
    severity="high",
    subject="collective_contract",
    requires=("collective_contract.use_after|resource", "collective_contract.parcel_code|reserved_code"),
    basis=("LAL-63", "LAL-82"),
    since="2020-01-01",
    acted="signed_on",
    min_area_m2=1.0,
    title=("集体土地出租用于非农建设未见转用批准", "Collective land let for building without conversion"),
    zh="{a}把集体土地用于非农业，其中 {bare_m2:.2f} 平方米未见农用地转用批准",
    en="{a} lets collective land for other use than farming; no approval of conversion for {bare_m2:.2f} m² of it",
    leaves_out=(
        "没有写明地块或留用地、或其图形和台账未提供的合同不作判断",
        "contracts that name neither parcel nor reserved land, or one that is not on record, are not judged",
    ),
)
def let_for_building(
    contracts: pd.DataFrame,
    p: Thresholds,
    day: date,
    reserved: pd.DataFrame | None = None,
    parcel: pd.DataFrame | None = None,
    approval: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Land is let for other use than farming, and neither the ledger of reserved land nor an approval has it converted.

    Commercial construction land and reserved land of unknown use count. Approvals are those valid when the term begins.
    """
    if reserved is None and parcel is None:
        raise NotRun("没有提供留用地或地块", "neither reserved land nor parcels were given")
    use = texts(contracts, "use_after")
    built = use.eq(_NOT_FARMING).fillna(of_resource(contracts, COMMERCIAL, RESERVED)).astype(bool)
    rows = contracts[built & texts(contracts, "deal").ne(SALE).fillna(True).astype(bool)]
    converted = _converted(texts(rows, "reserved_code"), reserved)
    begins = dates(rows, "term_from").fillna(dates(rows, "signed_on")).fillna(np.datetime64(day, "s"))
    bare = unapproved(_shapes(texts(rows, "parcel_code"), parcel), begins, approval, _MAKES_IT_SO)
    bare_m2 = pd.Series(np.round(shapely.area(bare), 2), index=rows.index).where(~shapely.is_missing(bare))
    area = _area(rows, reserved).where(converted.eq(False).fillna(False))
    fires = (bare_m2 >= p.min_area_m2) & ~converted.eq(True).fillna(False)
    fires |= converted.eq(False).fillna(False) & bare_m2.isna()
    told = pd.DataFrame({"bare_m2": bare_m2.fillna(area).fillna(0.0), "cut": bare}, index=rows.index)
    return told[fires.to_numpy(dtype=bool)]


def _converted(codes: pd.Series, reserved: pd.DataFrame | None) -> pd.Series:
    """Whether the ledger has each piece of reserved land converted; null where it has no such piece."""
    if reserved is None:
        return pd.Series(pd.NA, index=codes.index, dtype="boolean")
    numbers = texts(reserved, "conversion_no").notna()
    known = numbers.groupby(texts(reserved, "code")).any()
    return codes.map(known).astype("boolean")


def _area(rows: pd.DataFrame, reserved: pd.DataFrame | None) -> pd.Series:
    """The area of each contract, else that of the reserved land that it names."""
    own = (
        pd.to_numeric(rows["area_m2"], errors="coerce") if "area_m2" in rows.columns else pd.Series(np.nan, rows.index)
    )
    if reserved is None:
        return own
    drawn = reserved.drop_duplicates("code").set_index("code")["area_m2"]
    return own.fillna(texts(rows, "reserved_code").map(drawn).astype(float))


def _shapes(codes: pd.Series, parcel: pd.DataFrame | None) -> Shapes:
    """The shape of the parcel that each contract names; None where there is none."""
    found = np.full(len(codes), None, dtype=object)
    if parcel is None or codes.isna().all():
        return found
    named = parcel[parcel["code"].isin(codes.dropna())]
    shape_of = dict(zip(named["code"], named["judged"], strict=True))
    found[:] = [shape_of.get(code) for code in codes]
    return found
