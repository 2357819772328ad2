"""Column maps of surveying companies: saved by one person, offered to all who work in that area."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.store.errors import Unknown
from data.tables import ColumnMap as Kept
from geo.intake.maps import ColumnMap

#: More maps than this no office keeps; a listing ends here.
MOST = 200


def save(session: Session, made: ColumnMap, scope: str, account_id: int) -> int:
    """Save a map; one of the same name, layer and area gives way to it. Its number."""
    facts = asdict(made)
    statement = insert(Kept).values(**facts, scope=scope, account_id=account_id)
    fresh = {name: statement.excluded[name] for name in (*facts, "account_id")}
    statement = statement.on_conflict_do_update(
        constraint="column_map_scope_key", set_=fresh | {"made_at": func.clock_timestamp()}
    )
    return session.execute(statement.returning(Kept.id)).scalar_one()


def listing(session: Session, scope: str) -> list[Kept]:
    """The maps of an area and of those around it, the latest first."""
    around = [scope[:length] for length in range(len(scope) + 1)]
    seen = Kept.scope.startswith(scope, autoescape=True) | Kept.scope.in_(around)
    return list(session.scalars(select(Kept).where(seen).order_by(Kept.made_at.desc()).limit(MOST)))


def get(session: Session, map_id: int, scope: str) -> Kept:
    """One map, if it is of this area; Unknown otherwise."""
    found = next((kept for kept in listing(session, scope) if kept.id == map_id), None)
    if found is None:
        raise Unknown(str(map_id))
    return found


def made(kept: Kept) -> ColumnMap:
    """A kept map as the ground knows it."""
    return ColumnMap(kept.name, kept.layer, kept.columns, kept.units, kept.encoding, kept.crs)
