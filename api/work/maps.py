"""Keep how surveying companies name their columns, and offer a map to the next file that it fits."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from api.errors import Unusable
from api.office import Office
from api.people import Person
from api.work import receive
from data.store import maps
from data.tables import ColumnMap as Kept
from data.tables import Upload
from geo.intake.maps import BadMap, ColumnMap, written


def save(office: Office, person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Save a map for all who work in this person's area; one of the same name gives way."""
    try:
        made = ColumnMap(**given)
    except BadMap:
        raise Unusable(code="column_map") from None
    with office.begin() as session:
        return _told(maps.get(session, maps.save(session, made, person.scope, person.id), person.scope))


def listing(office: Office, person: Person, upload_id: int | None) -> dict[str, Any]:
    """List the maps of a person's area; with a delivery, those that fit its columns and are not in use already."""
    with office.begin() as session:
        found = maps.listing(session, person.scope)
        if upload_id is not None:
            upload = receive.seen(session, person, upload_id)
            found = [kept for kept in found if fits(kept, upload)]
        return {"items": [_told(kept) for kept in found]}


def file(office: Office, person: Person, map_id: int) -> tuple[str, str]:
    """A map as a small file, and what it is called."""
    with office.begin() as session:
        kept = maps.get(session, map_id, person.scope)
        return written(maps.made(kept)), f"{kept.name}-{kept.layer}.yaml"


def fits(kept: Kept, upload: Upload) -> bool:
    """Whether a layer of a delivery has every column that a map names, and the delivery was not read by it."""
    if upload.decisions.get("columns") == kept.columns:
        return False
    wanted = set(kept.columns.values())
    return bool(wanted) and any(wanted <= set(seen["sample"]["columns"]) for seen in upload.preview or [])


def _told(kept: Kept) -> dict[str, Any]:
    return {"id": kept.id, **asdict(maps.made(kept)), "made_at": kept.made_at, "file": f"/api/v1/column-maps/{kept.id}"}
