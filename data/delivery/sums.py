"""What the books of an area sum up to, village by village, for the summary tables of a delivery."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Numeric, and_, case, cast, func, select
from sqlalchemy.orm import Session

from data.delivery.kept import Area
from data.store import places
from data.store.versions import then
from data.tables import Certificate, Contract, Contractor, HouseholdMember, Parcel, ParcelRight, RegisterEntry

#: Areas are summed as the standard writes them: two decimals, exactly.
_AREA = Numeric(20, 2)


def sums(session: Session, where: Area) -> dict[str, pd.DataFrame]:
    """Sum parcels, rights, register entries and contractors by village (twelve digits) and by what tells them apart."""
    return {
        "parcels": _parcels(session, where),
        "rights": _rights(session, where),
        "register": _register(session, where),
        "contractors": _contractors(session, where),
    }


def _parcels(session: Session, where: Area) -> pd.DataFrame:
    keys = [Parcel.category, Parcel.ownership, Parcel.purpose, Parcel.is_basic_farmland]
    measures = [func.count().label("count"), _area(Parcel.surveyed_m2)]
    return _grouped(session, where, Parcel, Parcel.code, keys, measures)


def _rights(session: Session, where: Area) -> pd.DataFrame:
    measures = [func.count().label("rights"), _area(ParcelRight.confirmed_m2)]
    return _grouped(session, where, ParcelRight, ParcelRight.parcel_code, [], measures)


def _register(session: Session, where: Area) -> pd.DataFrame:
    """Entries with the certificates and contracts of the same code."""
    beside = [(table, (table.code == RegisterEntry.code, *then(table))) for table in (Certificate, Contract)]
    measures = [
        func.count().label("entries"),
        func.count(Certificate.code).label("certificates"),
        func.count(case((Certificate.is_collected == "1", 1))).label("collected"),
        _area(Contract.total_m2),
    ]
    return _grouped(session, where, RegisterEntry, RegisterEntry.code, [RegisterEntry.method], measures, beside)


def _contractors(session: Session, where: Area) -> pd.DataFrame:
    members = (
        select(func.count())
        .where(HouseholdMember.contractor_code == Contractor.code, *then(HouseholdMember))
        .scalar_subquery()
    )
    measures = [func.count().label("contractors"), func.sum(members).cast(Numeric(20, 0)).label("members")]
    found = _grouped(session, where, Contractor, Contractor.code, [Contractor.kind], measures)
    return found.assign(members=[int(number) for number in found["members"]])


def _area(column: Any) -> ColumnElement[Any]:
    return func.coalesce(func.sum(cast(column, _AREA)), cast(0, _AREA)).label("m2")


def _grouped(
    session: Session, where: Area, table: Any, code: Any, keys: list[Any], measures: list[Any], beside: Any = ()
) -> pd.DataFrame:
    """Sum over one table by village and keys."""
    village = func.left(code, 12).label("village")
    query = select(village, *keys, *measures).where(places.under(code, where.prefixes), *then(table))
    query = query.select_from(table)
    for other, condition in beside:
        query = query.outerjoin(other, and_(*condition))
    rows = session.execute(query.group_by(village, *keys).order_by(village)).all()
    names = ["village", *(key.key for key in keys), *(measure.name for measure in measures)]
    return pd.DataFrame([tuple(row) for row in rows], columns=names, dtype=object)
