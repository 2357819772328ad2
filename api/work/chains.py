"""Chains of findings on one ground as a person is told of them: which they are, whom they meet, and how hard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.people import Person
from api.work import shown
from data.store import findings, groups, places
from data.store.findings import Filters
from data.store.sets import among
from data.store.versions import then
from data.tables import Contractor, FindingVersion
from geo.masks import mask_name

#: Findings of a group that are listed; the list on the page shows all of them.
LISTED = 20
#: Findings of a group whose grounds are joined, and whose proposals are worked out.
MEASURED, SETTLED = 200, 24

Effects = Callable[[Session, Mapping[str, Any]], Iterable[tuple[str, str, float]]]


def told(session: Session, person: Person, row: Mapping[str, Any], effects: Effects) -> dict[str, Any] | None:
    """Tell of the group that a present finding belongs to; None where it stands alone."""
    if row["presence"] != "present":
        return None
    group = groups.of(session, row["key"])
    if len(group.keys) < 2:
        return None
    asked = Filters(scope=person.scope, group=row["key"], keys=group.keys)
    found = findings.listing(session, asked, limit=MEASURED)
    known = places.names(session)
    return {
        "name": group.name,
        "findings": len(group.keys),
        "complete": group.complete,
        "elsewhere": len(group.keys) - found.total,
        "items": [shown.line(one, known) for one in found.items[:LISTED]],
        "households": _households(session, person, found.items, effects),
    }


def names(session: Session, codes: Iterable[str]) -> dict[str, str | None]:
    """The names of some contractors, masked, by their codes."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    query = select(Contractor.code, Contractor.name).where(among(Contractor.code, wanted), *then(Contractor))
    return {code: mask_name(name) if name else None for code, name in session.execute(query)}


def household(code: str | None, known: Mapping[str, str | None]) -> dict[str, Any] | None:
    """A contractor by code and masked name."""
    return {"code": code, "name": known.get(code)} if code else None


def _households(
    session: Session, person: Person, rows: Sequence[Mapping[str, Any]], effects: Effects
) -> list[dict[str, Any]]:
    """Whom the findings meet, most first: how many, how much ground of theirs, and what settling would take."""
    said = FindingVersion
    query = select(said.key, said.holders, said.shared_m2, func.ST_AsBinary(said.geom)).where(
        *findings.said_of([row["key"] for row in rows]), func.upper_inf(said.known)
    )
    count: dict[str, int] = defaultdict(int)
    grounds: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for _, holders, shared, wkb in session.execute(query):
        for holder in holders:
            count[holder] += 1
            if shared is not None and wkb is not None:
                grounds[holder].append(shapely.from_wkb(bytes(wkb)))
    sums = _sums(session, person, rows, effects)
    known = names(session, count)
    order = sorted(count, key=lambda holder: (-count[holder], holder))
    return [
        {
            **household(holder, known),
            "findings": count[holder],
            "disputed_m2": round(shapely.union_all(grounds[holder]).area, 2),
            "changes": sums.get(holder, {}),
        }
        for holder in order[:LISTED]
    ]


def _sums(
    session: Session, person: Person, rows: Sequence[Mapping[str, Any]], effects: Effects
) -> dict[str, dict[str, dict[str, Any]]]:
    """What each way to settle would take from each household, over the findings of a group for which it is offered."""
    sums: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    pairs = [row for row in rows if row["category"] == "overlap" and row["b_layer"] == "parcel"]
    for row in pairs[:SETTLED]:
        whole = findings.dossier(session, row["key"], person.scope)
        if whole["same_as"] is not None:  # the same ground under another rule
            continue
        for kind, holder, change in effects(session, whole):
            so_far = sums[holder].setdefault(kind, {"change_m2": 0.0, "findings": 0})
            so_far["change_m2"] = round(so_far["change_m2"] + change, 2)
            so_far["findings"] += 1
    return sums
