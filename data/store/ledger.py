"""What the ledger of reserved land is made of, as the books have it for an area."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.store import places
from data.store.versions import then
from data.tables import Expropriation, Issuer, Parcel, Payment, ReservedGrant, ReservedLand
from geo.fields import fields

#: Kinds of payments (KXLX) that answer to an expropriation.
_OWED_TO_PEOPLE = ("3", "4")


def frames(session: Session, scope: str, day: date) -> dict[str, pd.DataFrame]:
    """The tables that `geo.reserved.ledger` takes, by its parameters: what is under a code on a day."""
    areas = places.prefixes(session, [scope])
    of_expropriations = [Payment.kind.in_(_OWED_TO_PEOPLE), places.under(Payment.contract_code, areas)]
    return {
        "expropriation": _rows(session, Expropriation, day, places.under(Expropriation.code, areas)),
        "reserved": _rows(session, ReservedLand, day, places.under(ReservedLand.code, areas)),
        "reserved_grant": _rows(session, ReservedGrant, day, places.under(ReservedGrant.code, areas)),
        "payment": _rows(session, Payment, day, *of_expropriations),
    }


def flexible(session: Session, scope: str, day: date) -> list[dict[str, Any]]:
    """Flexible land of every issuer under a code that keeps any, beside its cultivated land; areas in m²."""
    cultivated = Parcel.land_use.is_(None) | Parcel.land_use.startswith("01")
    kept = Parcel.category == "22"
    issuer = func.left(Parcel.code, 14).label("issuer_code")
    query = (
        select(
            issuer,
            func.coalesce(func.sum(Parcel.area_m2).filter(kept), 0.0).label("flexible_m2"),
            func.sum(Parcel.area_m2).label("cultivated_m2"),
            func.count().filter(kept).label("parcels"),
        )
        .where(places.under(Parcel.code, places.prefixes(session, [scope])), cultivated, *then(Parcel, valid_on=day))
        .group_by(issuer)
        .having(func.count().filter(kept) > 0)
        .order_by(issuer)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def issuers(session: Session, scope: str, day: date) -> dict[str, str]:
    """The names of issuers under a code."""
    here = places.under(Issuer.code, places.prefixes(session, [scope]))
    named = select(Issuer.code, Issuer.name).where(here, *then(Issuer, valid_on=day))
    return {code: name for code, name in session.execute(named) if name}


def _rows(session: Session, table: Any, day: date, *which: Any) -> pd.DataFrame:
    """The rows of a table on a day, with the columns of the dictionary."""
    names = [field.name for field in fields(table.layer)]
    names += ["area_m2"] if table is ReservedLand else []
    query = select(*(getattr(table, name) for name in names)).where(*which, *then(table, valid_on=day))
    return pd.DataFrame(session.execute(query.order_by(table.code)).all(), columns=names)
