"""What stands behind one certificate: the holder, the household, the parcels, and what holds it back; unmasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased

from data.store.sets import among
from data.store.versions import then
from data.tables import (
    Certificate,
    Contract,
    Contractor,
    Finding,
    FindingVersion,
    HouseholdMember,
    Issuer,
    Parcel,
    ParcelRight,
    RegisterEntry,
)
from geo import finding

#: Neighbours whose edge runs this near are drawn on a parcel's sketch (m).
NEAR_M = 5.0
DEGREES = 4326


@dataclass(frozen=True)
class Holding:
    """One certificate with everything it speaks of; papers that were never delivered are None."""

    code: str
    contractor: Contractor
    issuer: Issuer | None
    contract: Contract | None
    entry: RegisterEntry | None
    certificate: Certificate | None
    members: list[HouseholdMember]
    #: code, name, bound_*, contract_m2, surveyed_m2, confirmed_m2, geometry and neighbours as GeoJSON in degrees.
    parcels: list[dict[str, Any]]
    #: key, rule, sentence_zh, sentence_en of the findings that hold it back now.
    blocking: list[dict[str, Any]]


def by_number(session: Session, number: str) -> Holding | None:
    """Find a certificate by its code, or by the number that is printed on it; None where there is none."""
    entry = RegisterEntry
    code = session.scalar(
        select(entry.code).where(or_(entry.code == number, entry.serial_text == number), *then(entry))
    )
    return by_code(session, code or number)


def by_code(session: Session, code: str) -> Holding | None:
    """Gather what stands behind a certificate, as it is today; None where nobody holds anything under this code."""
    rights = list(
        session.scalars(
            select(ParcelRight)
            .where(ParcelRight.certificate_code == code, *then(ParcelRight))
            .order_by(ParcelRight.code)
        )
    )
    entry, certificate, contract = (_one(session, table, code) for table in (RegisterEntry, Certificate, Contract))
    holder = next((paper.contractor_code for paper in (entry, contract, *rights) if paper is not None), None)
    contractor = _one(session, Contractor, holder)
    if contractor is None:
        return None
    members = select(HouseholdMember).where(HouseholdMember.contractor_code == holder, *then(HouseholdMember))
    return Holding(
        code=code,
        contractor=contractor,
        issuer=_one(session, Issuer, contractor.code[:14]),
        contract=contract,
        entry=entry,
        certificate=certificate,
        members=list(session.scalars(members.order_by(HouseholdMember.relation, HouseholdMember.code))),
        parcels=_parcels(session, {right.parcel_code: right for right in rights}),
        blocking=_blocking(session, contractor.code, [*_spoken_of(code, rights)]),
    )


def _spoken_of(code: str, rights: list[ParcelRight]) -> Iterator[str]:
    """Whatever a certificate rests on: its parcels and rights and its papers; the issuer has many others."""
    for right in rights:
        yield from (f"parcel:{right.parcel_code}", f"parcel_right:{right.code}")
    yield from (f"contract:{code}", f"register_entry:{code}", f"certificate:{code}")


def _one(session: Session, table: Any, code: str | None) -> Any:
    """The version of a fact that holds today."""
    return session.scalar(select(table).where(table.code == code, *then(table)))


def _parcels(session: Session, rights: dict[str, ParcelRight]) -> list[dict[str, Any]]:
    """The parcels of these rights, each with its three areas, its shape and the shapes around it."""
    near = aliased(Parcel)
    around = (
        select(func.jsonb_agg(_geojson(near.geom)))
        .where(near.code != Parcel.code, func.ST_DWithin(near.geom, Parcel.geom, NEAR_M), *then(near))
        .scalar_subquery()
    )
    bounds = [Parcel.bound_east, Parcel.bound_south, Parcel.bound_west, Parcel.bound_north]
    said = [Parcel.code, Parcel.name, *bounds, Parcel.surveyed_m2, Parcel.is_basic_farmland]
    query = select(*said, _geojson(Parcel.geom).label("geometry"), around.label("neighbours"))
    rows = session.execute(query.where(among(Parcel.code, rights), *then(Parcel)).order_by(Parcel.code)).mappings()
    return [
        {
            **row,
            "neighbours": row["neighbours"] or [],
            "contract_m2": rights[row["code"]].contract_m2,
            "confirmed_m2": rights[row["code"]].confirmed_m2,
        }
        for row in rows
    ]


def _geojson(shape: Any) -> Any:
    """A shape in degrees, as the database's JSON."""
    return cast(func.ST_AsGeoJSON(func.ST_Transform(shape, DEGREES), 8), JSONB)


def _blocking(session: Session, holder: str, refs: list[str]) -> list[dict[str, Any]]:
    """The findings on these, or on the household and its members, that hold a certificate back (`geo.finding.blocks`).

    Of the holder only what is wrong with their record: what they may have done elsewhere is no fault of this land.
    """
    said = FindingVersion
    query = (
        select(
            Finding.key, Finding.rule, Finding.state, said.severity, said.presence, said.sentence_zh, said.sentence_en
        )
        .join(said, said.key == Finding.key)
        .where(
            func.upper_inf(said.known),
            or_(
                among(Finding.subject, refs),
                among(Finding.against, refs),
                Finding.subject.startswith(f"member:{holder}/", autoescape=True),
                and_(Finding.subject == f"contractor:{holder}", said.category == "quality"),
            ),
        )
        .order_by(Finding.rule, Finding.key)
    )
    rows = [dict(row) for row in session.execute(query).mappings()]
    return [row for row in rows if finding.blocks(row["severity"], row["presence"], row["state"])]
