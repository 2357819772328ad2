"""What every use case has at hand: the settings of this house and the way to its database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from api.settings import Settings
from api.throttle import Throttle
from data.session import engine_for, sessions_on


@dataclass(frozen=True)
class Office:
    """One running house; use cases open their transactions with `begin`."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    #: Attempts to sign in, by address with account and by address; to look a certificate up, by address and by number.
    sign_ins: Throttle = field(default_factory=lambda: Throttle(5, 60))
    addresses: Throttle = field(default_factory=lambda: Throttle(30, 60))
    lookups: Throttle = field(default_factory=lambda: Throttle(5, 60))
    numbers: Throttle = field(default_factory=lambda: Throttle(20, 86_400))

    def begin(self):
        """Open one transaction: committed at the end of the block, rolled back when it raises."""
        return self.sessions.begin()


def open_office(settings: Settings) -> Office:
    """Make ready to work; the database is not asked yet."""
    engine = engine_for(settings.database_url, pool_size=10, max_overflow=10, pool_timeout=5, pool_pre_ping=True)
    return Office(settings, engine, sessions_on(engine))


def office_of(request: Request) -> Office:
    """Hand the route its house."""
    return request.app.state.office


Here = Annotated[Office, Depends(office_of)]
