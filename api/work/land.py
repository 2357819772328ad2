"""The ground as staff may look at it: parcels without names of people, and villages with what they hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.office import Office
from api.people import Person
from api.work import shown, sides
from data.store import errors, findings, places
from data.store.findings import DEGREES, Filters
from data.store.versions import then
from data.tables import FindingVersion, Parcel

Box = tuple[float, float, float, float]
DETAILS = (
    "code", "name", "category", "land_use", "fertility", "purpose", "is_basic_farmland", "surveyed_m2", "area_m2",
    "predecessors",
)  # fmt: skip


def parcels(office: Office, person: Person, bbox: Box | None, village: str | None, limit: int) -> dict[str, Any]:
    """List parcels of a person's area in a box or under a code, as GeoJSON."""
    with office.begin() as session:
        found = features(session, person.scope, village=village, bbox=bbox, limit=limit + 1)
    return {"type": "FeatureCollection", "features": found[:limit], "complete": len(found) <= limit}


def features(
    session: Session, scope: str, *, village: str | None = None, bbox: Box | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """The parcels of today as GeoJSON features, in the order of their codes."""
    wanted = [places.under(Parcel.code, places.prefixes(session, [area])) for area in (scope, village) if area]
    if bbox:
        box = func.ST_Transform(func.ST_MakeEnvelope(*bbox, DEGREES), 3857)
        wanted.append(Parcel.geom_3857.op("&&")(box))
    shape = sides.geojson(Parcel.geom).label("geometry")
    query = select(Parcel.code, Parcel.name, Parcel.surveyed_m2, Parcel.area_m2, shape)
    rows = session.execute(query.where(*wanted, *then(Parcel)).order_by(Parcel.code).limit(limit)).mappings()
    told = ("code", "name", "surveyed_m2", "area_m2")
    return [
        {"type": "Feature", "geometry": row["geometry"], "properties": {name: row[name] for name in told}}
        for row in rows
    ]


def parcel(office: Office, person: Person, code: str, day: date | None) -> dict[str, Any]:
    """Tell what the books hold of a parcel on a day, and what is suspected of it now."""
    if not person.covers(code):
        raise errors.Unknown(code)
    with office.begin() as session:
        row = session.scalar(select(Parcel).where(Parcel.code == code, *then(Parcel, valid_on=day)))
        if row is None:
            raise errors.Unknown(code)
        shape = session.scalar(select(sides.geojson(Parcel.geom)).where(Parcel.id == row.id))
        held = sides.held(session, code, day)
        names = places.names(session)
        suspected = findings.listing(session, Filters(scope=person.scope, q=f"parcel:{code}"), limit=100).items
    return (
        {name: getattr(row, name) for name in DETAILS}
        | held
        | {
            "valid": {"from": row.valid.lower, "to": row.valid.upper},
            "upload": row.upload_id,
            "geometry": shape,
            "findings": [shown.line(one, names) for one in suspected],
        }
    )


def villages(office: Office, person: Person) -> dict[str, Any]:
    """List the villages of a person's area that hold parcels or findings, with how many of each."""
    with office.begin() as session:
        areas = places.prefixes(session, [person.scope])
        names = places.names(session)
        village = func.left(Parcel.code, 12)
        query = select(village, func.count()).where(places.under(Parcel.code, areas), *then(Parcel)).group_by(village)
        held = dict(session.execute(query).all())
        said = FindingVersion
        query = select(said.village, func.count()).where(
            places.under(said.village, areas), func.upper_inf(said.known), said.presence == "present"
        )
        suspected = dict(session.execute(query.group_by(said.village)).all())
    codes = sorted(code for code in held.keys() | suspected.keys() if len(code) == 12)
    return {
        "items": [
            {"code": code, "name": names.get(code), "parcels": held.get(code, 0), "findings": suspected.get(code, 0)}
            for code in codes
        ]
    }
