"""The ground as detection wants it: frames of `geo.model`, read from the books for one scope and its surroundings."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, any_, false, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store import places
from data.store.columns import columns
from data.store.pseudonyms import pseudonyms
from data.store.sets import among
from data.store.versions import then
from data.tables import FACTS, DetailFeature, SurveyFeature
from data.tables.base import Placed
from geo.codes import is_contractor
from geo.fields import fields
from geo.layer import Ground, Layer
from geo.model import DETAIL_LAYERS, SURVEY_LAYERS

#: West, south, east, north in the metric system of the deployment.
Box = tuple[float, float, float, float]
#: Neighbours further off than this share no ground, whatever the noise of their edges.
HALO_M = 5.0

#: Survey features that belong to somebody: whose they are is told by their party.
ACTS = "recorded_act"

#: The column by whose first twelve digits a table's rows belong to a village.
VILLAGE_OF = {
    "member": "contractor_code",
    "parcel_right": "parcel_code",
    "transfer_parcel": "parcel_code",
    "title_document": "certificate_code",
    "certificate_replaced": "certificate_code",
    "certificate_exchanged": "certificate_code",
    "certificate_cancelled": "certificate_code",
    "collective_contract": "issuer_code",
    "collective_bid": "contract_code",
    "payment": "contract_code",
    "right_change": "parcel_code",
    "occupancy": "parcel_code",
}
#: These may be about a collective's contract, which bears whatever number its office gives it.
_OF_COLLECTIVE = ("collective_bid", "payment")
_PANDAS = {"char": object, "int": "Int64", "float": float, "date": "datetime64[s]"}


@dataclass(frozen=True)
class _Asked:
    """What is asked for, resolved once: areas, boxes around them, and the two times."""

    mine: tuple[str, ...]
    boxes: tuple[Box, ...]
    known_at: datetime | None
    valid_on: date | None
    srid: int
    #: Those with acts on record here who are at home nowhere, such as companies, by their codes.
    strangers: frozenset[str] = frozenset()

    def then(self, table: Any) -> list[Any]:
        return then(table, self.known_at, self.valid_on)

    def here(self, shape: Any) -> ColumnElement[bool]:
        """The condition that a shape's box meets one of the boxes."""
        return or_(false(), *(shape.op("&&")(func.ST_MakeEnvelope(*box, self.srid)) for box in self.boxes))


def load(
    session: Session,
    *,
    prefixes: Sequence[str] = (),
    box: Box | None = None,
    halo_m: float = HALO_M,
    as_of: datetime | None = None,
    valid_on: date | None = None,
    only: Collection[str] | None = None,
    outlined: bool = False,
) -> Ground:
    """Load layers and tables for the areas with these code prefixes (old county codes too), or for a box.

    Rows of the areas themselves, or parcels and reserved land that meet the box, have `mine` True; what lies within
    `halo_m` of them is loaded too, with `mine` False, and so are survey features. Only acts on record are `mine` by
    their party, that of a company or an outsider if one of its acts lies here; they are loaded wherever they lie, with
    what other surveys say of that ground. `as_of` asks for our
    books at a moment, `valid_on` for a day on the ground (today by default). Columns are those of `geo.fields`, with
    `row`, `mine` and for shapes `delivery`; layers and tables that hold nothing here are left out, and with `only` all
    others too.
    Boundary points and other details come where `only` names them, and are `mine` by the parcel they name first.
    With `outlined`, parcels and reserved land come as a `Layer` that reads its rows from this session when asked.
    """
    mine = tuple(places.prefixes(session, prefixes))
    asked = _Asked(mine, (box,) if box else (), as_of, valid_on, srid_of(session))
    if not box:
        asked = _Asked(mine, boxes(session, mine, halo_m, as_of, valid_on), as_of, valid_on, asked.srid)
    placed = _outlined if outlined else _placed
    wanted = (*FACTS, *SURVEY_LAYERS) if only is None else only
    found: dict[str, pd.DataFrame | Layer] = {
        layer: placed(session, asked, layer) for layer in ("parcel", "reserved") if layer in wanted or layer == "parcel"
    }
    near = _villages(found["parcel"])
    surveyed = _with_acts(session, asked) if ACTS in wanted else asked
    for layer in wanted:
        if layer in SURVEY_LAYERS:
            found[layer] = _surveyed(session, surveyed, layer, SurveyFeature)
        elif layer in DETAIL_LAYERS:
            found[layer] = _detailed(session, asked, layer)
        elif layer not in found:
            found[layer] = _told(session, asked, layer, near)
    return {layer: frame for layer, frame in found.items() if len(frame)}


def homes(session: Session, villages: Sequence[str]) -> set[str]:
    """The villages of those who have acts on record on the ground of these villages."""
    mine = tuple(places.prefixes(session, villages))
    asked = _Asked(mine, boxes(session, mine, HALO_M), None, None, srid_of(session))
    return {code[:12] for code in _parties(session, asked) if is_contractor(code)}


