"""Where the subject of a finding lies: its own shape, or the parcels that a paper or a person speaks of."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.detect.ready import Ready
from geo.model import Shapes
from geo.shapes import inside

#: Code of PZLX.
_EXPROPRIATION = "2"
#: Papers that name their parcel themselves.
_OF_ONE_PARCEL = ("transfer_parcel", "collective_contract", "right_change", "occupancy")
#: By which column of CBDKXX a paper, or a person, is joined to parcels.
_SPOKEN_OF = {
    "parcel_right": "parcel_code",
    "contract": "contract_code",
    "register_entry": "certificate_code",
    "certificate": "certificate_code",
    "title_document": "certificate_code",
    "contractor": "contractor_code",
    "member": "contractor_code",
    "issuer": "issuer_code",
}


def shapes_of(ground: Ready, refs: pd.Series) -> list[Any]:
    """The ground of each reference: the shape of a feature, the parcels of a transfer; None for all others."""
    nouns = {str(ref).partition(":")[0] for ref in refs}
    shape_of = _parcels_of_transfers(ground, refs) if "transfer" in nouns else {}
    for name in ground.layers:
        # a parcel of the register is a parcel, and what has no code is a row
        if nouns.isdisjoint({name, "row"} | ({"parcel", "register"} if name in ("parcel", "register") else set())):
            continue
        frame = ground.frame(name)
        assert frame is not None
        asked = frame[frame["ref"].isin(refs)]
        shape_of |= dict(zip(asked["ref"], asked["geometry"], strict=True))
    return [shape_of.get(ref) for ref in refs]


def spots_of(ground: Ready, refs: pd.Series) -> Shapes:
    """A point for each paper or person among the references, inside the first ground that it speaks of; else None."""
    spots = np.full(len(refs), None, dtype=object)
    rights, parcels, reserved = (ground.frame(name) for name in ("parcel_right", "parcel", "reserved"))
    if reserved is not None:
        _fill(spots, refs, _returned_for(ground, refs) | _spoken_of(ground, refs, "reserved_code"), reserved)
    if (approvals := ground.frame("approval")) is not None and (taken := _taken_by(ground, refs, approvals)):
        _fill(spots, refs, taken, approvals.assign(code=approvals["ref"]))
    if parcels is None:
        return spots
    _fill(spots, refs, _taken_in(ground, refs), parcels)
    _fill(spots, refs, _spoken_of(ground, refs, "parcel_code"), parcels)
    if rights is None or "parcel_code" not in rights.columns:
        return spots
    layers, codes = (refs.astype("string").str.split(":", n=1).str[part] for part in (0, 1))
    for layer, column in _SPOKEN_OF.items():
        here = layers.eq(layer).to_numpy(dtype=bool)
        if column in rights.columns and here.any():
            named = rights.dropna(subset=[column]).drop_duplicates(column)
            first = dict(zip(named[column], named["parcel_code"], strict=True))
            own = codes[here].str.split("/").str[0].map(first)
            _fill(spots, refs, dict(zip(refs[here], own, strict=True)), parcels)
    return spots


def _fill(spots: Shapes, refs: pd.Series, codes: Mapping[str, Any], ground: pd.DataFrame) -> None:
    """Fill in a point inside the piece of ground whose code each reference speaks of, where there is one."""
    asked = refs.map(codes)
    if asked.notna().any():
        found = _inside(ground[ground["code"].isin(asked.dropna())], asked)
        known = ~shapely.is_missing(found)
        spots[known] = found[known]


def _spoken_of(ground: Ready, refs: pd.Series, column: str) -> dict[str, Any]:
    """The ground that papers name themselves, and that of their contract for payments, by their references."""
    payments = _asked(ground, "payment", "contract_code", refs)
    contract = payments["contract_code"].astype("string")
    bills = dict(zip(payments["ref"], "collective_contract:" + contract, strict=True))
    found: dict[str, Any] = {}
    for name in _OF_ONE_PARCEL:
        papers = _asked(ground, name, column, pd.Series([*refs, *bills.values()], dtype=object))
        found |= dict(zip(papers["ref"], papers[column], strict=True))
    found |= {ref: found[bill] for ref, bill in bills.items() if bill in found}
    if column == "parcel_code" and len(payments):
        first = contract.map(_first_parcels(ground)).dropna()
        found |= dict(zip(payments.loc[first.index, "ref"], first, strict=True))
    return found


def _asked(ground: Ready, table: str, column: str, refs: pd.Series) -> pd.DataFrame:
    """The rows of a table that are among the references, if the table has that column."""
    papers = ground.frame(table)
    if papers is None or column not in papers.columns or not refs.str.startswith(f"{table}:").any():
        return pd.DataFrame({"ref": [], column: []}, dtype=object)
    return papers[papers["ref"].isin(refs)]


def _returned_for(ground: Ready, refs: pd.Series) -> dict[str, Any]:
    """The first reserved land that was granted for each expropriation among the references."""
    grants = ground.frame("reserved_grant")
    if grants is None or not {"expropriation_code", "reserved_code"} <= set(grants.columns):
        return {}
    named = grants.dropna(subset=["expropriation_code", "reserved_code"]).sort_values("ref")
    named = named.assign(of="expropriation:" + named["expropriation_code"].astype("string")).drop_duplicates("of")
    return dict(zip(named["of"], named["reserved_code"], strict=True)) if refs.isin(named["of"]).any() else {}


def _taken_by(ground: Ready, refs: pd.Series, approvals: pd.DataFrame) -> dict[str, Any]:
    """The drawn approval of each expropriation among the references, the first of those that bear its number."""
    papers = _asked(ground, "expropriation", "approval_no", refs).dropna(subset=["approval_no"])
    if papers.empty:
        return {}
    kind = approvals.reindex(columns=["kind"])["kind"].astype("string")
    drawn = approvals[(kind.isna() | kind.eq(_EXPROPRIATION)).to_numpy(dtype=bool)].sort_values("ref")
    numbers = drawn["code"].astype("string").str.split("#").str[0]
    first = dict(zip(numbers[~numbers.duplicated()], drawn["ref"][~numbers.duplicated()], strict=True))
    return {ref: first[no] for ref, no in zip(papers["ref"], papers["approval_no"], strict=True) if no in first}


def _taken_in(ground: Ready, refs: pd.Series) -> dict[str, Any]:
    """The first parcel of a transfer to each contractor among the references, by reference."""
    transfers = ground.frame("transfer")
    if transfers is None or "transferee_code" not in transfers.columns or not refs.str.startswith("contractor:").any():
        return {}
    to = "contractor:" + transfers["transferee_code"].astype("string")
    first = transfers["code"].map(_first_parcels(ground)).groupby(to).first()
    return dict(first)


def _first_parcels(ground: Ready) -> dict[str, Any]:
    """The first parcel of each transfer, by the transfer's code."""
    found: dict[str, Any] = {}
    for table in (ground.frame("parcel_right"), ground.frame("transfer_parcel")):
        if table is not None and {"transfer_code", "parcel_code"} <= set(table.columns):
            links = table.dropna(subset=["transfer_code", "parcel_code"]).drop_duplicates("transfer_code")
            found |= dict(zip(links["transfer_code"], links["parcel_code"], strict=True))
    return found


