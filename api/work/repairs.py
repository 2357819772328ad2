"""Repairs of invalid shapes: proposed when a delivery is read, shown before storing, done where a person said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from api.errors import Unusable
from api.work.shown import in_degrees
from data.store import repairs
from data.tables import ProposedRepair, Upload
from geo.intake.reading import LayerReading

#: So many proposals are told with their shapes; of the others, the areas.
DRAWN = 200
TOLD = ("layer", "row", "code", "area_before_m2", "area_after_m2")


def note(session: Session, upload: Upload, layers: Iterable[LayerReading]) -> None:
    """Keep what is proposed for the layers of a delivery."""
    for layer in layers:
        repairs.note(session, upload.id, layer.layer, layer.repairs)


def expect_proposed(session: Session, upload_id: int, answer: Mapping[str, Any]) -> None:
    """Refuse an answer that accepts what was not proposed."""
    if not isinstance(chosen := answer.get("repairs"), list):
        return
    proposed = {(row.layer, row.row) for row in repairs.listing(session, upload_id)}
    for each in chosen:
        if (each["layer"], each["row"]) not in proposed:
            place = f"{each['layer']} {each['row']}"
            raise Unusable(f"没有为 {place} 提出修补方案。", f"No repair was proposed for {place}.", "not_proposed")


def done(session: Session, upload: Upload, layers: Iterable[LayerReading]) -> list[LayerReading]:
    """The layers with those shapes repaired that a person accepted, as they were shown; `repairs` says which."""
    accepted = _accepted(upload, repairs.listing(session, upload.id))
    made = []
    for layer in layers:
        shapes = {row.row: row.repaired for row in accepted if row.layer == layer.layer}
        kept = [repair for repair in layer.repairs if repair.row in shapes]
        made.append(replace(layer, accepted=layer.accepted.redrawn(shapes) if shapes else layer.accepted, repairs=kept))
    return made


def told(session: Session, upload: Upload, systems: Mapping[str, str | None]) -> dict[str, Any]:
    """What is proposed for a delivery, what was answered, and how many were stored repaired (None before storing)."""
    answer, found = upload.acceptance or {}, repairs.listing(session, upload.id)
    return {
        "items": [_told(row, systems.get(row.layer) if at < DRAWN else None) for at, row in enumerate(found)],
        "accepted": [{"layer": row.layer, "row": row.row} for row in _accepted(upload, found)],
        "by": answer.get("by"),
        "stored": (upload.report or {}).get("repaired"),
    }


def _accepted(upload: Upload, proposed: Iterable[ProposedRepair]) -> list[ProposedRepair]:
    """Those proposals that a person accepted: by default none."""
    answer = (upload.acceptance or {}).get("repairs") or []
    if answer == "all":
        return list(proposed)
    chosen = {(each["layer"], each["row"]) for each in answer}
    return [row for row in proposed if (row.layer, row.row) in chosen]


def _told(row: ProposedRepair, system: str | None) -> dict[str, Any]:
    before, after = (None if system is None else in_degrees(wkb, system) for wkb in (row.delivered, row.repaired))
    return {name: getattr(row, name) for name in TOLD} | {"before": before, "after": after}
