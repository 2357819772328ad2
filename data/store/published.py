"""Reading what is published: rows of the views in schema `published`, for one area, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, cast, column, func, literal, or_, select, table
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TableClause
from sqlalchemy.types import UserDefinedType

from data.store import places
from data.store.findings import DEGREES

#: Counting stops here: whoever asks for more than this does not wait for the sum.
MOST_COUNTED = 100_000
_MAP = 3857
#: Columns that say whose a row is and where it lies, and are no properties.
_KEPT = ("id", "area", "other_area", "valid", "geom", "geom_3857")
_SAID = (
    "key", "rule", "category", "severity", "state", "village", "a_code", "b_layer", "b_code", "shared_m2", "firm_m2",
    "width_m", "sentence_zh", "sentence_en", "first_seen",
)  # fmt: skip
#: The views, and what they tell.
COLLECTIONS: Mapping[str, Sequence[str]] = {
    "parcels": (
        "code", "name", "category", "ownership", "land_use", "fertility", "purpose", "is_basic_farmland",
        "surveyed_m2", "area_m2",
    ),
    "reserved_land": (
        "code", "issuer_code", "form", "state", "land_nature", "planned_use", "quota_m2", "granted_m2",
        "outstanding_m2", "area_m2",
    ),
    "findings": _SAID,
    "finding_points": _SAID,
}  # fmt: skip
#: Those whose rows are true on some days only.
DATED = ("parcels", "reserved_land")

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Asked:
    """What is asked of a collection: an area, a box in degrees, days on the ground (half-open), equal values."""

    scope: str
    box: Box | None = None
    days: tuple[date | None, date | None] | None = None
    equal: Mapping[str, str] | None = None


def items(
    session: Session, name: str, asked: Asked, *, srid: int, flip: bool, digits: int, limit: int, after: str | None
) -> list[dict[str, Any]]:
    """Give rows in the order of their ids, as many as `limit` and one more if there are; `after` is the last id seen.

    Shapes come as GeoJSON text in the system `srid` with so many decimals; `flip` turns the axes, for systems that
    name the north first.
    """
    view = _view(name)
    query = _shaped(view, name, srid, flip, digits).where(*_conditions(session, view, name, asked))
    if after is not None:
        query = query.where(view.c.id > literal(after, Text()))
    return [dict(row) for row in session.execute(query.order_by(view.c.id).limit(limit + 1)).mappings()]


def item(
    session: Session, name: str, id: str, asked: Asked, *, srid: int, flip: bool, digits: int
) -> dict[str, Any] | None:
    """Give one row, None where there is none in the area."""
    view = _view(name)
    wanted = _conditions(session, view, name, asked)
    row = session.execute(_shaped(view, name, srid, flip, digits).where(view.c.id == literal(id, Text()), *wanted))
    found = row.mappings().first()
    return dict(found) if found else None


def count(session: Session, name: str, asked: Asked) -> int | None:
    """Count the rows; None where there are more than MOST_COUNTED."""
    view = _view(name)
    some = select(view.c.id).where(*_conditions(session, view, name, asked)).limit(MOST_COUNTED + 1).subquery()
    found = session.scalar(select(func.count()).select_from(some)) or 0
    return found if found <= MOST_COUNTED else None


def extent(session: Session, name: str, asked: Asked) -> Box | None:
    """The box in degrees around what the area holds; None if it holds nothing."""
    view = _view(name)
    around = func.ST_Transform(func.ST_SetSRID(cast(func.ST_Extent(view.c.geom_3857), _Geometry()), _MAP), DEGREES)
    sides = [side(around) for side in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)]
    west, south, east, north = session.execute(select(*sides).where(*_conditions(session, view, name, asked))).one()
    return None if west is None else (west, south, east, north)


def _view(name: str) -> TableClause:
    return table(name, *(column(one) for one in dict.fromkeys((*_KEPT, *COLLECTIONS[name]))), schema="published")


def _shaped(view: TableClause, name: str, srid: int, flip: bool, digits: int) -> Select[Any]:
    """The columns of a row with its shape as GeoJSON text, no system named in it."""
    shape = func.ST_Transform(view.c.geom, srid)
    text = func.ST_AsGeoJSON(func.ST_FlipCoordinates(shape) if flip else shape, digits, 0)
    return select(view.c.id, text.label("geometry"), *(view.c[one] for one in COLLECTIONS[name]))


def _conditions(session: Session, view: TableClause, name: str, asked: Asked) -> list[ColumnElement[bool]]:
    areas = places.prefixes(session, [asked.scope])
    wanted: list[ColumnElement[bool]] = [or_(places.under(view.c.area, areas), places.under(view.c.other_area, areas))]
    if name in DATED:
        first, end = asked.days or (date.today(), date.today() + timedelta(days=1))
        wanted.append(view.c.valid.op("&&")(func.daterange(cast(first, Date()), cast(end, Date()))))
    for one, value in (asked.equal or {}).items():
        wanted.append(cast(view.c[one], Text()) == literal(value, Text()))
    if asked.box is not None:
        # A box of degrees is a box on the map too, and the map's shapes have an index.
        box = func.ST_Transform(func.ST_MakeEnvelope(*asked.box, DEGREES), _MAP)
        wanted.append(func.ST_Intersects(view.c.geom_3857, box))
    return wanted


class _Geometry(UserDefinedType[Any]):
    """PostGIS's own type, for casts."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "geometry"