def _inside(parcels: pd.DataFrame, codes: pd.Series) -> Shapes:
    """A point inside each of these parcels; None where there is none, or where it has no usable shape."""
    shape_of = dict(zip(parcels["code"], parcels["judged"], strict=True))
    shape = np.array([shape_of.get(code) for code in codes], dtype=object)
    found = np.full(len(shape), None, dtype=object)
    usable = ~shapely.is_missing(shape) & ~shapely.is_empty(shape)
    found[usable] = inside(shape[usable])
    return found


def _parcels_of_transfers(ground: Ready, refs: pd.Series) -> dict[str, Any]:
    """The parcels of each transfer among the references, as one shape."""
    found: dict[str, list[Any]] = {}
    parcels = ground.frame("parcel")
    for table in (ground.frame("transfer_parcel"), ground.frame("parcel_right")):
        if table is None or parcels is None or "transfer_code" not in table.columns:
            continue
        links = table.assign(transfer="transfer:" + table["transfer_code"].astype("string"))
        links = links[links["transfer"].isin(refs)].assign(ref="parcel:" + links["parcel_code"].astype("string"))
        links = links.merge(parcels[["ref", "geometry"]], on="ref", suffixes=("_link", ""))
        for transfer, shapes in links.groupby("transfer")["geometry"]:
            found.setdefault(str(transfer), list(shapes))
    return {
        transfer: shapely.MultiPolygon([part for shape in shapes for part in shapely.get_parts(shape)])
        for transfer, shapes in found.items()
    }
