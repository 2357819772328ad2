"""What vanished with a delivery: noted when it is read, told and asked before storing, ended where that was said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.work.shown import degrees
from data.session import srid_of
from data.store import vanished
from data.tables import Upload, VanishedRow
from geo.intake.reading import LayerReading


def note(session: Session, upload: Upload, layers: Iterable[LayerReading]) -> None:
    """Note what stood and is not in the layers of a delivery."""
    delivered: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    for layer in layers:
        if layer.layer in vanished.ASKED:
            delivered.setdefault(layer.layer, set()).update(_codes(layer, "code"))
            delivered[layer.layer].update(row.parcel_code for row in layer.rejected if row.parcel_code)
            olds = _codes(layer, "predecessors")
            named.setdefault(layer.layer, set()).update(old.strip() for text in olds for old in text.split("/"))
    for name, codes in delivered.items():
        vanished.note(session, upload, name, codes, named[name])


def end(session: Session, upload: Upload) -> dict[str, int]:
    """Do with what vanished as was answered; by default all of it stays."""
    answer = upload.acceptance or {}
    if answer.get("vanished") != "end":
        return {}
    day = answer.get("ended_on") or upload.surveyed_on or date.today()
    return vanished.end(session, upload, answer.get("codes"), date.fromisoformat(day) if isinstance(day, str) else day)


def told(session: Session, upload: Upload) -> dict[str, Any]:
    """How much vanished of each layer, what was answered, and how much was ended for it."""
    answer = upload.acceptance or {}
    return {
        "counts": vanished.counts(session, upload.id),
        "answer": answer.get("vanished"),
        "ended_on": answer.get("ended_on"),
        "by": answer.get("by"),
        "ended": (upload.report or {}).get("ended", {}),
    }


def rows(session: Session, upload_id: int, limit: int, cursor: int | None) -> dict[str, Any]:
    """List what vanished with a delivery, a page at a time."""
    found = vanished.listing(session, upload_id, after=cursor or 0, limit=limit)
    system = f"EPSG:{srid_of(session)}"
    return {"items": [_line(row, system) for row in found], "next": found[-1].id if len(found) == limit else None}


def _codes(layer: LayerReading, column: str) -> set[str]:
    """What is written in one column of the rows that can be stored."""
    if column not in layer.accepted.names:
        return set()
    return {text for some in layer.accepted.column(column) for text in some.to_pylist() if isinstance(text, str)}


def _line(row: VanishedRow, system: str) -> dict[str, Any]:
    return {
        "layer": row.layer,
        "code": row.code,
        "since_upload": row.brought_by,
        "place": degrees(row.x, row.y, system),
    }
