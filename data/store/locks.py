"""Who has to wait for whom: advisory locks that last until the end of the transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session


def scope(session: Session, codes: Iterable[str]) -> None:
    """Let nobody else write these villages (the first 12 digits of each code); always in one order.

    Take them all at once and first thing, then read the clock: a second, other set taken later could wait in a circle.
    """
    for village in sorted({code[:12] for code in codes}):
        lock(session, f"village:{village}")


def detection(session: Session) -> None:
    """Let one run of detection at a time read the ground and merge what it found.

    Take it after the delivery is committed and before the ground is loaded: the last of several deliveries then sees
    all of them, and no run calls gone what another has just found.
    """
    lock(session, "detection")


def lock(session: Session, name: str) -> None:
    """Wait for a lock by its name."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(literal(name), 0))))
