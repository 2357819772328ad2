"""The verbs of imagery: take an image in, and tell which classes lie under the parcels of a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.command.work import FAILED, UNREADABLE, WRONG_USAGE
from api.errors import Refused
from api.office import Office, open_office
from api.settings import Settings

_tell = Console(stderr=True)


def image(
    file: Annotated[Path, typer.Argument(help="GeoTIFF / 影像文件")],
    taken_on: Annotated[str, typer.Option(metavar="DATE", help="拍摄日期 / day it was taken, YYYY-MM-DD")],
    kind: Annotated[str, typer.Option(help="orthophoto 正射影像 | classes 分类栅格")] = "orthophoto",
    crs: Annotated[str | None, typer.Option(help="EPSG 代码 / EPSG code, where the file names none")] = None,
    nodata: Annotated[str | None, typer.Option(help="无数据值，或 none / the value that is no data, or none")] = None,
    scope: Annotated[str | None, typer.Option(help="代码前缀 / prefix of the codes whose ground it shows")] = None,
    account: Annotated[str, typer.Option("--as", help="以谁的名义 / whose image it is")] = "surveyor",
) -> None:
    """入库一幅影像，与网页上传完全相同。 Take in an image, exactly as the web page does."""
    from api.work import images as use_case

    if not file.is_file():
        _tell.print(f"读不到文件 / cannot read: {file}", markup=False)
        raise typer.Exit(UNREADABLE)
    said = {"taken_on": taken_on, "kind": kind, "crs": crs, "nodata": nodata, "scope": scope}
    office = open_office(Settings())
    try:
        entered = use_case.hand_in_file(office, account, file, {name: text for name, text in said.items() if text})
    except Refused as refusal:
        _tell.print(f"{refusal.zh} {refusal.en} [{refusal.code}]", markup=False)
        raise typer.Exit(WRONG_USAGE) from None
    told = taken_in(office, entered["id"])
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    raise typer.Exit({"refused": UNREADABLE, "failed": FAILED}.get(told["state"], 0))


def taken_in(office: Office, image_id: int) -> dict:
    """Do the work on an image here, unless a worker was faster, and tell what became of it."""
    from api.work import images as use_case

    use_case.take_in(office, image_id)
    return use_case.told(office, None, image_id)


def shares(
    raster: Annotated[Path, typer.Argument(metavar="RASTER", help="分类栅格 GeoTIFF。A raster of classes.")],
    parcels: Annotated[str, typer.Argument(metavar="PARCELS", help="地块文件。A file of parcels.")],
    out: Annotated[Path, typer.Option(metavar="shares.csv", help="结果。Where the shares go.")],
    nodata: Annotated[str | None, typer.Option(help="无数据值，或 none / the value that is no data, or none")] = None,
    crs: Annotated[int | None, typer.Option(metavar="EPSG", help="地块文件的坐标系。EPSG code of the parcels.")] = None,
    raster_crs: Annotated[int | None, typer.Option(metavar="EPSG", help="栅格的坐标系。EPSG of the raster.")] = None,
) -> None:
    """列出每个地块内各类别的面积与占比。List how much of each parcel lies on each class of a raster."""
    import tempfile

    from api.command.files import ready
    from geo.imagery.confined import pictured
    from geo.imagery.shares import class_shares
    from geo.intake import IntakeError

    if not raster.is_file() or not out.absolute().parent.is_dir():
        _tell.print(f"读不到或不能写入 / cannot read or write: {raster}, {out}", markup=False)
        raise typer.Exit(UNREADABLE)
    asked = {"kind": "classes", "crs": raster_crs, "nodata": nodata}
    try:
        with (
            tempfile.TemporaryDirectory(prefix="dingxin-shares-") as folder,
            pictured(raster, Path(folder), **asked) as (picture, _, made),
        ):
            flat = ready(parcels, crs, {}, picture.system)
            table = class_shares(flat.outlines, picture.system, made)
    except IntakeError as refused:
        typer.echo(f"[{refused.code}] {refused.zh}\n{refused.en}", err=True)
        raise typer.Exit(UNREADABLE) from None
    rows, codes = flat.rows, flat.codes.to_numpy(zero_copy_only=False)
    at = table.pop("feature").to_numpy()
    table.insert(0, "row", rows[at])
    table.insert(1, "code", codes[at])
    table.to_csv(out, index=False)
    typer.echo(f"{len(set(at.tolist()))} 个地块，{len(table)} 行。 {len(table)} lines.")
