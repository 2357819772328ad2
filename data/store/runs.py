"""Runs of detection: opened before the ground is loaded, closed with what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from data.store.plain import plain
from data.store.thresholds import BY_THE_BOOK
from data.tables import Run
from geo.detect import Detection
from geo.thresholds import CountyThresholds


def begin(
    session: Session,
    prefixes: Sequence[str],
    day: date,
    *,
    versions: Mapping[str, str],
    thresholds: CountyThresholds = BY_THE_BOOK,
    upload_id: int | None = None,
) -> int:
    """Open a run over the areas with these prefixes, and give its number."""
    run = Run(
        scope=sorted(prefixes),
        day=day,
        versions=dict(versions),
        overrides={"version": thresholds.version, "counties": plain(thresholds.counties)},
        upload_id=upload_id,
    )
    session.add(run)
    session.flush()
    return run.id


def end(session: Session, run_id: int, detection: Detection, counts: Mapping[str, int]) -> None:
    """Close a run with what was run, skipped, found, and left out."""
    told = {
        "rules": plain(detection.rules),
        "below_tolerance": plain(detection.below_tolerance),
        "not_compared": list(detection.not_compared),
        "invalid": detection.invalid,
        "counts": dict(counts),
        "ended_at": func.clock_timestamp(),
    }
    session.execute(update(Run).where(Run.id == run_id).values(**told))


def of_rules(session: Session, prefix: str) -> dict[str, tuple[Run, dict[str, Any]]]:
    """What became of each rule in the latest run that asked it over an area or part of it, by rule."""
    newest = select(Run).where(Run.ended_at.is_not(None)).order_by(Run.id.desc()).limit(100)
    told: dict[str, tuple[Run, dict[str, Any]]] = {}
    for run in session.scalars(newest):
        if _meets(run.scope, prefix):
            for rule, entry in (run.rules or {}).items():
                told.setdefault(rule, (run, entry))
    return told


def of_upload(session: Session, upload_id: int) -> Run | None:
    """The run that judged a delivery; none while it is under way."""
    return session.scalars(
        select(Run).where(Run.upload_id == upload_id, Run.ended_at.is_not(None)).order_by(Run.id.desc()).limit(1)
    ).first()


def _meets(scope: Sequence[str], prefix: str) -> bool:
    return any(part.startswith(prefix) or prefix.startswith(part) for part in scope)
