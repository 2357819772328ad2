"""Review: the list of findings, one in full, and the decisions of people about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api import people
from api.errors import NotAllowed, Unusable
from api.office import Office
from api.people import Person
from api.work import shown, sides
from data.session import srid_of
from data.store import events, findings, places
from data.store.findings import Filters
from geo import finding, law


def listing(office: Office, person: Person, asked: dict[str, Any], limit: int, cursor: str | None) -> dict[str, Any]:
    """List the findings of a person's area, a page at a time, with counts for every filter."""
    with office.begin() as session:
        found = findings.listing(session, Filters(scope=person.scope, **asked), limit=limit, cursor=cursor)
        names = places.names(session)
    return {
        "items": [shown.line(row, names) for row in found.items],
        "next": found.next,
        "total": found.total,
        "facets": found.facets,
    }


def dossier(office: Office, person: Person, key: str) -> dict[str, Any]:
    """Tell everything about one finding of a person's area, and what the person may do with it now."""
    with office.begin() as session:
        row = findings.dossier(session, key, person.scope)
        srid = srid_of(session)
        both = {"a": sides.told(session, row["subject"]), "b": sides.told(session, row["against"])}
        allowed = _allowed(session, person, row)
        names = places.names(session)
    run = row["run"]
    return shown.line(row, names) | {
        "a_detail": both["a"].detail,
        "b_detail": both["b"].detail,
        "a_shape": both["a"].shape,
        "b_shape": both["b"].shape,
        "cut": shown.in_degrees(row["geom_wkb"], srid),
        "crs": srid,
        "articles": [_article(one) for one in row["article"]],
        "thresholds": row["thresholds"],
        "evidence": row["evidence"],
        "same_as": row["same_as"],
        "run": {"id": run.id, "at": run.started_at, "day": run.day, "versions": run.versions},
        "events": [_event(one) for one in row["events"]],
        "charge": charge(row["events"]),
        "actions": allowed,
    }


def decide(
    office: Office,
    person: Person,
    key: str,
    *,
    action: str,
    reason: str,
    seq: int,
    due_on: date | None = None,
    assignee: str | None = None,
) -> dict[str, Any]:
    """Add a decision to a finding of a person's area, and give where it stands now."""
    if person.role not in finding.ROLES_OF[action]:
        raise NotAllowed
    with office.begin() as session:
        findings.dossier(session, key, person.scope)
        assigned = _assignee(session, person, assignee)
        try:
            state = events.append(session, key, action, reason, person.id, seq, due_on=due_on, assignee_id=assigned)
        except finding.IllegalMove:
            raise Unusable(
                "目前的状态不允许此操作。", "This is not possible in the present state.", "illegal_move"
            ) from None
    return {"key": key, "state": state, "seq": seq + 1}


def _allowed(session: Session, person: Person, row: dict[str, Any]) -> list[str]:
    """What a person may do now: whoever brought a party in does not judge it."""
    moves = finding.allowed(row["state"], person.role)
    if person.id in events.brought_by(session, row["key"]):
        return [move for move in moves if move not in finding.JUDGEMENTS]
    return moves


def _assignee(session: Session, person: Person, username: str | None) -> int | None:
    if not username:
        return None
    assigned = people.named(session, username)
    if assigned is None or not (people.within(assigned.scope, person.scope) or assigned.covers(person.scope)):
        raise Unusable("没有这个承办人。", "There is no such person to assign to.", "assignee")
    return assigned.id


def charge(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Who has a finding in hand and until when, by what was said last; none since it was last re-opened, or ever."""
    held: dict[str, Any] = {"assignee": None, "due_on": None}
    for one in events:
        if one["action"] == "reopen":
            held = dict.fromkeys(held)
        held |= {name: one[name] for name in held if one[name] is not None}
    return held if any(held.values()) else None


def _article(key: str) -> dict[str, Any]:
    """The article that a finding recorded; one that has left the list is still named."""
    try:
        known = law.by_key(key)
    except law.UnknownArticle:
        return {"key": key}
    names = ("key", "law_zh", "law_en", "number", "gist_zh", "gist_en", "since", "until")
    return {name: getattr(known, name) for name in names}


def _event(row: dict[str, Any]) -> dict[str, Any]:
    names = ("seq", "action", "reason", "actor", "at", "due_on", "assignee")
    return {name: row[name] for name in names} | {"from": row["from_state"], "to": row["to_state"]}
