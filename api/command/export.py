"""The verb that gives things out of the books: `export`."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.errors import Refused
from api.office import open_office
from api.settings import Settings

WRONG_USAGE = 64


def export(
    out: Annotated[Path, typer.Option(metavar="FOLDER|FILE.zip", help="写到哪里 / where to")],
    package: Annotated[bool, typer.Option("--package", help="整套汇交成果 / a whole delivery")] = False,
    scope: Annotated[str, typer.Option(metavar="CODE", help="代码前缀 / prefix of the codes to export")] = "",
    county: Annotated[str, typer.Option(metavar="CODE", help="县代码 / code of the county")] = "",
    year: Annotated[str, typer.Option(help="年份 / year in the names of files")] = "",
) -> None:
    """导出。Give data out of the books: a whole delivery with names and ID numbers, for the hand-over."""
    if not package:
        raise typer.BadParameter("--package")
    if (scope and not scope.isdecimal()) or (county and not (county.isdecimal() and len(county) == 6)):
        raise typer.BadParameter("--scope 441781113, --county 441781")
    if year and not (year.isdecimal() and len(year) == 4):
        raise typer.BadParameter("--year 2026")
    from api.work import export as use_case

    begun = time.monotonic()
    try:
        office = open_office(Settings())
        written = use_case.package(office, out, scope, county, year or str(date.today().year), _tell)
    except Refused as refusal:
        typer.echo(f"{refusal.zh}\n{refusal.en} [{refusal.code}]", err=True)
        raise typer.Exit(WRONG_USAGE) from None
    kinds = Counter(one.kind for one in written.defects)
    told = {"path": str(written.path), "rows": written.rows, "defects": dict(kinds)}
    typer.echo(json.dumps(told | {"seconds": round(time.monotonic() - begun, 1)}, ensure_ascii=False, indent=1))
    for one in written.defects[:20]:
        typer.echo(f"{one.table} {one.column or ''} {one.code or ''}: {one.zh} {one.en}", err=True)
    if len(written.defects) > 20:
        typer.echo("其余见 导出问题.csv / the others are in 导出问题.csv", err=True)


def _tell(zh: str, en: str) -> None:
    typer.echo(f"{zh}… {en}…", err=True)
