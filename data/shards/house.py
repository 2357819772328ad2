"""The reading house: foreign tables for each shard, and over them read views under the names of our own tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import BigInteger, Column, Table

from data.shards.county import ABOUT, CODED, READ, family, held
from data.shards.refusal import ShardRefusal
from data.sql import read_sql
from data.tables import Base

#: Where the views lie that join all shards.
VIEWS = "shards"
#: A shard that does not answer is given up after this time.
CONNECT_SECONDS = 3
#: More than any store numbers; a county's code and such a number fit into a bigint.
ROWS = 10**12
_OPTIONS = {
    # Conditions and aggregates of PostGIS are then worked out by the shard.
    "extensions": "postgis",
    "updatable": "false",
    # All shards that are asked work at the same time.
    "async_capable": "true",
    "fetch_size": "10000",
    "connect_timeout": str(CONNECT_SECONDS),
    # A machine that vanishes while it answers is noticed.
    "keepalives_idle": "10",
    "tcp_user_timeout": "20000",
}
_WHO = ("user", "password")
#: Of the libpq parameters, those that postgres_fdw sets itself.
_NOT_OPTIONS = (*_WHO, "client_encoding", "fallback_application_name", "application_name", "options")


@dataclass(frozen=True)
class Shard:
    """One store joined to this house, named by the first of its counties."""

    name: str
    #: With the codes that they had before.
    counties: tuple[str, ...]

    @property
    def schema(self) -> str:
        """The schema of its foreign tables, and the name of its server."""
        return f"shard_{self.name}"

    def holds(self, area: str) -> bool:
        """Tell whether something whose code begins like this may lie here."""
        return any(county.startswith(area) or area.startswith(county) for county in self.counties)


def known(house: psycopg.Connection) -> tuple[Shard, ...]:
    """List the shards of a house by their names; none where no shard was ever added."""
    if house.execute("SELECT to_regclass('shards.shard')").fetchone() == (None,):
        return ()
    rows = house.execute("SELECT name, counties FROM shards.shard ORDER BY name")
    return tuple(Shard(name, tuple(counties)) for name, counties in rows)


def holding(shards: Iterable[Shard], areas: Sequence[str]) -> tuple[Shard, ...]:
    """Choose the shards that hold something of these areas, ShardRefusal where nobody holds one of them."""
    shards = tuple(shards)
    for area in areas:
        if not any(shard.holds(area) for shard in shards):
            raise ShardRefusal(
                "shard_none", f"没有分库管辖 {area or '任何县'}。", f"No shard holds {area or 'any county'}."
            )
    return tuple(shard for shard in shards if any(map(shard.holds, areas)))


def add(
    house: psycopg.Connection, owner: str, codes: Iterable[str], address: str, password: str | None = None
) -> Shard:
    """Join the store at an address (`postgresql://…`) to this house as the shard of these counties.

    `house` is a connection of `owner`, or of a superuser on whose behalf extension and password-less access are set
    up. The store must be held to just these counties, measure in the same system and be of the same release, and no
    other shard may hold any of them. Adding a shard again renews it. Raises ShardRefusal, and nothing is changed then.
    """
    counties = family(codes)
    shard = Shard(counties[0], counties)
    options = _parsed(address) | ({"password": password} if password else {})
    _inspect(house, shard, options)
    try:
        _join(house, owner, shard, options)
    except psycopg.Error as error:
        raise ShardRefusal(
            "shard_setup",
            f"总库的数据库接入失败：{type(error).__name__}。它须能到达该地址；多数情形还需密码（PGPASSWORD）。",
            f"The database of this house could not join it: {type(error).__name__}. It must reach that address itself, "
            "and mostly needs a password (PGPASSWORD).",
        ) from None
    return shard


def remove(house: psycopg.Connection, name: str) -> None:
    """Part from a shard; its store is left as it is. ShardRefusal where there is none of that name."""
    with house.transaction():
        if name not in {shard.name for shard in known(house)}:
            raise ShardRefusal("shard_unknown", "没有这个分库。", "There is no such shard.")
        _forget(house, name)
        lay_views(house, VIEWS, known(house))


def renew(house: psycopg.Connection) -> tuple[Shard, ...]:
    """Lay all foreign tables and views out anew, after house and shards were brought to a new release."""
    with house.transaction():
        shards = known(house)
        for shard in shards:
            _lay_tables(house, shard)
        lay_views(house, VIEWS, shards)
    return shards


def lay_views(house: psycopg.Connection, schema: str, shards: Sequence[Shard]) -> None:
    """Put a view over these shards for each table that is read, in place of those there were.

    Of every row it tells the shard. Stores number their rows, runs and deliveries, and mint references of survey
    features, each for itself: the views put the shard's name before these, so that no two mean different things.
    """
    place = sql.Identifier(schema)
    for table in READ:
        view = sql.SQL(".").join([place, sql.Identifier(table)])
        house.execute(sql.SQL("DROP VIEW IF EXISTS {} CASCADE").format(view))
        if shards:
            parts = sql.SQL(" UNION ALL ").join(_part(shard, Base.metadata.tables[table]) for shard in shards)
            house.execute(sql.SQL("CREATE VIEW {} AS {}").format(view, parts))


def _part(shard: Shard, table: Table) -> sql.Composed:
    """Select what one shard gives to a view."""
    said = sql.SQL("{}::text AS shard").format(sql.Literal(shard.name))
    given = sql.SQL(", ").join([said, *(_given(shard, column) for column in table.columns)])
    return sql.SQL("SELECT {} FROM {}").format(given, sql.Identifier(shard.schema, table.name))


def _given(shard: Shard, column: Column[Any]) -> sql.Composable:
    """Give a column as it is, or with the shard's name before what the shard has numbered itself."""
    name = sql.Identifier(column.name)
    if isinstance(column.type, BigInteger) and (column.name in ("id", "delivery") or column.foreign_keys):
        return sql.SQL("{} + {} AS {}").format(sql.Literal(int(shard.name) * ROWS), name, name)
    if (column.table.name, column.name) == ("survey_feature", "code"):
        return sql.SQL("{} || {} AS {}").format(sql.Literal(f"{shard.name}/"), name, name)
    return name


