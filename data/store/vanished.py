"""What a delivery leaves out of what stood: noted when it is read, and ended only where a person said so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from psycopg import ClientCursor, sql
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.sql import read_sql
from data.store import versions
from data.store.driver import connection_of
from data.store.rows import GROUPS
from data.store.sets import among
from data.tables import FACTS, Upload, VanishedRow
from data.tables.base import Placed

#: What is asked about by its own code. Rights, members and the parcels of transfers go with what they belong to.
ASKED = ("parcel", "reserved", "contractor", "contract", "register_entry", "certificate", "transfer")
#: What ends with a parcel, a contractor, a transfer: the table, and the column that names them.
_WITH = {"parcel": "parcel_right", "contractor": "member", "transfer": "transfer_parcel"}
_PLACE = sql.SQL("ST_X(ST_PointOnSurface(kept.geom)), ST_Y(ST_PointOnSurface(kept.geom))")
MOST = 500


def note(session: Session, upload: Upload, layer: str, delivered: Collection[str], named: Collection[str] = ()) -> int:
    """Note what stands with the issuers delivered and is not in the delivery; how much that is.

    `delivered` are all codes of the layer in the file, those of rejected rows too; `named` are predecessors, which end
    without being asked about.
    """
    issuers = sorted({code[:14] for code in delivered})
    if layer not in ASKED or not issuers:
        return 0
    table = FACTS[layer]
    words = {
        "table": sql.Identifier(table.__tablename__),
        "place": _PLACE if issubclass(table, Placed) else sql.SQL("NULL, NULL"),
    }
    values = {"issuers": issuers, "delivered": sorted({*delivered, *named}), "scope": upload.scope}
    return _run(session, "note", upload.id, layer, words, values).rowcount


def end(session: Session, upload: Upload, codes: Sequence[str] | None, ended_on: date) -> dict[str, int]:
    """End what vanished from a delivery, or these codes of it, from a day on; how much of each layer.

    What another delivery has touched since it was asked about stays: nobody was asked about that.
    """
    ended = {}
    layers = select(VanishedRow.layer).where(VanishedRow.upload_id == upload.id).distinct()
    for layer in sorted(session.scalars(layers)):
        words = {"table": sql.Identifier(FACTS[layer].__tablename__)}
        values = {"codes": None if codes is None else list(codes)}
        gone = [code for (code,) in _run(session, "ending", upload.id, layer, words, values)]
        if gone:
            versions.retire(session, layer, gone, upload.id, ended_on)
            _end_what_belongs(session, layer, gone, upload.id, ended_on)
            ended[layer] = len(gone)
    return ended


def _end_what_belongs(session: Session, layer: str, gone: Sequence[str], upload_id: int, ended_on: date) -> None:
    """End the rights in parcels, the members of households, the parcels of transfers that have ended."""
    if layer not in _WITH:
        return
    table = FACTS[_WITH[layer]]
    column = getattr(table, GROUPS[_WITH[layer]])
    left = list(session.scalars(select(table.code).where(among(column, gone), *versions.then(table))))
    if left:
        versions.retire(session, _WITH[layer], left, upload_id, ended_on)


def counts(session: Session, upload_id: int) -> dict[str, int]:
    """How much vanished of each layer."""
    query = select(VanishedRow.layer, func.count()).where(VanishedRow.upload_id == upload_id)
    return {layer: count for layer, count in session.execute(query.group_by(VanishedRow.layer))}


def listing(session: Session, upload_id: int, *, after: int = 0, limit: int = 100) -> list[VanishedRow]:
    """What vanished, behind a number in the list."""
    query = select(VanishedRow).where(VanishedRow.upload_id == upload_id, VanishedRow.id > after)
    return list(session.scalars(query.order_by(VanishedRow.id).limit(min(limit, MOST))))


def _run(
    session: Session, name: str, upload_id: int, layer: str, words: dict[str, sql.Composable], values: dict[str, Any]
) -> ClientCursor[Any]:
    cursor = ClientCursor(connection_of(session))
    return cursor.execute(
        sql.SQL(read_sql(f"vanished/{name}.sql")).format(**words), {"upload": upload_id, "layer": layer, **values}
    )
