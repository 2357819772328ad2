"""The verb that compares two orthophotos: change patches for the rules, from files alone."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import pyogrio
import typer

from api.command.files import UNREADABLE
from api.command.tell import step
from geo.crs import reprojected
from geo.imagery.change import Change, find_change
from geo.imagery.layer import LAYER, as_layer, told
from geo.imagery.pair import ImagesRefused, pair
from geo.imagery.settings import ChangeSettings
from geo.intake import IntakeError, read_confined
from geo.model import Shapes
from geo.repair import repaired


def change(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.tif", exists=True, help="前时相。The earlier image.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER.tif", exists=True, help="后时相。The later image.")],
    before_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="前时相日期。Its day.")],
    after_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="后时相日期。Its day.")],
    out: Annotated[Path, typer.Option(metavar="patches.gpkg", help="变化图斑。Where the patches go.")],
    parcels: Annotated[str | None, typer.Option(metavar="FILE", help="地块，界线作旧边。Parcels: known edges.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="report.json", help="经过与参数。What was done.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="参数。A setting.")] = None,
) -> None:
    """比较两期影像，给出变化图斑（疑似线索）。Compare two images; what was built or dug comes as patches to look at."""
    settings = _settings(set_ or [])
    if before_on >= after_on:
        raise typer.BadParameter("--before-on < --after-on")
    for path in filter(None, (out, report)):
        if not path.absolute().parent.is_dir():
            raise typer.BadParameter(f"{path}: 没有这个文件夹。 There is no such folder.")
    try:
        with step("比较影像…", "Comparing the images…"):
            found = find_change(before, after, settings, _outlines(parcels, before, after))
    except (ImagesRefused, IntakeError) as refused:
        typer.echo(f"[{refused.code}] {refused.zh}\n{refused.en}", err=True)
        raise typer.Exit(UNREADABLE) from None
    layer = as_layer(found, before_on.date(), after_on.date())
    out.unlink(missing_ok=True)
    pyogrio.write_dataframe(layer, out, layer=LAYER, driver="GPKG", geometry_type="Polygon")
    if report:
        report.write_text(json.dumps(_report(found, before_on.date(), after_on.date()), ensure_ascii=False, indent=1))
    _say(found)


def _settings(given: list[str]) -> ChangeSettings:
    """The settings with those that were named; anything else is a usage error."""
    known = {one.name: type(one.default) for one in fields(ChangeSettings)}
    values = {}
    for one in given:
        name, _, text = one.partition("=")
        try:
            values[name] = known[name](text)
        except (KeyError, ValueError):
            raise typer.BadParameter(f"--set {one}: NAME=VALUE, {', '.join(known)}") from None
        if not np.isfinite(values[name]):
            raise typer.BadParameter(f"--set {one}")
    return replace(ChangeSettings(), **values)


def _outlines(path: str | None, before: Path, after: Path) -> Shapes | None:
    """Parcels in the system of the images."""
    if path is None:
        return None
    frame = read_confined(path, layer="parcel", office=False).layers[0].frame
    shapes = reprojected(frame, pair(before, after).crs).geometry.to_numpy().copy()
    bad = ~frame.geometry.is_valid.to_numpy()
    shapes[bad] = repaired(shapes[bad])
    return np.array([shape for shape in shapes if shape is not None], dtype=object)


def _report(found: Change, before_on: date, after_on: date) -> dict[str, object]:
    counts = {kind: int(many) for kind, many in found.patches["kind"].value_counts().items()}
    area = {kind: float(part) for kind, part in found.patches.groupby("kind")["area_m2"].sum().round(2).items()}
    dates = {"before_on": before_on.isoformat(), "after_on": after_on.isoformat()}
    ground = {"seen_m2": round(found.seen_m2, 1), "unseen_m2": round(found.unseen_m2, 1)}
    return dates | ground | {"patches": counts, "area_m2": area} | told(found)


def _say(found: Change) -> None:
    """A short account for people, Chinese first."""
    said = found.registration
    if said.chips:
        words = (said.east_m, said.north_m, said.residual_m)
        typer.echo(
            "两幅影像错位：东 {:.2f} 米，北 {:.2f} 米，残差 {:.2f} 米（已改正）。".format(*words)
            + " Apart by {:.2f} m east, {:.2f} m north, residual {:.2f} m; set right.".format(*words)
        )
    else:
        typer.echo("无法检查两幅影像是否对齐。 Whether the images stand on each other could not be checked.")
    unseen = 100 * found.unseen_m2 / (found.seen_m2 + found.unseen_m2)
    typer.echo(f"云、影或无数据：{unseen:.1f} %。 {unseen:.1f} % under cloud, its shadow, or without data.")
    if found.images.bands == 3:
        typer.echo("无近红外波段，区分作物与建筑较弱。 No infrared band: crops are told from buildings less surely.")
    kinds = {"built": "建筑 built", "earthwork": "动土 earthwork", "vegetation": "季节 season"}
    for kind, name in kinds.items():
        mine = found.patches[found.patches["kind"] == kind]
        typer.echo(f"  {name}：{len(mine)}，{mine['area_m2'].sum():.0f} m²")
