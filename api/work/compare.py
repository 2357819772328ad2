"""Compare two deliveries: what the later one fixed, what is new since, what is still open, as answer and as table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.errors import Unusable
from api.office import Office
from api.people import Person
from api.work import pages, receive, shown
from api.work.shown import degrees
from data.store import compare, places
from data.store.compare import Pair
from geo.delivery.sheets import csv_bytes
from geo.units import mu

COUNTS = ("fixed", "fixed_elsewhere", "new", "new_elsewhere", "open", "changed")
COLUMNS = (
    "turn", "by_delivery", "village", "village_name", "surveyor", "rule", "title_zh", "title_en", "severity", "subject",
    "against", "before_m2", "after_m2", "difference_m2", "difference_mu", "lon", "lat", "sentence_zh", "sentence_en",
    "key",
)  # fmt: skip
#: More findings than a spreadsheet holds.
MOST = 1_000_000


def told(
    office: Office, person: Person, before: int, after: int, asked: Mapping[str, str], limit: int, cursor: str | None
) -> dict[str, Any]:
    """Tell a comparison: counts by village and surveyor, and a page of the findings asked for."""
    with office.begin() as session:
        both = _pair(session, person, before, after)
        counts = compare.summary(session, both)
        found = compare.listing(session, both, **asked, after=pages.place(cursor), limit=limit + 1)
        names = places.names(session)
    page = found[:limit]
    return {
        "before": before,
        "after": after,
        "areas": len(both.areas),
        "counts": {name: sum(row[name] for row in counts) for name in COUNTS},
        "parts": [_part(row, names) for row in counts],
        "items": [_line(row, names) for row in page],
        "next": pages.cursor(page[-1]["ord"]) if len(found) > limit else None,
    }


def csv_of(office: Office, person: Person, before: int, after: int, asked: Mapping[str, str]) -> bytes:
    """Give a comparison as a table that a spreadsheet reads right and never runs."""
    with office.begin() as session:
        found = compare.listing(session, _pair(session, person, before, after), **asked, limit=MOST)
        names = places.names(session)
    return csv_bytes(COLUMNS, (_cells(_line(row, names)) for row in found))


def _pair(session: Session, person: Person, before: int, after: int) -> Pair:
    for upload_id in (before, after):
        receive.seen(session, person, upload_id)
    both = compare.pair(session, before, after)
    if both is None:
        raise Unusable(
            "只能比较两次都已检测完的成果，先交的在前。",
            "Two deliveries that were both judged can be compared, the earlier one first.",
            "not_comparable",
        )
    return both


def _part(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    village = {"code": row["village"], "name": names.get(row["village"])}
    return {"village": village, "surveyor": row["surveyor"], **{name: row[name] for name in COUNTS}}


def _line(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    told = ("key", "rule", "turn", "severity", "surveyor", "before_m2", "after_m2", "changed", "by")
    return {name: row[name] for name in told} | {
        "title": shown.title(row["rule"]),
        "sentence": {"zh": row["zh"], "en": row["en"]},
        "a": shown.party(row["subject"]),
        "b": shown.party(row["against"]),
        "village": {"code": row["village"], "name": names.get(row["village"])},
        "place": degrees(row["x"], row["y"], row["crs"]),
    }


def _cells(line: Mapping[str, Any]) -> list[Any]:
    before, after = line["before_m2"], line["after_m2"]
    difference = round((after or 0.0) - (before or 0.0), 6) if before is not None or after is not None else None
    lon, lat = line["place"] or (None, None)
    sides = [side and f"{side['layer']}:{side['code']}" for side in (line["a"], line["b"])]
    village, title, said = line["village"], line["title"], line["sentence"]
    return [
        *(line["turn"], line["by"], village["code"], village["name"], line["surveyor"]),
        *(line["rule"], title["zh"], title["en"], line["severity"], *sides, before, after, difference),
        *(None if difference is None else str(mu(difference)), lon, lat, said["zh"], said["en"], line["key"]),
    ]
