"""Counties in stores of their own: `hold` is said at a county's store, all else at the house that reads them."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from datetime import date
from typing import Annotated

import psycopg
import typer

from api.command.house import NOT_RUNNING
from api.command.tell import step
from api.office import Office, open_office
from api.settings import Settings
from data import shards as store
from data.cluster import DATABASE, ROLE
from data.store import places

shards = typer.Typer(
    no_args_is_help=True,
    help="县级分库：每县一库，总库汇读。Counties in stores of their own, read as one.",
)
Codes = Annotated[str, typer.Argument(help="县级代码，以逗号分开 / codes of counties, with commas")]
Partial = Annotated[bool, typer.Option("--partial", help="缺少分库时仍读其余 / read the others when some are missing")]


@shards.command()
def hold(
    codes: Codes,
    reader: Annotated[str | None, typer.Option(help="准许读取的账户 / role that may read")] = None,
) -> None:
    """在县库运行：声明本库只存这些县。At a county's store: hold it to these counties from now on."""
    with _database(Settings()) as connection:
        held = store.hold(connection, codes.split(","), reader)
    typer.echo(f"本库只存 {'、'.join(held)}。This store holds {', '.join(held)} and nothing else.")


@shards.command()
def add(
    codes: Codes,
    url: Annotated[str, typer.Argument(help="postgresql://…；密码可用 PGPASSWORD / or put the password in PGPASSWORD")],
) -> None:
    """在总库运行：接入一个县库；再次接入即更新。Join a county's store to this house; again renews it."""
    settings = Settings()
    with _superuser(settings) as connection:
        owner = ROLE if settings.owns_database else connection.info.user
        shard = store.add(connection, owner, codes.split(","), url, os.environ.get("PGPASSWORD"))
    typer.echo(f"已接入 {shard.name}（{'、'.join(shard.counties)}）。Joined: {', '.join(shard.counties)}.")


@shards.command("list")
def list_() -> None:
    """列出分库：状态、地块数、最近检测；有缺为 3。List the shards; exit 3 when one cannot be read."""
    office = open_office(Settings())
    with _database(office.settings) as connection:
        every = store.known(connection)
    if not every:
        typer.echo("没有分库。There are no shards.")
        return
    names = _names(office)
    states = store.states(office.engine, every, date.today())
    for state in states:
        called = "、".join(names.get(county, county) for county in state.shard.counties)
        last = f"{state.detected_at:%Y-%m-%d %H:%M}Z" if state.detected_at else "—"
        how = f"运行中 up  地块 parcels {state.parcels}  最近检测 last run {last}"
        if state.missing:
            how = f"缺 missing [{state.missing.code}]"
        typer.echo(f"{state.shard.name}  {called}  {how}")
    if any(state.missing for state in states):
        raise typer.Exit(NOT_RUNNING)


@shards.command()
def remove(name: Annotated[str, typer.Argument(help="分库代码 / code of the shard")]) -> None:
    """脱离一个分库，县库本身不动。Part from a shard; its store is left as it is."""
    with _database(Settings()) as connection:
        store.remove(connection, name)
    typer.echo(f"已脱离 {name}。Parted from {name}.")


@shards.command()
def renew() -> None:
    """总库与县库升级后重建视图。Lay the views out anew, after house and shards were upgraded."""
    with _database(Settings()) as connection:
        many = len(store.renew(connection))
    typer.echo(f"已更新 {many} 个分库。Renewed {many} shards.")


@shards.command()
def border(partial: Partial = False) -> None:
    """跨县重叠：列出分属两库的地块对；有缺为 3。Pairs across county borders; exit 3 when counties are missing."""
    office = open_office(Settings())
    with (
        step("读取县界两侧…", "Reading both sides of the borders…"),
        store.reading(office.engine, partial=partial) as read,
    ):
        found = store.pairs(read, date.today())
    for one in found.itertuples():
        typer.echo(f"{one.rule}  {one.subject}  {one.against}  {one.shared_m2:.2f} m²")
    typer.echo(f"{len(found)} 对跨县。{len(found)} pairs across borders.", err=True)
    for missing in read.missing:
        typer.echo(f"{missing.zh} {missing.en}", err=True)
    if read.missing:
        raise typer.Exit(NOT_RUNNING)


def _names(office: Office) -> dict[str, str]:
    with office.begin() as session:
        return places.names(session)


def _database(settings: Settings) -> AbstractContextManager[psycopg.Connection]:
    """Connect to our database as its owner."""
    return psycopg.connect(settings.database_url.replace("+psycopg", "", 1), autocommit=True)


def _superuser(settings: Settings) -> AbstractContextManager[psycopg.Connection]:
    """Connect as who may set extensions up, where the cluster is our own."""
    return settings.cluster.admin(DATABASE) if settings.owns_database else _database(settings)
