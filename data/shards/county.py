"""What makes a store a shard: every fact in it belongs to the counties it is held to, and the database sees to that."""

from __future__ import annotations

import re
from collections.abc import Iterable

import psycopg
from psycopg import sql

from data.shards.refusal import ShardRefusal
from data.sql import read_sql
from data.tables import FACTS
from geo.codes import OLD_COUNTIES, resolve_prefix

#: Tables whose code begins with the county.
CODED = tuple(table.__tablename__ for table in FACTS.values())
#: What a reading house reads: the land and what detection says of it; no account, no delivery, no official's words.
READ = (*CODED, "survey_feature", "detail_feature", "finding", "finding_version", "run", "map_square")
#: Read to learn of a shard itself.
ABOUT = ("alembic_version", "deployment")


def family(codes: Iterable[str]) -> tuple[str, ...]:
    """Give the codes of counties, today's and those they had before; ShardRefusal for what is no county's code."""
    today = {resolve_prefix(code) for code in codes}
    if not today or not all(re.fullmatch("[0-9]{6}", code) for code in today):
        raise ShardRefusal("shard_code", "县级代码应为六位数字。", "The code of a county has six digits.")
    return tuple(sorted(today | {old for old, code in OLD_COUNTIES.items() if code in today}))


def held(store: psycopg.Connection) -> tuple[str, ...]:
    """Tell which counties a store is held to on every table of facts, as its constraints say; none if it is not."""
    told = {table: tuple(codes) for table, codes in store.execute(read_sql("shards/held.sql"))}
    alike = set(map(told.get, CODED))
    return (alike.pop() or ()) if len(alike) == 1 else ()


def hold(store: psycopg.Connection, codes: Iterable[str], reader: str | None = None) -> tuple[str, ...]:
    """Hold a store to these counties from now on, and let a role read it; gives the codes with the old ones.

    Raises ShardRefusal where the store has rows of other counties already; then nothing is changed.
    """
    counties = family(codes)
    with store.transaction():
        store.execute(sql.SQL("LOCK {} IN SHARE ROW EXCLUSIVE MODE").format(_listed(CODED)))
        if strangers := _strangers(store, counties):
            raise ShardRefusal(
                "shard_strangers",
                f"库中有其他县的数据，不能作为这些县的分库：{strangers}。",
                f"The store holds rows of other counties and cannot be a shard of these: {strangers}.",
            )
        for table in CODED:
            change = "ALTER TABLE {0} DROP CONSTRAINT IF EXISTS {1}, ADD CONSTRAINT {1} CHECK (left(code, 6) IN ({2}))"
            among = sql.SQL(", ").join(map(sql.Literal, counties))
            store.execute(sql.SQL(change).format(sql.Identifier(table), sql.Identifier("held_to_counties"), among))
        if reader:
            may_read = "GRANT SELECT ON {} TO {}"
            store.execute(sql.SQL(may_read).format(_listed(READ + ABOUT), sql.Identifier(reader)))
    return counties


def _strangers(store: psycopg.Connection, counties: tuple[str, ...]) -> str:
    """List the other counties whose rows are here, with how many there are of each."""
    here = sql.SQL(" UNION ALL ").join(sql.SQL("SELECT code FROM {}").format(sql.Identifier(t)) for t in CODED)
    count = "SELECT left(code, 6), count(*) FROM ({}) AS here WHERE left(code, 6) <> ALL (%s) GROUP BY 1 ORDER BY 1"
    rows = store.execute(sql.SQL(count).format(here), [list(counties)]).fetchall()
    return ", ".join(f"{county} ({many})" for county, many in rows)


def _listed(tables: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier("public", table) for table in tables)
