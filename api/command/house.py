"""Closing the house, telling how it stands, and testing it: `down`, `status`, `test`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import typer

from api.command.processes import Process
from api.command.tell import step
from api.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]
#: In the order of starting; stopping goes the other way.
PROCESSES = ("worker", "serve")
NOT_RUNNING = 3


def down() -> None:
    """停止。Stop."""
    settings = Settings()
    ran = False
    with step("停止…", "Stopping…"):
        for verb in reversed(PROCESSES):
            ran |= Process(settings, verb).stop()
        if settings.owns_database:
            ran |= settings.cluster.stop()
    typer.echo("已停止。Stopped." if ran else "本来就没有运行。It was not running.")


def status() -> None:
    """现状：运行中为 0，否则为 3。How it stands: exit 0 when all runs, 3 when not."""
    settings = Settings()
    lines = [("数据库 database", _database(settings))]
    for verb, name in (("worker", "后台 worker"), ("serve", "网页 pages")):
        pid = Process(settings, verb).pid
        where = f"  {address(settings)}" if verb == "serve" else ""
        lines.append((name, f"pid {pid}{where}" if pid else None))
    for name, running in lines:
        typer.echo(f"{name:16} " + (f"运行中 running  {running}" if running else "未运行 not running"))
    if not all(running for _, running in lines):
        raise typer.Exit(NOT_RUNNING)


def test(context: typer.Context) -> None:
    """运行全部测试；后面的参数交给 pytest。Run all tests; what follows goes to pytest."""
    # The whole run is shared out among the cores, file by file, since the tests of a file share a database; in their
    # own order, by which houses and browsers come first: those with the fewest tests take the longest.
    shared_out = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
    command = [sys.executable, "-m", "pytest", *(context.args or shared_out)]
    raise typer.Exit(subprocess.run(command, cwd=CHECKOUT).returncode)


def address(settings: Settings) -> str:
    """Tell what to open."""
    return f"http://127.0.0.1:{settings.port}"


def _database(settings: Settings) -> str | None:
    if settings.owns_database:
        cluster = settings.cluster
        return f"PostgreSQL {cluster.server.major}  {cluster.folder}" if cluster.exists and cluster.running else None
    try:
        with psycopg.connect(settings.database_url.replace("+psycopg", "", 1), connect_timeout=5) as connection:
            return f"PostgreSQL {connection.info.server_version // 10000}  {connection.info.host}"
    except psycopg.OperationalError:
        return None
