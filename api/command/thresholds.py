"""The counties' thresholds from the machine itself: a file is looked through, set, and written out again."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from geo.thresholds import CountyThresholds, ThresholdsRefused, opened, written

UNREADABLE = 2

thresholds = typer.Typer(
    no_args_is_help=True, help="各县阈值：检查、启用、查看。Thresholds of the counties: look through, set, show."
)
File = Annotated[Path, typer.Argument(metavar="FILE.yaml", help="阈值文件。The file of thresholds.")]


@thresholds.command()
def check(file: File) -> None:
    """检查文件，一次列出全部问题，不启用。Look a file through and list every defect; nothing is set."""
    told = taken(file)
    typer.echo(f"可以采用：{told.version}。It can be used: {', '.join(told.counties) or '—'}.")


@thresholds.command("set")
def set_(file: File) -> None:
    """启用文件：以后的检测按它判断，旧版本保留。Put a file in force for all later runs; old versions are kept."""
    from api.office import open_office
    from api.settings import Settings
    from api.work import thresholds as use_case

    told = taken(file)
    number = use_case.enter(open_office(Settings()), told, getpass.getuser())
    typer.echo(
        f"已启用第 {number} 版“{told.version}”。Version {number} is in force; run `./dingxin detect` to judge by it."
    )


@thresholds.command()
def show() -> None:
    """按文件格式写出现行阈值。Write what is in force, as such a file."""
    from api.office import open_office
    from api.settings import Settings
    from api.work import thresholds as use_case

    typer.echo(written(use_case.in_force(open_office(Settings()))), nl=False)


def taken(file: Path) -> CountyThresholds:
    """Read a file of thresholds, or list every defect, a line each, and end."""
    try:
        return opened(file)
    except ThresholdsRefused as refused:
        for place, zh, en in refused.defects:
            typer.echo(f"[{refused.code}] {place}：{zh}。{en}.", err=True)
        raise typer.Exit(UNREADABLE) from None
