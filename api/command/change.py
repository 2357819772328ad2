"""The verb that compares two orthophotos: files alone, or two images of the office by their numbers."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyogrio
import typer

from api.command.files import UNREADABLE
from api.command.tell import step
from geo.crs import reprojected
from geo.imagery.compared import Compared, compared
from geo.imagery.confined import pictured
from geo.imagery.layer import LAYER, as_layer
from geo.imagery.picture import Picture
from geo.imagery.settings import ChangeSettings
from geo.imagery.settled import WrongSetting, reach, settled
from geo.intake import IntakeError, read_confined
from geo.model import Shapes
from geo.repair import repaired

_DATE = ["%Y-%m-%d"]


def change(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="前时相：GeoTIFF，或影像编号。File or number.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="后时相：GeoTIFF，或影像编号。File or number.")],
    before_on: Annotated[
        datetime | None, typer.Option(formats=_DATE, metavar="DATE", help="前时相日期。Its day.")
    ] = None,
    after_on: Annotated[
        datetime | None, typer.Option(formats=_DATE, metavar="DATE", help="后时相日期。Its day.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="patches.gpkg", help="变化图斑。Where the patches go.")] = None,
    parcels: Annotated[str | None, typer.Option(metavar="FILE", help="地块，界线作旧边。Parcels: known edges.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="report.json", help="经过与参数。What was done.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="参数。A setting.")] = None,
    crs: Annotated[int | None, typer.Option(metavar="EPSG", help="影像坐标系，文件未注明时。Of the images.")] = None,
    nodata: Annotated[
        str | None, typer.Option(help="影像无数据值，或 none。The value that is no data, or none.")
    ] = None,
    account: Annotated[str, typer.Option("--as", help="影像编号：以谁的名义。Whose comparison it is.")] = "official",
) -> None:
    """比较两期影像，给出变化图斑（疑似线索）。Compare two images; what was built or dug comes as patches to look at.

    两个文件：结果写入 --out。两个影像编号：与网页相同，图斑入库并检测。
    Two files: the result goes to --out. Two numbers of images: as on the web page, patches are stored and judged.
    """
    settings = _settings(set_ or [])
    if _numbered(before) and _numbered(after):
        if any((before_on, after_on, out, parcels, crs, nodata)):
            raise typer.BadParameter("影像编号只用 --set、--as、--report。 With numbers: --set, --as, --report.")
        return _in_the_office(int(before), int(after), settings, account, report)
    if before_on is None or after_on is None or out is None:
        raise typer.BadParameter("--before-on, --after-on, --out")
    if before_on >= after_on:
        raise typer.BadParameter("--before-on < --after-on")
    files = _file(before), _file(after)
    for path in filter(None, (out, report)):
        if not path.absolute().parent.is_dir():
            raise typer.BadParameter(f"{path}: 没有这个文件夹。 There is no such folder.")
    days = before_on.date(), after_on.date()
    try:
        with step("比较影像…", "Comparing the images…"):
            found = _compared(files, settings, parcels, {"crs": crs, "nodata": nodata})
            method = found.method | {"images": _source(files, days)}
    except IntakeError as refused:
        typer.echo(f"[{refused.code}] {refused.zh}\n{refused.en}", err=True)
        raise typer.Exit(UNREADABLE) from None
    out.unlink(missing_ok=True)
    pyogrio.write_dataframe(
        as_layer(found.patches, method, *days), out, layer=LAYER, driver="GPKG", geometry_type="Polygon"
    )
    if report:
        report.write_text(json.dumps(_report(found, method, *days), ensure_ascii=False, indent=1), encoding="utf-8")
    _say(found)
    return None


def _numbered(given: str) -> bool:
    """Whether an image of the office is meant; a file of that name goes before."""
    return given.isascii() and given.isdecimal() and len(given) < 18 and not Path(given).exists()


def _file(given: str) -> Path:
    if not Path(given).is_file():
        raise typer.BadParameter(f"{given}: 没有这个文件。 There is no such file.")
    return Path(given)


def _settings(given: list[str]) -> ChangeSettings:
    """The settings with those that were named; anything else is a usage error."""
    try:
        return settled({name: text for name, _, text in (one.partition("=") for one in given)})
    except WrongSetting as wrong:
        name = str(wrong)
        known = ChangeSettings().told()
        said = f"{name}: {' – '.join(f'{end:g}' for end in reach(name))}" if name in known else ", ".join(known)
        raise typer.BadParameter(f"--set NAME=VALUE ({said})") from None


def _compared(
    files: tuple[Path, Path], settings: ChangeSettings, parcels: str | None, asked: dict[str, Any]
) -> Compared:
    """Take both images in as the office does, each in a cell of its own, and compare what was made of them."""
    with (
        tempfile.TemporaryDirectory(prefix="dingxin-change-") as name,
        pictured(files[0], Path(name), kind="orthophoto", **asked) as (_, _, first),
        pictured(files[1], Path(name), kind="orthophoto", **asked) as (later, _, second),
    ):
        names = files[0].name, files[1].name
        return compared(first, second, Path(name), settings, _outlines(parcels, later), names)


def _outlines(path: str | None, image: Picture) -> Shapes | None:
    """Parcels in the system of the images."""
    if path is None:
        return None
    frame = read_confined(path, layer="parcel", office=False).layers[0].frame
    shapes = reprojected(frame, image.system).geometry.to_numpy().copy()
    bad = ~frame.geometry.is_valid.to_numpy()
    shapes[bad] = repaired(shapes[bad])
    return np.array([shape for shape in shapes if shape is not None], dtype=object)


def _source(files: tuple[Path, Path], days: tuple[date, date]) -> dict[str, Any]:
    """Which two files the patches are from."""
    told = {}
    for role, path, day in zip(("before", "after"), files, days, strict=True):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        told[role] = {"file": path.name, "sha256": digest, "taken_on": day.isoformat()}
    return told


def _report(found: Compared, method: dict[str, Any], before_on: date, after_on: date) -> dict[str, Any]:
    counts = {kind: int(one["patches"]) for kind, one in found.counted.items()}
    area = {kind: one["m2"] for kind, one in found.counted.items()}
    dates = {"before_on": before_on.isoformat(), "after_on": after_on.isoformat()}
    ground = {"seen_m2": found.seen_m2, "unseen_m2": found.unseen_m2}
    return dates | ground | {"patches": counts, "area_m2": area} | method


def _say(found: Compared) -> None:
    """A short account for people, Chinese first."""
    said = found.method
    if said["chips"][1]:
        words = (said["east_m"], said["north_m"], said["residual_m"])
        typer.echo(
            "两幅影像错位：东 {:.2f} 米，北 {:.2f} 米，残差 {:.2f} 米（已改正）。".format(*words)
            + " Apart by {:.2f} m east, {:.2f} m north, residual {:.2f} m; set right.".format(*words)
        )
    else:
        typer.echo("无法检查两幅影像是否对齐。 Whether the images stand on each other could not be checked.")
    unseen = 100 * found.unseen_m2 / (found.seen_m2 + found.unseen_m2)
    typer.echo(f"云、影或无数据：{unseen:.1f} %。 {unseen:.1f} % under cloud, its shadow, or without data.")
    if said["bands"] == 3:
        typer.echo("无近红外波段，区分作物与建筑较弱。 No infrared band: crops are told from buildings less surely.")
    kinds = {"built": "建筑 built", "earthwork": "动土 earthwork", "vegetation": "季节 season"}
    for kind, name in kinds.items():
        mine = found.counted.get(kind, {"patches": 0, "m2": 0.0})
        typer.echo(f"  {name}：{mine['patches']:.0f}，{mine['m2']:.0f} m²")


def _in_the_office(before: int, after: int, settings: ChangeSettings, account: str, report: Path | None) -> None:
    """Start the comparison that an official would start on the page, do its work here, and tell what became of it."""
    from api.command.work import FAILED, WRONG_USAGE
    from api.errors import Refused
    from api.office import open_office
    from api.settings import Settings
    from api.work import comparisons
    from data.store import errors

    office = open_office(Settings())
    try:
        begun = comparisons.start_as(office, account, before, after, settings.told())
    except Refused as refusal:
        typer.echo(f"[{refusal.code}] {refusal.zh}\n{refusal.en}", err=True)
        raise typer.Exit(WRONG_USAGE) from None
    except errors.Unknown:
        typer.echo(f"没有这样的影像：{before}、{after}。\nNo such images: {before}, {after}.", err=True)
        raise typer.Exit(WRONG_USAGE) from None
    with step("比较影像、入库、检测…", "Comparing the images, storing and judging…"):
        told = comparisons.finish(office, begun["id"])
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    if report:
        report.write_text(text, encoding="utf-8")
    typer.echo(text)
    raise typer.Exit({"refused": UNREADABLE, "failed": FAILED}.get(told["state"], 0))
