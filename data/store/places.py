"""Towns and villages, and the codes they had before."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, false, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.tables import AdminUnit, AdminUnitAlias


def load(session: Session) -> int:
    """Enter the places that came with this release, renaming those we have; how many there are."""
    rows = [row for name in ("counties", "towns", "villages") for row in _read(name)]
    units = [{"code": row["code"], "name": row["name"]} for row in rows if not row["alias_of"]]
    old = [{"old_code": r["code"], "code": r["alias_of"], "name": r["name"]} for r in rows if r["alias_of"]]
    for table, key, values in ((AdminUnit, "code", units), (AdminUnitAlias, "old_code", old)):
        statement = insert(table).values(values)
        changed = {name: statement.excluded[name] for name in values[0] if name != key}
        session.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed))
    return len(units)


def names(session: Session) -> dict[str, str]:
    """Every place by the codes it is found under, old ones too."""
    known = dict(session.execute(select(AdminUnit.code, AdminUnit.name)).all())
    return known | dict(session.execute(select(AdminUnitAlias.old_code, AdminUnitAlias.name)).all())


def prefixes(session: Session, asked: Iterable[str]) -> list[str]:
    """The prefixes under which the codes of these areas are found: their own, and those they had before."""
    asked = sorted(set(asked))
    old = select(AdminUnitAlias.old_code, AdminUnitAlias.code)
    found = set(asked)
    for old_code, code in session.execute(old):
        for prefix in asked:
            if code.startswith(prefix):
                found.add(old_code)
            elif prefix.startswith(code):
                found.add(old_code + prefix[len(code) :])
    return shortest(found)


def under(column: Any, found: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a code lies in one of these areas; in no area lies nothing.

    Codes are ordered byte by byte, so that those with one beginning follow each other. A range is what planners can
    reason about, and texts with no collation of their own are what a shard takes over.
    """
    return or_(false(), *(_beginning(column, prefix) for prefix in found))


def _beginning(column: Any, prefix: str) -> ColumnElement[bool]:
    first = column >= literal(prefix, Text())
    if not prefix:
        return first
    return and_(first, column < literal(prefix[:-1] + chr(ord(prefix[-1]) + 1), Text()))


def shortest(found: set[str]) -> list[str]:
    """Leave out prefixes that a shorter one covers already."""
    kept: list[str] = []
    for prefix in sorted(found):  # in this order, what begins with a prefix follows it at once
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return kept


def _read(name: str) -> list[dict[str, str]]:
    text = files("data").joinpath("places", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
