"""The defects of a delivery as people read them: in groups with counts and first rows, each group row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.errors import NotFound
from api.office import Office
from api.people import Person
from api.work import pages, receive, shown
from api.work.shown import degrees
from data.store import defects, places
from data.store.defects import Asked
from geo import law
from geo.finding import SEVERITIES
from web import labels

EVERYTHING = Asked()
#: Rows that a group shows before it is opened.
FIRST = 3


def groups(office: Office, person: Person, upload_id: int, asked: Asked) -> dict[str, Any]:
    """Tell all defects of a delivery in groups, the gravest and largest first, and where they lie."""
    with office.begin() as session:
        receive.seen(session, person, upload_id)
        return grouped(session, upload_id, asked)


def grouped(session: Session, upload_id: int, asked: Asked = EVERYTHING, first: int = FIRST) -> dict[str, Any]:
    """The groups of a delivery, each with its `first` rows."""
    found = defects.overview(session, upload_id, asked, first)
    names = places.names(session)
    told = [_group(group, names) for group in found["groups"]]
    told.sort(key=lambda group: (SEVERITIES.index(group["severity"]), -group["count"], group["rule"], group["id"]))
    return {
        "total": found["total"],
        "all": found["all"],
        "groups": told,
        "facets": {name: counts or {} for name, counts in found["facets"].items()},
        "villages": {code: names.get(code) for code in found["facets"]["village"] or {}},
        "squares": [square for square in map(_square, found["squares"]) if square["place"]],
    }


def rows(
    office: Office, person: Person, upload_id: int, group: str, village: str, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Tell the rows of one group, a page at a time."""
    with office.begin() as session:
        receive.seen(session, person, upload_id)
        found = defects.rows(session, upload_id, group, village, after=pages.place(cursor), limit=limit + 1)
        names = places.names(session)
    if not found and cursor is None:
        raise NotFound
    page = found[:limit]
    return {
        "items": [_line(row, names) for row in page],
        "next": pages.cursor(page[-1]["ord"]) if len(found) > limit else None,
    }


def title(kind: str, rule: str, sentence: Mapping[str, str]) -> dict[str, str]:
    """What a group is called: the rule's name, or what keeps its rows out of the books."""
    if kind != "rejected":
        return shown.title(rule)
    return {lang: labels.texts(lang).get(f"reject.{rule}", sentence[lang]) for lang in labels.LANGUAGES}


def _group(group: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    lines = [_line(row, names) for row in group["rows"]]
    return {name: group[name] for name in ("id", "kind", "rule", "layer", "reason", "severity", "placed")} | {
        "count": group["n"],
        "title": title(group["kind"], group["rule"], lines[0]["sentence"]),
        "articles": articles(group["rows"][0]["article"]),
        "villages": len(group["villages"] or []),
        "rows": lines,
    }


def _line(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {name: row[name] for name in ("row", "code", "key", "outcome")} | {
        "village": None if row["village"] is None else {"code": row["village"], "name": names.get(row["village"])},
        "other": shown.party(row["other"]),
        "sentence": {"zh": row["zh"], "en": row["en"]},
        "place": degrees(row["x"], row["y"], row["crs"]),
    }


def _square(square: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "place": degrees(square["x"], square["y"], square["crs"]),
        "count": square["n"],
        "severity": square["severity"],
    }


def articles(keys: Sequence[str]) -> list[dict[str, str]]:
    """Articles as references are written, in both languages; one that has left the list is still named."""
    return [_article(key) for key in keys]


def _article(key: str) -> dict[str, str]:
    try:
        known = law.by_key(key)
    except law.UnknownArticle:
        return {"key": key, "zh": key, "en": key}
    numbers = {"zh": f"第{known.number}条", "en": f", art. {known.number}"} if known.number else {"zh": "", "en": ""}
    return {"key": key, "zh": f"{known.law_zh}{numbers['zh']}", "en": f"{known.law_en}{numbers['en']}"}
