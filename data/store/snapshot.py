"""One state of the books, seen by many: a transaction lends its view to sessions of other processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from psycopg import sql
from sqlalchemy import NullPool, func, select, text
from sqlalchemy.orm import Session

from data.session import engine_for
from data.store.driver import connection_of, told_plainly
from data.store.errors import Refusal


class OtherBooks(Refusal):
    """The database that answers is not the one that lent its view."""


@dataclass(frozen=True)
class Snapshot:
    """A view that lasts as long as the transaction that lent it: whose books, its name there, and their day."""

    books: str
    name: str
    day: date


def lend(session: Session) -> Snapshot:
    """Lend the view of this moment; a session that holds a lock lends what it saw since it has that lock."""
    name, day = session.execute(select(func.pg_export_snapshot(), func.current_date())).one()
    return Snapshot(identity(session), name, day)


@contextmanager
def seen(url: str, snapshot: Snapshot) -> Iterator[Session]:
    """Open a session that sees the books exactly as lent, whatever was committed since; or raise OtherBooks."""
    engine = engine_for(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with Session(engine) as session, session.begin():
        # it must come before any query
        take = sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot.name))
        with told_plainly():
            connection_of(session).execute(take)
        if identity(session) != snapshot.books:
            raise OtherBooks("the view was lent by another database")
        yield session


def identity(session: Session) -> str:
    """Tell these books from all others, wherever they are reached: the number of the cluster and of the database."""
    database = "SELECT oid FROM pg_database WHERE datname = current_database()"
    return session.scalar(text(f"SELECT system_identifier || '/' || ({database}) FROM pg_control_system()"))  # noqa: S608
