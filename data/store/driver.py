"""Bulk work goes straight through the driver; what goes wrong there comes out as SQLAlchemy says it, without values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.store.binary import Column, stream


def connection_of(session: Session) -> psycopg.Connection[Any]:
    """The driver's own connection, in the session's transaction."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn the driver's errors into those that callers of a session expect."""
    try:
        yield
    except psycopg.Error as error:
        raise DBAPIError.instance("bulk", None, error, psycopg.Error, hide_parameters=True) from None


def copy_in(cursor: psycopg.Cursor[Any], table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Copy rows into a table; how many."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:
        for row in rows:
            copy.write_row(row)
    return cursor.rowcount


def copy_columns(cursor: psycopg.Cursor[Any], table: str, batches: Iterator[Mapping[str, Column]]) -> None:
    """Copy whole columns into a table in binary form, batch by batch; all batches have the same columns.

    The next batch is made while the server takes the last one in.
    """
    if (first := next(batches, None)) is None:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, first))
    binary = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table), names)
    pieces = stream(list(batch.values()) for batch in chain([first], batches))
    with cursor.copy(binary) as copy, ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = maker.submit(next, pieces, None)
            copy.write(piece)
