"""The verbs of daily work at the machine itself: receive, detect, serve, worker."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from api.command.maps import MapFile, by_map_file
from api.errors import Refused
from api.office import Office, open_office
from api.settings import Settings
from geo.engines import local
from geo.rules import book

if TYPE_CHECKING:
    from api.work.works import Answer, Hands

_tell = Console(stderr=True)

#: Exit codes that scripts rely on.
FAILED, UNREADABLE, WRONG_USAGE = 1, 2, 64
RESTING = ("awaiting_acceptance", "done", "refused", "failed", "withdrawn")


def receive(
    file: Annotated[Path, typer.Argument(help="zip、gpkg、mdb 文件或汇交目录 / a zip, GeoPackage, .mdb, or folder")],
    layer: Annotated[str | None, typer.Option(help="图层 / what the file holds, where it does not say")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG 代码 / EPSG code the file is in")] = None,
    encoding: Annotated[str | None, typer.Option(help="属性编码 / encoding of the attributes")] = None,
    map: Annotated[list[str] | None, typer.Option(help="OUR=THEIR 字段对应 / column map")] = None,
    map_file: MapFile = None,
    scope: Annotated[str | None, typer.Option(help="代码前缀 / prefix of the codes it may hold")] = None,
    accept: Annotated[str | None, typer.Option(help="valid_rows: 接受有效行 / take the valid rows")] = None,
    survey_date: Annotated[str | None, typer.Option(help="调查日期 / day of the survey, YYYY-MM-DD")] = None,
    account: Annotated[str, typer.Option("--as", help="以谁的名义 / whose delivery it is")] = "surveyor",
) -> None:
    """交来成果，与网页上传完全相同。 Receive a delivery, exactly as the web page does."""
    from api.work import receive as use_case

    if not file.exists():
        _tell.print(f"读不到文件 / cannot read: {file}")
        raise typer.Exit(UNREADABLE)
    decided = by_map_file(map_file, {"layer": layer, "crs": crs, "encoding": encoding, "columns": _pairs(map or [])})
    told = {
        name: json.dumps(value) if isinstance(value, dict) else str(value) for name, value in decided.items() if value
    }
    fields = told | {"scope": scope, "accept": accept, "survey_date": survey_date}
    office = open_office(Settings())
    try:
        upload = use_case.hand_in_file(office, account, file, {name: text for name, text in fields.items() if text})
    except Refused as refusal:
        _tell.print(f"{refusal.zh} {refusal.en} [{refusal.code}]", markup=False)
        raise typer.Exit(WRONG_USAGE) from None
    report = follow(office, upload["id"])
    typer.echo(json.dumps(report, ensure_ascii=False, indent=1, default=str))
    raise typer.Exit({"refused": UNREADABLE, "failed": FAILED}.get(report["state"], 0))


def detect(
    scope: Annotated[str, typer.Option(help="代码前缀，空为全部 / prefix of the codes to judge, all by default")] = "",
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="只用这些规则 / only these rules")] = None,
    workers: Annotated[int, typer.Option(min=1, help="本机并行进程数 / processes on this machine")] = 1,
    cluster: Annotated[str, typer.Option(help="集群地址 / a cluster instead, tls://host:8786")] = "",
    keys: Annotated[Path | None, typer.Option(help="集群密钥目录 / folder of the cluster's keys")] = None,
    unencrypted: Annotated[bool, typer.Option(help="允许不加密 / send personal data in the clear")] = False,
    tiles: Annotated[
        Path | None, typer.Option(help="共享目录 / folder all workers see, where they reach no books")
    ] = None,
) -> None:
    """对已入库的全部数据再检测一次，可分镇并行。 Run detection again over what is in the books."""
    from api.work import detect as use_case

    for one in rule or ():
        if one not in book():
            raise typer.BadParameter(f"没有规则 {one}。 There is no rule {one}.")
    settings = Settings()
    office = open_office(settings)
    answers: list[Answer] = []
    try:
        with _hands(settings, workers, cluster, keys, unencrypted, tiles) as hands, _progress() as bar:
            task = bar.add_task("检测 / detecting", total=None)

            def tell(zh: str, en: str, done: int, total: int) -> None:
                bar.update(task, description=f"{zh} {en}", completed=done, total=total)

            counts = use_case.everything(office, scope, tell, hands, answers, rule or ())
    except Refused as refusal:
        _tell.print(f"{refusal.zh}\n{refusal.en} [{refusal.code}]", markup=False)
        raise typer.Exit(FAILED) from None
    if hands:
        _cost(answers)
    typer.echo(json.dumps(counts, ensure_ascii=False))


@contextmanager
def _hands(
    settings: Settings, workers: int, address: str, keys: Path | None, unencrypted: bool, tiles: Path | None
) -> Iterator[Hands | None]:
    """Who does the works: a cluster, processes of this machine, or nobody but this process."""
    from api import cluster
    from api.work.works import Hands

    if address:
        secret = cluster.security(address, keys or cluster.keys_of(settings), unencrypted)
        with cluster.hands(address, secret, settings, tiles) as hands:
            yield hands
    elif workers > 1:
        yield Hands(partial(local.mapped, workers=workers), ours=True)
    else:
        yield None


def _cost(answers: Sequence[Answer]) -> None:
    """Tell whose time a run took, and how much was read."""
    table = Table("工作进程 worker", "部分 works", "宗地 parcels", "CPU s", "读取 MB read", box=None)
    for name in sorted({answer.worker for answer in answers}):
        theirs = [answer for answer in answers if answer.worker == name]
        table.add_row(name, *_sums(theirs))
    table.add_row("合计 all", *_sums(answers))
    _tell.print(table)


def _sums(answers: Sequence[Answer]) -> tuple[str, ...]:
    parcels, cpu = sum(a.parcels for a in answers), sum(a.cpu_s for a in answers)
    return str(len(answers)), str(parcels), f"{cpu:.1f}", f"{sum(a.ground_bytes for a in answers) / 1e6:.1f}"


def serve(
    host: Annotated[str, typer.Option(help="监听地址 / address to listen on")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
) -> None:
    """启动网页与接口。 Serve the pages and the API."""
    import uvicorn

    from api.app import create_app

    settings = Settings()
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port or settings.port,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=30,
    )


def worker(
    until_empty: Annotated[bool, typer.Option(help="做完为止 / stop when the queue is empty")] = False,
) -> None:
    """处理排队的成果。 Work on what is queued."""
    from api import worker as work

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    work.run(open_office(Settings()), until_empty=until_empty)


def follow(office: Office, upload_id: int) -> dict:
    """Work on the queue here until the delivery has come to rest, showing the steps, and give its report."""
    from api import worker as work
    from api.work import receive as use_case

    failures: list[Exception] = []

    def help_out() -> None:
        try:
            work.run(office, until_empty=True, signals=False)
        except Exception as failure:
            failures.append(failure)

    # A worker that is running already may have been faster: then this one only watches.
    helper = Thread(target=help_out, daemon=True)
    helper.start()
    with _progress() as bar:
        task = bar.add_task("接收 / receiving", total=None)
        while (report := use_case.told(office, None, upload_id))["state"] not in RESTING:
            if failures:
                raise failures[0]
            step = report["progress"] or {}
            words = f"{step.get('step_zh', '')} {step.get('step_en', '')}".strip() or report["state"]
            bar.update(task, description=words, total=step.get("total"), completed=step.get("done") or 0)
            time.sleep(0.3)
    helper.join()
    return report


def _progress() -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=_tell, transient=True, disable=not _tell.is_terminal)


def _pairs(given: list[str]) -> dict[str, str]:
    """Read OUR=THEIR."""
    pairs = dict(text.partition("=")[::2] for text in given)
    if not all(pairs) or not all(pairs.values()):
        _tell.print("--map OUR=THEIR")
        raise typer.Exit(WRONG_USAGE)
    return pairs
