"""Thresholds of the counties as the books keep them: versions, the newest in force."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data.tables import ThresholdSet
from geo.thresholds import CountyThresholds

#: An office that has set none goes by the rule book.
BY_THE_BOOK = CountyThresholds("", {})


def in_force(session: Session) -> CountyThresholds:
    """The version in force; by the book where none was ever set."""
    newest = session.scalar(select(ThresholdSet).order_by(ThresholdSet.id.desc()).limit(1))
    return CountyThresholds(newest.version, newest.counties) if newest else BY_THE_BOOK


def hold(session: Session) -> None:
    """Let nobody else put a version in force until this transaction ends: it builds on the one before."""
    session.execute(text("LOCK TABLE threshold_set IN SHARE ROW EXCLUSIVE MODE"))


def enter(session: Session, told: CountyThresholds, account: str) -> int:
    """Put a version in force, and give its number."""
    kept = ThresholdSet(version=told.version, counties=_plain(told), set_by=account)
    session.add(kept)
    session.flush()
    return kept.id


def history(session: Session) -> list[ThresholdSet]:
    """Every version that was ever set, the newest first."""
    return list(session.scalars(select(ThresholdSet).order_by(ThresholdSet.id.desc())))


def _plain(told: CountyThresholds) -> dict[str, dict[str, dict[str, float]]]:
    return {code: {rule: dict(values) for rule, values in rules.items()} for code, rules in told.counties.items()}
