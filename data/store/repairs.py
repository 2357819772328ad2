"""Repairs proposed for the shapes of a delivery: kept with its report, and asked for when it is stored."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from data.tables import ProposedRepair
from geo.intake.repairs import Repair


def note(session: Session, upload_id: int, layer: str, repairs: Iterable[Repair]) -> None:
    """Keep what is proposed for a layer of a delivery."""
    rows = [{"upload_id": upload_id, "layer": layer, **vars(repair)} for repair in repairs]
    if rows:
        session.execute(insert(ProposedRepair), rows)


def listing(session: Session, upload_id: int) -> list[ProposedRepair]:
    """What is proposed for a delivery, layer by layer in the order of the file."""
    query = select(ProposedRepair).filter_by(upload_id=upload_id)
    return list(session.scalars(query.order_by(ProposedRepair.layer, ProposedRepair.row)))
