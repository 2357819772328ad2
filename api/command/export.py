"""The verb that gives things out of the books: `export`."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.errors import Refused
from api.office import open_office
from api.settings import Settings
from geo.delivery.formats import FORMATS

if TYPE_CHECKING:
    from geo.delivery.defects import Defect

WRONG_USAGE = 64
#: Defects told on the screen; the file holds all.
SHOWN = 20


def export(
    out: Annotated[Path, typer.Option(metavar="FOLDER|FILE", help="写到哪里 / where to")],
    package: Annotated[bool, typer.Option("--package", help="整套汇交成果 / a whole delivery")] = False,
    layer: Annotated[
        str, typer.Option(help="图层、表或清单 / parcel, issuer, CBF, findings, uploads, rejected …")
    ] = "",
    format: Annotated[str, typer.Option(help=f"格式 / {' '.join(FORMATS)}")] = "gpkg",
    scope: Annotated[str, typer.Option(metavar="CODE", help="代码前缀 / prefix of the codes to export")] = "",
    county: Annotated[str, typer.Option(metavar="CODE", help="县代码 / code of the county")] = "",
    year: Annotated[str, typer.Option(help="年份 / year in the names of files")] = "",
    crs: Annotated[int, typer.Option(metavar="EPSG", help="坐标系 / system, as delivered by default")] = 0,
    upload: Annotated[int, typer.Option(help="哪一次上传 / of which upload")] = 0,
) -> None:
    """导出整套汇交成果（含姓名与证件号码，供移交），或一个图层、表、清单（遮盖证件号码）。 Give data out of the books.

    A whole delivery holds names and ID numbers, for the hand-over; in a layer, table or list ID numbers are masked.
    """
    _expect(package != bool(layer), "--package | --layer")
    _expect(format in FORMATS, f"--format {'|'.join(FORMATS)}")
    _expect(not scope or scope.isdecimal(), "--scope 441781113")
    _expect(not county or (county.isdecimal() and len(county) == 6), "--county 441781")
    _expect(not year or (year.isdecimal() and len(year) == 4), "--year 2026")
    begun = time.monotonic()
    try:
        if package:
            told, defects = _package(out, scope, county, year or str(date.today().year))
        else:
            told, defects = _list(out, layer, format, scope, crs, upload)
    except Refused as refusal:
        typer.echo(f"{refusal.zh}\n{refusal.en} [{refusal.code}]", err=True)
        raise typer.Exit(WRONG_USAGE) from None
    kinds = Counter(one.kind for one in defects)
    told |= {"defects": dict(kinds), "seconds": round(time.monotonic() - begun, 1)}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    for one in defects[:SHOWN]:
        typer.echo(f"{one.table} {one.column or ''} {one.code or ''}: {one.zh} {one.en}", err=True)
    if len(defects) > SHOWN:
        typer.echo("其余见导出问题清单。The others are in the list of export defects.", err=True)


def _package(out: Path, scope: str, county: str, year: str) -> tuple[dict[str, object], Sequence[Defect]]:
    from api.work import export as use_case

    written = use_case.package(open_office(Settings()), out, scope, county, year, _tell)
    return {"path": str(written.path), "rows": written.rows}, written.defects


def _list(
    out: Path, layer: str, form: str, scope: str, crs: int, upload: int
) -> tuple[dict[str, object], Sequence[Defect]]:
    from api.work.outgoing import one_file
    from api.work.takeaway import Asked, written

    asked = Asked(layer, form, scope, crs or None, upload or None)
    with one_file(out) as folder:
        _, rows, defects = written(open_office(Settings()), None, asked, folder)
    return {"path": str(out), "rows": rows}, defects


def _expect(right: bool, usage: str) -> None:
    if not right:
        raise typer.BadParameter(usage)


def _tell(zh: str, en: str) -> None:
    typer.echo(f"{zh}… {en}…", err=True)
