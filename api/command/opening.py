"""Opening the house: `up` makes and starts whatever is missing, and says what to open and as whom."""

from __future__ import annotations

import time
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from api import people
from api.command import sample
from api.command.house import PROCESSES, address
from api.command.processes import Process, listener
from api.command.tell import Trouble, step
from api.office import Office, open_office
from api.settings import Settings
from data import migrations
from data.session import check_deployment
from data.store import places

OPENING_SECONDS = 60
ROLES = {"surveyor": "测绘员", "official": "官员　", "admin": "管理员"}


def up() -> None:
    """启动：数据库、示范镇、网页与后台。Start: database, sample township, pages and worker."""
    settings = Settings()
    web = Process(settings, "serve")
    if web.pid is None and (who := listener(settings.port)):
        raise Trouble(
            f"端口 {settings.port} 已被占用：{who}。请停止它，或换一个端口：DINGXIN_PORT=8001 ./dingxin up",
            f"Port {settings.port} is taken by {who}. Stop that, or take another: DINGXIN_PORT=8001 ./dingxin up",
        )
    if settings.owns_database:
        with step("启动数据库…", "Starting the database…"):
            settings.cluster.start()
    with step("更新数据表…", "Bringing the tables up to date…"):
        _migrate(settings)
    office = open_office(settings)
    with office.begin() as session:
        check_deployment(session, settings.srid)
        places.load(session)
        made = people.first_accounts(session)
    for name, password in made:
        typer.echo(f"  新账户 new account   {name:10} {password}")
    with step("打开网页与后台…", "Opening the pages and the worker…"):
        for verb in PROCESSES:
            Process(settings, verb).start()
        _wait_open(settings)
    sample.deliver(office)
    _welcome(office, made)


def _migrate(settings: Settings) -> None:
    try:
        migrations.upgrade(settings.database_url, srid=settings.srid)
    except OperationalError as error:
        raise Trouble(
            f"连不上数据库 {make_url(settings.database_url)!r}：{error.orig}",
            "The database cannot be reached (see above). Check DINGXIN_DATABASE_URL.",
        ) from None


def _wait_open(settings: Settings) -> None:
    """Wait until the pages answer and the worker lives; show the end of the log of what did not come up."""
    # The machine may have a proxy for the world; this is the machine itself.
    direct = build_opener(ProxyHandler({}))
    for _ in range(OPENING_SECONDS * 5):
        for process in (Process(settings, verb) for verb in PROCESSES):
            if process.pid is None:
                raise _fell(process)
        try:
            with direct.open(f"{address(settings)}/api/v1/health/ready", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise _fell(Process(settings, "serve"))


def _fell(process: Process) -> Trouble:
    end = "\n".join(process.log.read_text(errors="replace").splitlines()[-15:])
    return Trouble(
        f"{end}\n“{process.verb}”没有启动，日志在 {process.log}",
        f"'{process.verb}' did not come up (see above); its log is {process.log}",
    )


def _welcome(office: Office, made: list[tuple[str, str]]) -> None:
    typer.echo(f"\n请打开 Open   {address(office.settings)}\n\n登录 Sign in as")
    known = dict(made)
    for name, role in people.FIRST:
        typer.echo(f"  {ROLES[role]} {name:10} {known.get(name, '…')}")
    if not made:
        typer.echo("密码只在首次启动时显示；另设一个：  Passwords were shown at the first start; to set another:")
        typer.echo("  ./dingxin password surveyor")
    typer.echo("\n农户凭证书编号查询，无需登录。Farmers look up a certificate by its number and do not sign in.")
