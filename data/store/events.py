"""Deciding about findings: one event after the other, none ever changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.store.errors import FourEyes, Stale, Unknown
from data.tables import Event, Finding
from geo.finding import JUDGEMENTS, move


def append(
    session: Session,
    key: str,
    action: str,
    reason: str,
    actor_id: int,
    seq: int,
    *,
    due_on: date | None = None,
    assignee_id: int | None = None,
) -> str:
    """Add one decision and give the state that it leads to.

    `seq` is the number of the last event that the actor has seen: Stale if there is a later one. IllegalMove (of
    `geo.finding`) if the state does not allow the action; FourEyes if the actor brought one of the parties in and the
    action judges it; Unknown if there is no such finding. The database holds all of this by itself as well.
    """
    found = session.execute(select(Finding.state, Finding.seq).where(Finding.key == key).with_for_update()).first()
    if found is None:
        raise Unknown(key)
    if found.seq != seq:
        raise Stale(key)
    state = move(found.state, action)
    if action in JUDGEMENTS and actor_id in brought_by(session, key):
        raise FourEyes(key)
    session.add(
        Event(
            key=key,
            seq=seq + 1,
            from_state=found.state,
            action=action,
            to_state=state,
            reason=reason,
            actor_id=actor_id,
            due_on=due_on,
            assignee_id=assignee_id,
        )
    )
    session.flush()
    return state


def brought_by(session: Session, key: str) -> set[int]:
    """The accounts that brought a party of a finding in; they do not judge it."""
    return set(session.scalars(select(func.parties_brought_by(key))))