def _parties(session: Session, asked: _Asked) -> set[str]:
    """The codes of those who have acts on record on this ground."""
    table = SurveyFeature
    party = table.attributes["party_code"].astext
    query = select(party).where(table.layer == literal(ACTS, Text()), asked.here(table.geom), *asked.then(table))
    return {code for code in session.scalars(query.distinct()) if code}


def _with_acts(session: Session, asked: _Asked) -> _Asked:
    """Ask also for the ground of acts elsewhere: of parties who belong here, and of strangers who acted here."""
    strangers = frozenset(code for code in _parties(session, asked) if not is_contractor(code)) if asked.mine else ()
    named = [_said(f"@ == {json.dumps(code)}") for code in sorted(strangers)]
    begun = [_said(f"@ starts with {json.dumps(prefix)}") for prefix in asked.mine]
    table = SurveyFeature
    sides = [side(table.geom) for side in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)]
    theirs = or_(false(), *begun, *named)
    query = select(*sides).where(table.layer == literal(ACTS, Text()), theirs, *asked.then(table)).distinct()
    found = [(west, south, east, north) for west, south, east, north in session.execute(query)]
    far = [act for act in found if not any(shapely.box(*box).covers(shapely.box(*act)) for box in asked.boxes)]
    return replace(asked, boxes=(*asked.boxes, *far), strangers=frozenset(strangers))


def _said(which: str) -> ColumnElement[bool]:
    """A condition on the party of an act, as a path into what was said: a shard takes over no text out of it."""
    return SurveyFeature.attributes.path_exists(literal(f"$.party_code ? ({which})", JSONPATH()))


def boxes(
    session: Session, mine: Sequence[str], halo_m: float, as_of: datetime | None = None, valid_on: date | None = None
) -> tuple[Box, ...]:
    """Give the boxes around what is known of each village under these prefixes, with the halo."""
    found: list[Box] = []
    for layer in ("parcel", "reserved"):
        table = FACTS[layer]
        around = func.ST_Extent(table.geom)
        sides = [side(around) for side in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)]
        village = func.left(table.code, 12)
        query = select(*sides).where(places.under(table.code, mine), *then(table, as_of, valid_on)).group_by(village)
        for west, south, east, north in session.execute(query):
            found.append((west - halo_m, south - halo_m, east + halo_m, north + halo_m))
    return tuple(found)


def _placed(session: Session, asked: _Asked, layer: str) -> pd.DataFrame:
    """Parcels or reserved land: those of the areas, and what is near them."""
    table = FACTS[layer]
    here = asked.here(table.geom)
    theirs = or_(places.under(table.code, asked.mine), here) if asked.mine else here
    frame = _framed(session, asked, layer, table, theirs, *asked.then(table))
    frame["mine"] = _starts(frame["code"], asked.mine) if asked.mine else True
    return frame


def _outlined(session: Session, asked: _Asked, layer: str) -> Layer:
    """Parcels or reserved land as `_placed` has them, but only their codes and outlines."""
    table = FACTS[layer]
    here = asked.here(table.geom)
    theirs = or_(places.under(table.code, asked.mine), here) if asked.mine else here
    ids, codes, outlines = columns(session, select(table.id, table.code, table.geom).where(theirs, *asked.then(table)))

    def rows(at: NDArray[np.integer]) -> pd.DataFrame:
        # these very versions, whether or not others have followed them since: none is ever deleted
        frame = _framed(session, asked, layer, table, table.id == any_(literal(ids[at].tolist(), ARRAY(BigInteger))))
        place = {code: n for n, code in enumerate(frame["code"])}
        return frame.iloc[[place[code] for code in codes[at]]].assign(row=at).reset_index(drop=True)

    mine = _starts(codes, asked.mine) if asked.mine else np.ones(len(codes), dtype=bool)
    return Layer(outlines, codes, mine, np.ones(len(codes), dtype=bool), rows, CRS.from_epsg(asked.srid))


def _villages(parcels: pd.DataFrame | Layer) -> list[str]:
    """The villages of some parcels."""
    codes = np.asarray(parcels.order if isinstance(parcels, Layer) else parcels["code"], dtype=str)
    return np.unique(codes.astype("<U12")).tolist()


def _told(session: Session, asked: _Asked, layer: str, near: Sequence[str]) -> pd.DataFrame:
    """A table: the rows of the areas, and those of the villages whose parcels are near."""
    table = FACTS[layer]
    column = VILLAGE_OF.get(layer, "code")
    areas = places.shortest({*asked.mine, *near})
    frame = _framed(session, asked, layer, table, belongs(session, layer, areas), *asked.then(table))
    frame["mine"] = _starts(frame[column], asked.mine) if asked.mine else True
    if layer in _OF_COLLECTIVE and asked.mine:
        frame["mine"] |= frame[column].isin(_collective(session, asked.mine))
    if layer == "member":  # findings are shown to many, and name what they are about by its code
        frame["code"] = pseudonyms(session, frame["code"])
    return frame


