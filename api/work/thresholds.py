"""The thresholds of the counties: looked through and set as a file, in versions, and shown to anyone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.errors import NotAllowed
from api.office import Office
from api.people import Person
from api.work import shown as spoken
from data.store import places, thresholds
from geo.rules import book
from geo.thresholds import ALL, CountyThresholds, Overrides, ThresholdsRefused, decoded, written
from web import labels, rulebook

#: Who may put thresholds in force.
SETTERS = ("official", "admin")
#: Versions that are listed with who set them.
LATEST = 20


def enter(office: Office, told: CountyThresholds, account: str) -> int:
    """Put a version in force for every run that begins from now on, and give its number."""
    with office.begin() as session:
        return thresholds.enter(session, told, account)


def in_force(office: Office) -> CountyThresholds:
    """The version in force."""
    with office.begin() as session:
        return thresholds.in_force(session)


def shown(office: Office) -> dict[str, Any]:
    """Every version that was ever set, the newest first and in force, with the names of its counties."""
    with office.begin() as session:
        names = places.names(session)
        return {
            "items": [
                {
                    "id": kept.id,
                    "version": kept.version,
                    "set_at": kept.set_at,
                    "counties": kept.counties,
                    "names": {code: names[code] for code in kept.counties if code in names},
                }
                for kept in thresholds.history(session)
            ]
        }


def mine(office: Office, person: Person) -> dict[str, Any]:
    """What is in force in a person's counties, who set the latest versions, and whether this person may set more."""
    with office.begin() as session:
        names, kept = places.names(session), thresholds.history(session)[:LATEST]
        counties = kept[0].counties if kept else {}
        return {
            "may_set": person.role in SETTERS and _has_a_county(person),
            "items": _listed(_of(counties, names, person, besides_all=True), names),
            "history": [
                {"id": one.id, "version": one.version, "set_at": one.set_at, "set_by": one.set_by} for one in kept
            ],
        }


def file_of(office: Office, person: Person) -> str:
    """What is in force in a person's counties as the file that sets it, to be changed and handed in again."""
    with office.begin() as session:
        now, names = thresholds.in_force(session), places.names(session)
    return written(CountyThresholds(now.version or "1", _of(now.counties, names, person)))


def hand_in(office: Office, person: Person, content: bytes, in_earnest: bool) -> dict[str, Any]:
    """Look a file through and tell every defect at once; if it has none and is meant in earnest, put it in force.

    A file speaks for the counties of whoever hands it in: what it does not name there goes by the rule book again, and
    what was set for others stays.
    """
    with office.begin() as session:
        names = places.names(session)
        if not _has_a_county(person):
            raise NotAllowed(
                "您的辖区不足一个县，阈值由县级设定。", "Thresholds are set by counties, not below.", "no_county"
            )
        try:
            told = decoded(content, lambda code: _is_theirs(code, names, person))
        except ThresholdsRefused as refused:
            return _outcome(refused.defects)
        items = _listed(told.counties, names)
        number = _put_in_force(session, told, names, person) if in_earnest else None
        return {"usable": True, "defects": [], "version": told.version, "items": items, "id": number}


def _put_in_force(session: Session, told: CountyThresholds, names: Mapping[str, str], person: Person) -> int:
    thresholds.hold(session)
    before = thresholds.in_force(session).counties
    others = {code: rules for code, rules in before.items() if not _is_theirs(code, names, person)}
    return thresholds.enter(session, CountyThresholds(told.version, {**others, **told.counties}), person.username)


def _outcome(defects: list[tuple[str, str, str]]) -> dict[str, Any]:
    told = [{"place": place, "words": {"zh": zh, "en": en}} for place, zh, en in defects]
    return {"usable": False, "defects": told, "version": None, "items": [], "id": None}


def _has_a_county(person: Person) -> bool:
    """Whether a person answers for a whole county: towns and villages are judged by its thresholds."""
    return len(person.scope) <= len("441781")


def _is_theirs(code: str, names: Mapping[str, str], person: Person) -> bool:
    """Whether a person may speak for a county; for all of them only who answers for all of them."""
    if code == ALL:
        return all(person.covers(county) for county in names if len(county) == 6)
    return person.covers(code)


def _of(
    counties: Mapping[str, Overrides], names: Mapping[str, str], person: Person, besides_all: bool = False
) -> dict[str, Overrides]:
    """What a person's counties say; with what holds for all, where that is asked."""
    return {
        code: rules
        for code, rules in counties.items()
        if _is_theirs(code, names, person) or (besides_all and (code == ALL or person.scope.startswith(code)))
    }


def _listed(counties: Mapping[str, Overrides], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every threshold that differs from the rule book, in words, beside what the book says."""
    return [
        {
            "county": code,
            "name": names.get(code),
            "rule": rule,
            "title": spoken.title(rule),
            "threshold": name,
            "label": {lang: labels.text(lang, f"column.{name}") for lang in labels.LANGUAGES},
            "book": _said(name, book()[rule].thresholds[name]) if rule in book() else None,
            "value": _said(name, value),
        }
        for code, rules in counties.items()
        for rule, values in rules.items()
        for name, value in values.items()
    ]


def _said(name: str, value: float) -> dict[str, str]:
    return {lang: rulebook.threshold(name, value, lang) for lang in labels.LANGUAGES}
