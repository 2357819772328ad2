"""Which ground a delivery touches, and which of its rows it had no business to bring."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.people import within
from data.store.details import parcels_of
from data.store.sets import among
from data.tables import FACTS
from geo.intake.reading import LayerReading, Rejected
from geo.model import DETAIL_LAYERS

#: The column whose code says in whose area a row lies; survey features have none, they lie where they lie.
CODED = {layer: "code" for layer in FACTS} | {
    "member": "contractor_code",
    "parcel_right": "parcel_code",
    "transfer_parcel": "transfer_code",
    "title_document": "certificate_code",
    "certificate_replaced": "certificate_code",
    "certificate_exchanged": "certificate_code",
    "certificate_cancelled": "certificate_code",
    "collective_contract": "issuer_code",
    "collective_bid": "contract_code",
    "payment": "contract_code",
    "expropriation": "issuer_code",
    "reserved_grant": "expropriation_code",
    "right_change": "parcel_code",
    "occupancy": "parcel_code",
}
#: What these are about may bear whatever number its office gives it, which then says nothing of a place.
NUMBERED_AT_WILL = ("collective_bid", "payment", "reserved_grant")
#: By what boundary points and lines say whose they are.
NAMING = "parcel_codes"
OUTSIDE = {
    "zh": "编码 {code} 不在本次成果的范围 {scope} 内。",
    "en": "The code {code} lies outside of the area {scope} of this delivery.",
}


def outside_rows(layer: LayerReading, scope: str) -> LayerReading:
    """Move the rows whose code lies outside of the scope to the rejected ones."""
    column = NAMING if NAMING in layer.accepted.names else CODED.get(layer.layer)
    if not scope or column not in layer.accepted.names:
        return layer
    inside = _names_inside if column == NAMING else _inside
    if layer.layer in NUMBERED_AT_WILL:
        inside = _inside_or_nowhere
    if all(inside(values, scope).all() for values in layer.accepted.column(column)):
        return layer
    rejected = [
        _rejected(row, column, scope)
        for some in layer.accepted.frames()
        for row in some[~inside(pa.array(some[column], pa.string()), scope)].to_dict("records")
    ]
    both = sorted([*layer.rejected, *rejected], key=lambda row: row.row)
    gone = {row.row for row in rejected}
    repairs = [repair for repair in layer.repairs if repair.row not in gone]
    return dataclasses.replace(layer, accepted=layer.accepted.without(gone), rejected=both, repairs=repairs)


def _inside(values: pa.Array, scope: str) -> np.ndarray:
    """Whether each code lies in the scope; a missing one does not."""
    begins = pc.dictionary_encode(pc.utf8_slice_codeunits(values, 0, max(len(scope), 6)))
    known = np.array([within(code, scope) for code in begins.dictionary.to_pylist()] + [False])
    return known[begins.indices.fill_null(len(known) - 1).to_numpy()]


def _inside_or_nowhere(values: pa.Array, scope: str) -> np.ndarray:
    """Whether each code lies in the scope, or names no county at all."""
    named = pc.match_substring_regex(values, "^[0-9]{6}").fill_null(False).to_numpy(zero_copy_only=False)
    return _inside(values, scope) | ~named


def _names_inside(values: pa.Array, scope: str) -> np.ndarray:
    """Whether boundary points and lines belong to a parcel of the scope; those that name none are nobody else's."""
    named = [parcels_of(text) for text in values.to_pylist()]
    return np.array([not codes or any(within(code, scope) for code in codes) for codes in named], dtype=bool)


def _rejected(row: dict, column: str, scope: str) -> Rejected:
    said = {lang: text.format(code=row[column], scope=scope) for lang, text in OUTSIDE.items()}
    shape = row.get("geometry")
    place = shapely.get_coordinates(shape.centroid)[0].tolist() if shape is not None else None
    code = row[column] if column in ("code", "parcel_code") else None
    return Rejected(
        row["row"],
        "outside_scope",
        code,
        said["zh"],
        said["en"],
        tuple(place) if place else None,
        shapely.to_wkb(shape) if shape is not None else None,
    )


def villages_of(session: Session, layers: Sequence[LayerReading], srid: int) -> set[str]:
    """The villages that a delivery touches: by the codes of its rows, or by the parcels under its survey features."""
    touched: set[str] = set()
    for layer in layers:
        column = CODED.get(layer.layer)
        if layer.layer in DETAIL_LAYERS:
            for values in layer.accepted.column(NAMING) if NAMING in layer.accepted.names else ():
                touched |= {code[:12] for text in pc.unique(values).to_pylist() for code in parcels_of(text)}
        elif column in layer.accepted.names:
            codes = {code for values in layer.accepted.column(column) for code in _distinct(layer.layer, values)}
            at_will = layer.layer in NUMBERED_AT_WILL
            touched |= {code[:12] for code in codes if not at_will or code[:6].isdigit()}
            touched |= _of_collective(session, codes) if at_will else set()
        elif layer.accepted.crs is not None:
            for frame in layer.accepted.frames():
                touched |= under(session, frame.to_crs(srid).total_bounds, srid)
    return touched


def _distinct(layer: str, values: pa.Array) -> list[str]:
    """The codes of a column: their villages are enough, but for those that may name none."""
    known = values.drop_null()
    return pc.unique(known if layer in NUMBERED_AT_WILL else pc.utf8_slice_codeunits(known, 0, 12)).to_pylist()


def _of_collective(session: Session, codes: set[str]) -> set[str]:
    """The villages of the collectives' contracts, and of the expropriations, that bear these numbers."""
    found: set[str] = set()
    for layer in ("collective_contract", "expropriation"):
        table = FACTS[layer]
        query = select(func.left(table.issuer_code, 12)).where(among(table.code, codes), func.upper_inf(table.known))
        found |= set(session.scalars(query.distinct()))
    return found


def under(session: Session, bounds: Sequence[float], srid: int) -> set[str]:
    """The villages of the parcels and reserved land in a box."""
    found: set[str] = set()
    for layer in ("parcel", "reserved"):
        table = FACTS[layer]
        box = func.ST_MakeEnvelope(*map(float, bounds), srid)
        query = select(func.left(table.code, 12)).where(func.upper_inf(table.known), table.geom.op("&&")(box))
        found |= set(session.scalars(query.distinct()))
    return found