def _parsed(address: str) -> dict[str, str]:
    """Read an address without ever repeating it."""
    try:
        return {name: str(value) for name, value in conninfo_to_dict(address).items() if value is not None}
    except psycopg.ProgrammingError:
        raise ShardRefusal(
            "shard_address",
            "地址应为 postgresql://账户@主机:端口/库。",
            "An address is postgresql://user@host:port/database.",
        ) from None


def _join(house: psycopg.Connection, owner: str, shard: Shard, options: dict[str, str]) -> None:
    """Set server, foreign tables and views up, all or nothing."""
    with house.transaction():
        superuser = _extended(house, owner)
        _as(house, owner)
        house.execute(read_sql("shards/prepare.sql"))
        house.execute("LOCK shards.shard IN SHARE ROW EXCLUSIVE MODE")
        for other in known(house):
            if other.name != shard.name and set(other.counties) & set(shard.counties):
                raise ShardRefusal(
                    "shard_held_twice",
                    f"分库 {other.name} 已管辖其中的县。",
                    f"The shard {other.name} holds some of these counties already.",
                )
        _forget(house, shard.name)
        house.execute("INSERT INTO shards.shard VALUES (%s, %s)", [shard.name, list(shard.counties)])
        _serve(house, owner, superuser, shard, options)
        _lay_tables(house, shard)
        lay_views(house, VIEWS, known(house))


def _inspect(house: psycopg.Connection, shard: Shard, options: dict[str, str]) -> None:
    """Look at the store itself before it is joined."""
    about = "SELECT version_num || ', EPSG:' || srid FROM public.alembic_version, public.deployment"
    try:
        with psycopg.connect(make_conninfo(**options | {"connect_timeout": str(CONNECT_SECONDS)})) as store:
            (theirs,), counties = store.execute(about).fetchone() or (None,), held(store)
    except psycopg.Error as error:
        raise ShardRefusal(
            "shard_unreachable",
            f"连不上该库或无权读取：{type(error).__name__}。请检查地址与账户。",
            f"The store cannot be reached or read: {type(error).__name__}. Check its address and account.",
        ) from None
    (ours,) = house.execute(about).fetchone() or (None,)
    if theirs != ours:
        raise ShardRefusal(
            "shard_unlike",
            f"版本与坐标系应为 {ours}，该库为 {theirs}。请先升级，或由同一坐标系的总库汇读。",
            f"Release and system are {ours} here, {theirs} there: upgrade it, or read it from a house of its system.",
        )
    if counties != shard.counties:
        raise ShardRefusal(
            "shard_not_held",
            f"该库未声明只管辖 {','.join(shard.counties)}。请先在该库运行：./dingxin shards hold {shard.name}",
            f"The store is not held to {','.join(shard.counties)}. Run there: ./dingxin shards hold {shard.name}",
        )


