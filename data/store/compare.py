"""Findings between two deliveries: what was fixed, what is new, what is still open, and by whose work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, array
from sqlalchemy.orm import Session

from data.sql import read_sql
from data.store import places, runs
from data.store.places import shortest
from data.tables import Run, Upload

TURNS = ("fixed", "new", "open")
_HERE = """EXISTS (SELECT FROM unnest(CAST(:areas AS text[])) AS area
        WHERE starts_with(said.village, area) OR starts_with(said.other_village, area))"""


@dataclass(frozen=True)
class Pair:
    """Two deliveries that were judged, the earlier first, and the areas that both touched."""

    before: Run
    after: Run
    areas: list[str]


def pair(session: Session, before: int, after: int) -> Pair | None:
    """Pair two deliveries by their runs; none where one was not judged or did not come first."""
    earlier, later = runs.of_upload(session, before), runs.of_upload(session, after)
    if earlier is None or later is None or earlier.id >= later.id:
        return None
    return Pair(earlier, later, shared(earlier.scope, later.scope))


def shared(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The areas that lie in both of two lists of code prefixes."""
    longer = {max(a, b, key=len) for a in one for b in other if a.startswith(b) or b.startswith(a)}
    return shortest(longer)


def previous(session: Session, upload: Upload) -> int | None:
    """The latest earlier delivery that was judged on some of the same villages."""
    villages = (upload.report or {}).get("villages")
    if not villages:
        return None
    meets = Upload.report["villages"].has_any(array(villages, type_=TEXT))
    query = select(Upload.id).where(Upload.id < upload.id, Upload.state == "done", meets)
    return session.scalar(query.order_by(Upload.id.desc()).limit(1))


def summary(session: Session, both: Pair) -> list[dict[str, Any]]:
    """Count the findings of a comparison by village and surveyor."""
    return _run(session, "compare", both, {})


def listing(
    session: Session, both: Pair, *, turn: str = "", village: str = "", surveyor: str = "", after: str = "", limit: int
) -> list[dict[str, Any]]:
    """List the findings of a comparison behind a place in its order (`ord` of the last one seen)."""
    asked = {"turn": turn, "village": village, "surveyor": surveyor, "later_than": after, "most": limit}
    return _run(session, "compared", both, asked)


def _run(session: Session, name: str, both: Pair, values: dict[str, Any]) -> list[dict[str, Any]]:
    turned = read_sql("defects/turned.sql").replace("{here}", _HERE)
    query = read_sql(f"defects/{name}.sql").replace("{turned}", turned)
    given = {
        "areas": places.prefixes(session, both.areas),
        "before": both.before.upload_id,
        "before_run": both.before.id,
        "before_at": both.before.ended_at,
        "after": both.after.upload_id,
        "after_run": both.after.id,
        "after_at": both.after.ended_at,
    }
    statement = text(query).bindparams(bindparam("areas", type_=ARRAY(TEXT)))
    return [dict(row) for row in session.execute(statement, given | values).mappings()]
