"""Reading findings: the list with its filters and counts, one in full, and its history."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, any_, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from data.store import groups, places
from data.store.errors import BadCursor, Unknown
from data.store.sets import among
from data.tables import Account, Event, Finding, FindingVersion, Run, Sighting
from geo.finding import SEVERITIES

MOST = 500
#: Degrees for maps: between CGCS2000 and WGS 84 lies nothing that a map shows.
DEGREES = 4326

_URGENCY = case({name: rank for rank, name in enumerate(SEVERITIES)}, value=FindingVersion.severity)
_SIZE = func.coalesce(FindingVersion.shared_m2, literal(0.0))


@dataclass(frozen=True)
class Filters:
    """What is asked of a list of findings; None asks nothing. `scope` is the area of whoever asks."""

    scope: str = ""
    rule: str | None = None
    category: str | None = None
    state: str | None = None
    presence: str | None = "present"
    village: str | None = None
    upload: int | None = None
    q: str | None = None
    #: West, south, east, north in degrees.
    bbox: tuple[float, float, float, float] | None = None
    #: Any finding of a group (`data.store.groups`): all of its ground are asked for.
    group: str | None = None
    #: The findings of that group, once they are gathered.
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Listing:
    """One page of findings, what to ask for the next, and counts over the whole list."""

    items: list[dict[str, Any]]
    next: str | None
    total: int
    facets: dict[str, dict[str, int]]


def listing(session: Session, asked: Filters, *, limit: int = 100, cursor: str | None = None) -> Listing:
    """List findings, the gravest and largest first; `cursor` is `next` of the page before (else BadCursor).

    Counts of a filter are what choosing each of its values would give: they leave that one filter out.
    """
    limit = max(1, min(limit, MOST))
    asked = _gathered(session, asked)
    wanted = _conditions(session, asked)
    order = (_URGENCY, -_SIZE, Finding.key)
    page = _shown().where(*wanted).order_by(*order).limit(limit + 1)
    if cursor is not None:
        page = page.where(tuple_(*order) > tuple_(*_place(cursor)))
    rows = [dict(row) for row in session.execute(page).mappings()]
    follows = _cursor(rows[limit - 1]) if len(rows) > limit else None
    total = session.scalar(_counted(func.count()).where(*wanted)) or 0
    return Listing(rows[:limit], follows, total, facets(session, asked))


def every(session: Session, asked: Filters, at: datetime | None = None) -> list[dict[str, Any]]:
    """All findings of a list, with the cut as well-known binary in the metric system: for taking away.

    With `at`, measures and presence are those known at that moment; what people decided is always of today.
    """
    query = _shown(at).add_columns(
        func.ST_AsBinary(FindingVersion.geom).label("geom_wkb"),
        func.ST_AsBinary(FindingVersion.point).label("point_wkb"),
        FindingVersion.article,
        FindingVersion.thresholds,
    )
    rows = session.execute(query.where(*_conditions(session, asked)).order_by(_URGENCY, -_SIZE, Finding.key))
    return [dict(row) for row in rows.mappings()]


def facets(session: Session, asked: Filters) -> dict[str, dict[str, int]]:
    """Count the list by rule, category, state and village."""
    columns = {
        "rule": Finding.rule,
        "category": FindingVersion.category,
        "state": Finding.state,
        "village": FindingVersion.village,
    }
    counts = {}
    for name, column in columns.items():
        others = _conditions(session, replace(asked, **{name: None}))
        rows = session.execute(_counted(column, func.count()).where(*others).group_by(column).order_by(column))
        counts[name] = {value: count for value, count in rows}
    return counts


def dossier(session: Session, key: str, scope: str = "") -> dict[str, Any]:
    """Everything about one finding as it stands; Unknown where there is none in this area.

    Besides what a list shows: `geom_wkb`, `point_wkb` (metric system), article, thresholds, evidence, holders, same_as,
    first and latest run, and `events`, oldest first. Parties are looked up by `data.store.parties`.
    """
    said = FindingVersion
    query = _shown().add_columns(
        func.ST_AsBinary(said.geom).label("geom_wkb"),
        func.ST_AsBinary(said.point).label("point_wkb"),
        *(said.article, said.thresholds, said.evidence, said.holders, said.same_as, said.run_id, Finding.first_run_id),
    )
    wanted = (*said_of([key]), *_conditions(session, Filters(scope, presence=None)))
    row = session.execute(query.where(*wanted)).mappings().first()
    if row is None:
        raise Unknown(key)
    return dict(row) | {"events": events(session, key), "run": session.get(Run, row["run_id"])}


def beginning(session: Session, text: str, scope: str = "") -> list[str]:
    """The keys in an area that begin with a text; of several, two."""
    wanted = (Finding.key.startswith(text, autoescape=True), *_conditions(session, Filters(scope, presence=None)))
    return list(session.scalars(_counted(Finding.key).where(*wanted).order_by(Finding.key).limit(2)))


def events(session: Session, key: str) -> list[dict[str, Any]]:
    """What people decided about a finding, oldest first, and who they were."""
    actor, assignee = aliased(Account), aliased(Account)
    columns = [Event.seq, Event.action, Event.from_state, Event.to_state, Event.reason, Event.at, Event.due_on]
    query = (
        select(*columns, actor.username.label("actor"), assignee.username.label("assignee"))
        .outerjoin(actor, actor.id == Event.actor_id)
        .outerjoin(assignee, assignee.id == Event.assignee_id)
        .where(Event.key == key)
        .order_by(Event.seq)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def history(session: Session, key: str) -> list[dict[str, Any]]:
    """What runs said of a finding over time, oldest first."""
    names = (
        "known",
        "run_id",
        "presence",
        "severity",
        "shared_m2",
        "firm_m2",
        "width_m",
        "share_a",
        "share_b",
        "holders",
    )
    columns = [getattr(FindingVersion, name) for name in names]
    query = (
        select(*columns, Sighting.outcome, Run.day)
        .join(Run, Run.id == FindingVersion.run_id)
        .outerjoin(Sighting, (Sighting.run_id == FindingVersion.run_id) & (Sighting.key == FindingVersion.key))
        .where(FindingVersion.key == key)
        .order_by(func.lower(FindingVersion.known))
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _counted(*columns: Any, at: datetime | None = None) -> Select[Any]:
    known = func.upper_inf(FindingVersion.known) if at is None else FindingVersion.known.op("@>")(at)
    return select(*columns).select_from(Finding).join(FindingVersion, (FindingVersion.key == Finding.key) & known)


def _shown(at: datetime | None = None) -> Select[Any]:
    """The columns of a list."""
    said = FindingVersion
    place = func.ST_Transform(func.ST_Envelope(func.coalesce(said.geom, said.point)), DEGREES)
    spot = func.ST_Transform(said.point, DEGREES)
    last_seen = (
        select(func.max(Run.started_at))
        .join(Sighting, Sighting.run_id == Run.id)
        .where(Sighting.key == Finding.key, Sighting.outcome != "gone")
        .scalar_subquery()
    )
    # the run that found it began before the finding was written
    first_seen = select(Run.started_at).where(Run.id == Finding.first_run_id).scalar_subquery()
    corners = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)
    return _counted(
        *(Finding.key, Finding.rule, Finding.subject, Finding.against, Finding.state, Finding.seq),
        *(said.category, said.severity, said.presence, said.village, said.other_village),
        *(said.a_code, said.b_layer, said.b_code),
        *(said.shared_m2, said.firm_m2, said.width_m, said.share_a, said.share_b),
        *(said.sentence_zh, said.sentence_en),
        func.ST_X(spot).label("lon"),
        func.ST_Y(spot).label("lat"),
        *(corner(place).label(name) for corner, name in zip(corners, ("west", "south", "east", "north"), strict=True)),
        func.least(Finding.minted_at, first_seen).label("first_seen"),
        last_seen.label("last_seen"),
        _URGENCY.label("urgency"),
        _SIZE.label("size"),
        at=at,
    )


def _conditions(session: Session, asked: Filters) -> list[ColumnElement[bool]]:
    said = FindingVersion
    wanted: list[ColumnElement[bool]] = []
    for area in (asked.scope, asked.village):
        if area:
            areas = places.prefixes(session, [area])
            wanted.append(or_(places.under(said.village, areas), places.under(said.other_village, areas)))
    equal = ((Finding.rule, asked.rule), (said.category, asked.category), (Finding.state, asked.state))
    wanted += [column == value for column, value in (*equal, (said.presence, asked.presence)) if value is not None]
    if asked.upload is not None:
        seen = exists().where(Sighting.key == Finding.key, Sighting.run_id == Run.id, Run.upload_id == asked.upload)
        wanted.append(seen)
    if asked.q:
        texts: Sequence[Any] = (said.sentence_zh, said.sentence_en, Finding.subject, Finding.against, Finding.key)
        wanted.append(or_(*(text.icontains(asked.q, autoescape=True) for text in texts)))
    if asked.group is not None:
        wanted += said_of(_gathered(session, asked).keys or ())
    if asked.bbox is not None:
        box = func.ST_Transform(func.ST_MakeEnvelope(*asked.bbox, DEGREES), 3857)
        wanted.append(said.geom_3857.op("&&")(box))
    return wanted


def said_of(keys: Sequence[str]) -> list[ColumnElement[bool]]:
    """The conditions that a version is one of these findings'.

    By its digest too: planners take the index of the one-version constraint for the cheapest, and by the key alone, its
    second column, that index is read from end to end.
    """
    digests = select(func.hashtextextended(func.unnest(literal(list(keys), ARRAY(Text))), 0)).scalar_subquery()
    said = FindingVersion
    return [among(said.key, keys), func.hashtextextended(said.key, 0) == any_(func.array(digests))]


def _gathered(session: Session, asked: Filters) -> Filters:
    """The same filter with the findings of its group gathered, once for all that is asked with it."""
    if asked.group is None or asked.keys is not None:
        return asked
    return replace(asked, keys=groups.of(session, asked.group).keys)


def _cursor(row: dict[str, Any]) -> str:
    """Where a page ended, as a text that nobody needs to read."""
    text = json.dumps([row["urgency"], -row["size"], row["key"]])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _place(cursor: str) -> tuple[int, float, str]:
    try:
        urgency, size, key = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        place = int(urgency), float(size), str(key)
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise BadCursor from None
    if not (0 <= place[0] < len(SEVERITIES) and "\0" not in place[2] and place[2].isascii()):
        raise BadCursor
    return place