def _extended(house: psycopg.Connection, owner: str) -> bool:
    """See that the extension may be used by the owner; tell whether we are superuser and can set it up ourselves."""
    superuser = house.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)
    try:
        with house.transaction():
            house.execute("CREATE EXTENSION IF NOT EXISTS postgres_fdw")
            if superuser:
                grant = sql.SQL("GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO {}")
                house.execute(grant.format(sql.Identifier(owner)))
    except InsufficientPrivilege:
        pass
    may = "SELECT has_foreign_data_wrapper_privilege(%s, oid, 'USAGE') FROM pg_foreign_data_wrapper WHERE fdwname = %s"
    if house.execute(may, [owner, "postgres_fdw"]).fetchone() == (True,):
        return superuser
    needed = f"CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO {owner};"
    raise ShardRefusal(
        "shard_extension",
        f"请数据库管理员先在总库执行：{needed}",
        f"Ask whoever runs the database of this house to run first: {needed}",
    )


def _serve(house: psycopg.Connection, owner: str, superuser: bool, shard: Shard, options: dict[str, str]) -> None:
    """Say where the shard is and as whom it is read."""
    where = {name: value for name, value in options.items() if name not in _NOT_OPTIONS} | _OPTIONS
    server = sql.Identifier(shard.schema)
    make = sql.SQL("CREATE SERVER {} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({})")
    house.execute(make.format(server, _pairs(where)))
    who = {"user": owner} | {name: options[name] for name in _WHO if name in options}
    if superuser and "password" not in who:
        # Through its own socket a cluster knows who asks; only a superuser may say that no password is needed.
        who["password_required"] = "false"
        house.execute("RESET ROLE")
    mapping = sql.SQL("CREATE USER MAPPING FOR {} SERVER {} OPTIONS ({})")
    house.execute(mapping.format(sql.Identifier(owner), server, _pairs(who)))
    _as(house, owner)


def _lay_tables(house: psycopg.Connection, shard: Shard) -> None:
    """Make the foreign tables of a shard, and tell the planner which codes can be there at all."""
    place = sql.Identifier(shard.schema)
    house.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(place))
    house.execute(sql.SQL("CREATE SCHEMA {}").format(place))
    chosen = sql.SQL(", ").join(map(sql.Identifier, (*READ, *ABOUT)))
    take = "IMPORT FOREIGN SCHEMA public LIMIT TO ({}) FROM SERVER {} INTO {} OPTIONS (import_generated 'false')"
    house.execute(sql.SQL(take).format(chosen, place, place))
    # Ranges, since the planner can refute nothing about the beginning of a text.
    ranges = sql.SQL(" OR ").join(
        sql.SQL("(code >= {} AND code < {})").format(sql.Literal(county), sql.Literal(f"{int(county) + 1:06}"))
        for county in shard.counties
    )
    for table in CODED:
        hint = sql.SQL("ALTER FOREIGN TABLE {} ADD CHECK ({})")
        house.execute(hint.format(sql.Identifier(shard.schema, table), ranges))


def _forget(house: psycopg.Connection, name: str) -> None:
    shard = Shard(name, ())
    house.execute("DELETE FROM shards.shard WHERE name = %s", [name])
    for kind in ("SCHEMA", "SERVER"):
        drop = sql.SQL(f"DROP {kind} IF EXISTS {{}} CASCADE")
        house.execute(drop.format(sql.Identifier(shard.schema)))


def _as(house: psycopg.Connection, owner: str) -> None:
    house.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(owner)))


def _pairs(options: dict[str, str]) -> sql.Composed:
    pairs = (sql.SQL("{} {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in options.items())
    return sql.SQL(", ").join(pairs)