def belongs(session: Session, layer: str, areas: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a row of a table is one of some areas: by its code, or by the contract that it is about."""
    column = getattr(FACTS[layer], VILLAGE_OF.get(layer, "code"))
    own = places.under(column, areas)
    # The contracts are named, not joined: a table may lie in another shard than what it is about.
    return or_(own, among(column, _collective(session, areas))) if layer in _OF_COLLECTIVE else own


def _collective(session: Session, areas: Sequence[str]) -> Sequence[str]:
    """The contracts of the collectives of some areas."""
    contract = FACTS["collective_contract"]
    return session.scalars(select(contract.code).where(places.under(contract.issuer_code, areas)).distinct()).all()


def _framed(session: Session, asked: _Asked, layer: str, table: Any, *which: ColumnElement[bool]) -> pd.DataFrame:
    """Some rows of one table as a frame; values that were set aside come back as delivered."""
    kinds = {"code": "char"} | {f.name: f.type for f in fields(layer)}
    if layer == "parcel_right":
        kinds["surveyed_m2"] = "float"
    if layer == "reserved":
        kinds["outstanding_m2"] = "float"
    columns = [getattr(table, name) for name in kinds]
    shapes = [func.ST_AsBinary(table.geom), table.delivery, table.delivered_m2] if issubclass(table, Placed) else []
    query = select(*columns, table.as_delivered, *shapes).where(*which).order_by(table.code)
    names = [*kinds, "as_delivered", *(["geometry", "delivery", "delivered_m2"] if shapes else [])]
    frame = pd.DataFrame(session.execute(query).all(), columns=names)
    _restore(frame)
    dtypes = {name: _PANDAS[kind] for name, kind in kinds.items()} | ({"delivered_m2": float} if shapes else {})
    return _finished(frame.astype(dtypes), asked.srid)


def _surveyed(session: Session, asked: _Asked, layer: str, table: Any) -> pd.DataFrame:
    """A survey layer, or details, on this ground, each feature with the reference that it keeps.

    Details also say where they were delivered, `delivered_x` and `delivered_y`, which their written coordinates are of.
    """
    delivered = [table.delivered] if table is DetailFeature else []
    query = (
        select(table.code, table.attributes, func.ST_AsBinary(table.geom), table.delivery, *delivered)
        # A text with no collation of its own is what a shard takes over.
        .where(table.layer == literal(layer, Text()), asked.here(table.geom), *asked.then(table))
        .order_by(table.code)
    )
    rows = session.execute(query).all()
    said = [row[1] for row in rows]
    frame = pd.DataFrame(
        {
            field.name: pd.Series([one.get(field.name) for one in said], dtype=_PANDAS[field.type])
            for field in fields(layer)
        }
    )
    frame["code"] = pd.Series([row[0] for row in rows], dtype=object)
    frame["ref"] = [f"{layer}:{row[0]}" for row in rows]
    frame["geometry"] = pd.Series([row[2] for row in rows], dtype=object)
    frame["delivery"] = pd.Series([row[3] for row in rows], dtype="int64")
    frame["mine"] = _acted(frame["party_code"], asked) if layer == ACTS else False
    if delivered:
        shapes = shapely.from_wkb(np.array([row[4] for row in rows], dtype=object))
        frame["delivered_x"], frame["delivered_y"] = shapely.get_x(shapes), shapely.get_y(shapes)
    return _finished(frame, asked.srid)


def _acted(parties: pd.Series, asked: _Asked) -> Any:
    """Tell which acts are of those who belong to the areas, or of strangers who acted there."""
    if not asked.mine:
        return True
    at_home = [isinstance(party, str) and is_contractor(party) for party in parties]
    return (_starts(parties, asked.mine) & np.array(at_home, dtype=bool)) | parties.isin(asked.strangers).to_numpy()


def _detailed(session: Session, asked: _Asked, layer: str) -> pd.DataFrame:
    """Details on this ground."""
    frame = _surveyed(session, asked, layer, DetailFeature)
    named = "parcel_codes" in frame.columns and bool(asked.mine)
    return frame.assign(mine=_starts(frame["parcel_codes"], asked.mine) if named else True)


def _finished(frame: pd.DataFrame, srid: int) -> pd.DataFrame:
    """Number the rows and read the shapes."""
    frame["row"] = np.arange(len(frame))
    if "geometry" not in frame.columns:
        return frame
    shapes = shapely.from_wkb(frame.pop("geometry").to_numpy(dtype=object))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=srid)


def _restore(frame: pd.DataFrame) -> None:
    """Put values that could not be kept in their columns back where they were delivered."""
    aside = frame.pop("as_delivered")
    for at in aside.index[aside.notna()]:
        for name, value in aside[at].items():
            frame.loc[at, name] = float(value)


def _starts(codes: pd.Series, prefixes: Sequence[str]) -> Any:
    """Tell which codes begin with one of the prefixes."""
    return np.array([isinstance(code, str) and code.startswith(tuple(prefixes)) for code in codes], dtype=bool)
