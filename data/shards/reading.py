"""Reading over the shards: who answers is asked first, and nobody is left out without being named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, NullPool
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from data.session import engine_for
from data.shards.house import CONNECT_SECONDS, VIEWS, Shard, holding, known, lay_views
from data.shards.refusal import ShardRefusal
from data.sql import read_sql

#: So many shards are asked at the same time who they are; each takes a connection of the house for a moment.
AT_ONCE = 8
#: Why a shard has no part in a reading.
WHY = {
    "shard_down": ("没有应答", "does not answer"),
    "shard_unlike": ("版本不同，请升级后运行 ./dingxin shards renew", "is of another release; upgrade, then renew"),
    "shard_refuses": ("拒绝读取", "refuses to be read"),
}


@dataclass(frozen=True)
class Missing:
    """A shard that has no part in a reading, and the code of why."""

    shard: Shard
    code: str

    @property
    def zh(self) -> str:
        """Name its counties and why they are missing, in Chinese."""
        return f"缺少 {'、'.join(self.shard.counties)}：分库 {self.shard.name} {WHY[self.code][0]}（{self.code}）。"

    @property
    def en(self) -> str:
        """Name its counties and why they are missing, in English."""
        return f"Missing {', '.join(self.shard.counties)}: shard {self.shard.name} {WHY[self.code][1]} [{self.code}]."


class ShardsMissing(ShardRefusal):
    """Some of the counties asked for cannot be read now."""

    def __init__(self, missing: Sequence[Missing]):
        self.missing = tuple(missing)
        super().__init__("shard_missing", "".join(one.zh for one in missing), " ".join(one.en for one in missing))


@dataclass(frozen=True)
class Reading:
    """A session in which our tables are those of all shards that take part, and the shards that do not."""

    session: Session
    shards: tuple[Shard, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class State:
    """How a shard stands: what keeps it from being read, or how many parcels it knows of and its last detection."""

    shard: Shard
    missing: Missing | None
    parcels: int | None = None
    detected_at: datetime | None = None


@contextmanager
def reading(engine: Engine, areas: Sequence[str] = ("",), *, partial: bool = False) -> Iterator[Reading]:
    """Read the counties under these codes as if they were one store; everything else is not even asked.

    In the session `parcel` and all other facts, survey features, findings and runs are those of the shards, so that
    whatever reads one store reads them all; nothing can be written. Where a shard does not answer, ShardsMissing is
    raised; with `partial` the others are read and `missing` names the rest. ShardsMissing is also raised where a
    shard is lost on the way.
    """
    with engine.connect() as connection, connection.begin() as transaction:
        every = known(driver(connection))
        asked = holding(every, areas)
        missing = roll_call(engine, asked)
        absent = {one.shard for one in missing}
        present = tuple(shard for shard in asked if shard not in absent)
        if missing and not (partial and present):
            raise ShardsMissing(missing)
        try:
            _open(driver(connection), present, every)
            # What the session commits or rolls back are savepoints: the reading stays what it is until it ends.
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                yield Reading(session, present, missing)
        except OperationalError:
            if lost := roll_call(engine, present):
                raise ShardsMissing(lost) from None
            raise
        finally:
            transaction.rollback()


def roll_call(engine: Engine, shards: Sequence[Shard]) -> tuple[Missing, ...]:
    """Ask shards through the house whether they can be read now; gives those that cannot."""
    same = (
        "SELECT theirs.version_num = ours.version_num FROM {}.alembic_version AS theirs, public.alembic_version AS ours"
    )
    answers = _asked(engine, shards, same, seconds=CONNECT_SECONDS)
    return tuple(
        Missing(shard, answer if isinstance(answer, str) else "shard_unlike")
        for shard, answer in zip(shards, answers, strict=True)
        if answer != (True,)
    )


def states(engine: Engine, shards: Sequence[Shard], day: date) -> list[State]:
    """Tell of each shard whether it can be read, how many parcels it knows of that day, and when it last detected."""
    missing = {one.shard: one for one in roll_call(engine, shards)}
    told: dict[Shard, tuple[Any, ...]] = {}
    up = [shard for shard in shards if shard not in missing]
    for shard, answer in zip(up, _asked(engine, up, read_sql("shards/state.sql"), {"day": day}), strict=True):
        if isinstance(answer, str):
            missing[shard] = Missing(shard, answer)
        else:
            told[shard] = answer
    return [State(shard, missing.get(shard), *told.get(shard, ())) for shard in shards]


def _asked(
    engine: Engine,
    shards: Sequence[Shard],
    query: LiteralString,
    values: dict[str, Any] | None = None,
    seconds: int = 0,
) -> list[tuple[Any, ...] | str]:
    """Put one question to every shard at once; gives the row that each answers, or the code of why it does not.

    Each takes a new connection: one that is kept could wait for a machine that is gone. A question is given up after
    some seconds: from PostgreSQL 16 on, postgres_fdw waits for a connection as long as it takes.
    """
    new = engine_for(engine.url.render_as_string(hide_password=False), poolclass=NullPool)

    def ask(shard: Shard) -> tuple[Any, ...] | str:
        try:
            with new.connect() as connection:
                asked = sql.SQL(query).format(sql.Identifier(shard.schema))
                books = driver(connection)
                books.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(1000 * seconds))
                return books.execute(asked, values).fetchone() or "shard_refuses"
        except psycopg.OperationalError:
            return "shard_down"
        except psycopg.Error:
            return "shard_refuses"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, shards))


def _open(connection: psycopg.Connection, shards: tuple[Shard, ...], every: tuple[Shard, ...]) -> None:
    """Let the names of our tables mean the views: the standing ones, or where not all take part, our own until the end.

    Plans are not kept: they would outlive the views that they were made for.
    """
    connection.prepare_threshold = None
    if shards != every:
        lay_views(connection, "pg_temp", shards)
    connection.execute(sql.SQL("SET LOCAL search_path TO {}, public").format(sql.Identifier(VIEWS)))
    connection.execute("SET TRANSACTION READ ONLY")


def driver(connection: Connection) -> psycopg.Connection:
    """Give the connection of the driver itself, in the same transaction."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver
