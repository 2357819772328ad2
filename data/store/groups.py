"""Chains of findings on one ground: worked out when asked, so that no run has to keep them right."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from data.sql import read_sql

#: Disputed grounds that lie nearer to each other than this touch (m): corners of cuts are rounded.
TOUCHING_M = 0.01
#: Findings of one ground that are looked at; a chain that is longer is told as "at least so many".
MOST = 2000


@dataclass(frozen=True)
class Group:
    """The findings of one ground, by their keys; its name is the lowest of them, whoever asks and from wherever."""

    name: str
    keys: tuple[str, ...]
    complete: bool


def of(session: Session, key: str) -> Group:
    """Gather the present findings that hang together with one: by ground that touches, or by a party they share."""
    values = {"key": key, "touching": TOUCHING_M, "most": MOST + 1}
    keys = sorted(session.scalars(text(read_sql("groups/reached.sql")), values))
    return Group(keys[0], tuple(keys[:MOST]), len(keys) <= MOST)
