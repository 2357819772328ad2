"""The verbs that look at files alone, with no office and no database: check and pairs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import typer
from pyproj import CRS

from api.command.maps import MapFile, by_map_file
from api.command.tell import step
from api.command.thresholds import taken
from geo import rules
from geo.codes import resolve_prefix
from geo.crs import reprojected, working_crs
from geo.detect import detect
from geo.intake import IntakeError, Reading, read_confined
from geo.intake.decided import doubted
from geo.intake.displaced import marks_of, warning
from geo.intake.flat import Flat, keep, kept
from geo.intake.ground import ground_of, main_layer, names_of
from geo.intake.reading import LayerReading
from geo.model import SHAPED, TABLES, references
from geo.outlines import outlines_of
from geo.pairs import shared_ground, with_cuts
from geo.repair import repaired
from geo.report import given_back, report, spoken, write_findings
from geo.shapes import inscribed_width

UNREADABLE = 2
File = Annotated[str, typer.Argument(metavar="FILE", help="文件，或 file.gpkg:layer。A file, or file.gpkg:layer.")]
Crs = Annotated[int | None, typer.Option(help="输入的坐标系（EPSG）。The system that the input is in.")]
Map = Annotated[
    list[str] | None, typer.Option("--map", metavar="OUR=THEIR", help="字段对照，如 DKBM=id。Our column = theirs.")
]
Several = list[str] | None


def check(
    file: File,
    out: Annotated[Path, typer.Option(metavar="findings.gpkg", help="线索图层。Where findings go.")],
    report_path: Annotated[Path, typer.Option("--report", metavar="report.json", help="报告。Where the report goes.")],
    layer: Annotated[str | None, typer.Option(help="文件是哪一图层（默认 parcel）。Which layer the file is.")] = None,
    against: Annotated[Several, typer.Option(metavar="LAYER=FILE", help="对照图层或表。Further layers.")] = None,
    crs: Crs = None,
    map_: Map = None,
    map_file: MapFile = None,
    rule: Annotated[Several, typer.Option(metavar="ID", help="只用这些规则。Only these rules.")] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="report.pdf", help="报告打印件。The report on paper.")] = None,
    set_: Annotated[Several, typer.Option("--set", metavar="RULE.threshold=VALUE", help="阈值。A threshold.")] = None,
    thresholds: Annotated[
        Path | None, typer.Option(metavar="FILE.yaml", help="县级阈值文件。The counties' thresholds.")
    ] = None,
    county: Annotated[str | None, typer.Option(help="按哪个县的阈值。Whose thresholds.")] = None,
) -> None:
    """检查文件：与办公室相同的规则，不需要数据库。Check files by the same rules as the office, with no database."""
    if layer is not None:
        _expect_layer(layer)
    others = [_split(one, "--against") for one in against or ()]
    for name, _ in others:
        _expect_layer(name)
    by_county = taken(thresholds) if thresholds else None
    overrides = _overrides(set_ or [])
    asked = {"layer": layer, "crs": crs, "columns": dict(_split(one, "--map") for one in map_ or ())}
    asked = by_map_file(map_file, asked)
    _expect_rules(rule or [], overrides)
    _expect_folders(out, report_path, *filter(None, (pdf,)))
    try:
        with step("读取文件…", "Reading the file…"):
            reading = read_confined(file, rest=True, fallback="parcel", office=False, **asked)
        beside = [_beside(name, path, crs) for name, path in others]
        reading = _compared(reading, beside)
        main = main_layer(reading, asked["layer"])
        prepared = ground_of(main, reading, [(name, found) for name, _, found in beside])
    except IntakeError as refused:
        raise _unreadable(refused) from None
    if by_county:
        theirs = by_county.of(county or _only_county(main.frame))
        overrides = {rule: theirs.get(rule, {}) | overrides.get(rule, {}) for rule in (*theirs, *overrides)}
    with step(f"检查 {len(main.frame)} 个要素…", f"Checking {len(main.frame)} features…"):
        run = detect(
            prepared.ground, day=date.today(), only=rule or None, overrides=overrides, names=names_of(prepared.ground)
        )
        findings = given_back(run, _prior(prepared.ground), prepared.delivered)
    told = report(reading, main, beside, prepared.working, findings, run)
    rejected = [(one.layer, row) for one in reading.layers for row in one.rejected]
    write_findings(out, findings, rejected, prepared.delivered)
    report_path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if pdf:
        _print(pdf, reading, main, findings, rejected, prepared.delivered)
    _summarise(told)


def _print(path: Path, *found: Any) -> None:
    """Print the report; a machine without a Chinese font is told what to install."""
    from api.command import paper  # the press and the pages are loaded by whoever prints
    from web.press import FontMissing

    try:
        path.write_bytes(paper.printed(*found, date.today()))
    except FontMissing as missing:
        typer.echo(f"{missing.zh}\n{missing.en}", err=True)
        raise typer.Exit(1) from None


def pairs(
    a: Annotated[str, typer.Argument(metavar="A", help="文件。A file.")],
    out: Annotated[Path, typer.Option(metavar="pairs.csv", help="结果。Where the pairs go.")],
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="另一文件。Another file.")] = None,
    crs: Crs = None,
    min_area: Annotated[
        float, typer.Option(metavar="M2", min=0, help="共有面积大于此值才列出。List above this.")
    ] = 0.0,
    map_: Map = None,
) -> None:
    """列出共有地面的图形对：每对一行。List every pair of shapes that share ground, one line a pair."""
    columns = dict(_split(one, "--map") for one in map_ or ())
    _expect_folders(out)
    left = ready(a, crs, columns, None)
    right = None if b is None else ready(b, crs, columns, left.crs)
    with step("求共有地面…", "Finding shared ground…"):
        table = _pairs(left, right, min_area)
    table.to_csv(out, index=False)
    typer.echo(f"{len(table)} 对。 {len(table)} pairs.")


def outlines(
    file: Annotated[str, typer.Argument(metavar="FILE", help="文件。A file.")],
    out: Annotated[Path, typer.Option(metavar="FILE.arrow", help="结果。Where the outlines go.")],
    crs: Crs = None,
    map_: Map = None,
) -> None:
    """把图形整理好存成 .arrow，供 pairs 反复比较。Keep the shapes of a file ready for `pairs`."""
    _expect_folders(out)
    layer = ready(file, crs, dict(_split(one, "--map") for one in map_ or ()), None)
    keep(out, layer)
    typer.echo(f"{len(layer.rows)} 个图形。 {len(layer.rows)} shapes.")


def _compared(reading: Reading, beside: list[tuple[str, Reading, LayerReading]]) -> Reading:
    """The reading with doubts about its system where its shapes stand aside from known ones of the same codes."""
    layers = []
    for layer in reading.layers:
        nouns = {"parcel": ("parcel", "register")}.get(layer.layer, (layer.layer,))
        found = (warning(marks_of(layer.frame), marks_of(known.frame)) for name, _, known in beside if name in nouns)
        said = next(filter(None, found), None)
        layers.append(replace(layer, preview=doubted(layer.preview, "crs", said)) if said else layer)
    return replace(reading, layers=layers)


def ready(path: str, crs: int | None, columns: dict[str, str], metric: CRS | None) -> Flat:
    """Read the shapes of a file ready for comparing, in a metric system if one is asked for; or map those kept so."""
    try:
        with step("读取文件…", "Reading the file…"):
            if not path.endswith(".arrow"):
                ask = _shapes_alone(columns)
                reading = read_confined(path, crs=crs, **ask) if metric is None else _told_crs(path, crs, ask)
                return _comparable(_only_layer(reading), metric)
            return kept(Path(path), metric)
    except IntakeError as refused:
        raise _unreadable(refused) from None


def _shapes_alone(columns: dict[str, str]) -> dict[str, Any]:
    """How `pairs` reads a file: what its codes are worth is not asked."""
    return {"fallback": "parcel", "columns": columns, "office": False, "judge_codes": False}


def _only_layer(reading: Reading) -> LayerReading:
    """The shapes of a file."""
    found = main_layer(reading, None)
    if found.crs is None:
        raise IntakeError("no_layer", "文件中没有面图层。", "There is no layer of polygons in the file.")
    if found.rejected:
        _say(f"{len(found.rejected)} 行没有可用图形，已跳过。", f"{len(found.rejected)} rows have no usable shape.")
    return found


def _told_crs(path: str, crs: int | None, ask: dict[str, Any]) -> Reading:
    """Read a file beside the input: what a person said of the input's system holds for it only if it says nothing."""
    try:
        return read_confined(path, **ask)
    except IntakeError as refused:
        if refused.code != "no_crs" or crs is None:
            raise
    return read_confined(path, crs=crs, **ask)


def _pairs(a: Flat, other: Flat | None, min_area: float) -> pd.DataFrame:
    """The table of pairs, in the order of the files."""
    b = a if other is None else other
    found = shared_ground(a.outlines, a.rank, *(() if other is None else (b.outlines, b.rank)))
    found = with_cuts(found[found["shared_m2"] > min_area].reset_index(drop=True), a.outlines, b.outlines)
    if other is None:
        found = _in_file_order(found)
    at_a, at_b = found["row_a"].to_numpy(), found["row_b"].to_numpy()
    table = pd.DataFrame(
        {
            "row_a": a.rows[at_a],
            "row_b": b.rows[at_b],
            "code_a": a.codes.take(at_a).to_numpy(zero_copy_only=False),
            "code_b": b.codes.take(at_b).to_numpy(zero_copy_only=False),
            "shared_m2": found["shared_m2"].to_numpy(),
            "share_a": (found["shared_m2"] / found["area_a"]).to_numpy(),
            "share_b": (found["shared_m2"] / found["area_b"]).to_numpy(),
            "width_m": inscribed_width(found["cut"].to_numpy(dtype=object)),
        }
    )
    return table.sort_values(["row_a", "row_b"], ignore_index=True)


def _in_file_order(found: pd.DataFrame) -> pd.DataFrame:
    """Within one file, the earlier row of a pair stands first."""
    swap = (found["row_a"] > found["row_b"]).to_numpy()
    turned = found.rename(columns={"row_a": "row_b", "row_b": "row_a", "area_a": "area_b", "area_b": "area_a"})
    return pd.concat([found[~swap], turned.loc[swap, list(found.columns)]], ignore_index=True)


def _comparable(layer: LayerReading, metric: CRS | None) -> Flat:
    """The valid shapes of a layer in metres; repairs and projections are told."""
    frame: Any = layer.frame
    if metric is None:
        metric = working_crs(frame.crs, tuple(frame.total_bounds))
    if not frame.crs.equals(metric):
        _say(f"面积按 {spoken(metric)} 量算。", f"Areas are measured in {spoken(metric)}.")
        frame = reprojected(frame, metric)
    shapes = frame.geometry.to_numpy().copy()
    bad = np.flatnonzero(~frame.geometry.is_valid.to_numpy())
    if len(bad):
        shapes[bad] = repaired(shapes[bad])
        _say(f"{len(bad)} 个无效图形在内存中修复。", f"{len(bad)} invalid shapes were repaired in memory.")
    lost = np.array([shape is None for shape in shapes], dtype=bool)
    if lost.any():
        listed = ", ".join(str(row) for row in frame["row"][lost])
        _say(
            f"{lost.sum()} 个图形超出修复限制，未比较（行 {listed}）。", f"{lost.sum()} shapes not compared: {listed}."
        )
    usable = ~lost & ~np.array([shape is not None and shape.is_empty for shape in shapes], dtype=bool)
    used = frame[usable]
    codes = used["code"].to_numpy(dtype=object) if "code" in used.columns else np.full(len(used), None, dtype=object)
    rank = np.argsort(np.argsort(references(layer.layer, used)))
    return Flat(outlines_of(shapes[usable]), used["row"].to_numpy(), pa.array(codes, pa.string()), rank, metric)


def _beside(name: str, path: str, crs: int | None) -> tuple[str, Reading, LayerReading]:
    """Read a further layer or table."""
    with step(f"读取 {name}…", f"Reading {name}…"):
        wanted = "parcel" if name == "register" else name
        reading = _told_crs(path, crs, {"layer": wanted, "office": False})
    return name, reading, reading.layers[0]


def _prior(ground: dict[str, pd.DataFrame]) -> list[str]:
    """The references of register parcels on a ground."""
    parcels = ground.get("parcel")
    if parcels is None or "mine" not in parcels.columns:
        return []
    return list(parcels.loc[~parcels["mine"].astype(bool), "ref"])


def _split(text: str, option: str) -> tuple[str, str]:
    """Split NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise typer.BadParameter(f"{option} {text}: NAME=VALUE")
    return name, value


def _overrides(given: list[str]) -> dict[str, dict[str, float]]:
    """Thresholds as RULE.threshold=VALUE."""
    overrides: dict[str, dict[str, float]] = {}
    for one in given:
        name, value = _split(one, "--set")
        rule, point, threshold = name.partition(".")
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not (point and threshold) or not np.isfinite(number):
            raise typer.BadParameter(f"--set {one}: RULE.threshold=VALUE")
        overrides.setdefault(rule, {})[threshold] = number
    return overrides


def _only_county(frame: pd.DataFrame) -> str:
    """The county that all codes of a layer begin with."""
    codes = frame["code"].dropna().astype(str) if "code" in frame.columns else pd.Series(dtype=str)
    found = sorted({resolve_prefix(code[:6]) for code in codes.str[:6].unique()})
    if len(found) != 1:
        raise typer.BadParameter(
            f"--county: {', '.join(found) or '?'}（文件不止一个县 / the file is not of one county）"
        )
    return found[0]


def _expect_layer(name: str) -> None:
    if name not in (*SHAPED, *TABLES):
        raise typer.BadParameter(f"{name}: {', '.join((*SHAPED, *TABLES))}")


def _expect_rules(asked: list[str], overrides: dict[str, dict[str, float]]) -> None:
    """Every rule and threshold that was named must be in the book."""
    for rule in (*asked, *overrides):
        if rule not in rules.book():
            raise typer.BadParameter(f"没有规则 {rule}。 There is no rule {rule}.")
    for rule, values in overrides.items():
        try:
            rules.book()[rule].settings(values)
        except rules.UnknownThreshold as unknown:
            raise typer.BadParameter(str(unknown)) from None


def _expect_folders(*paths: Path) -> None:
    for path in paths:
        if not path.absolute().parent.is_dir():
            raise typer.BadParameter(f"{path}: 没有这个文件夹。 There is no such folder.")


def _unreadable(refused: IntakeError) -> typer.Exit:
    typer.echo(f"[{refused.code}] {refused.zh}\n{refused.en}", err=True)
    return typer.Exit(UNREADABLE)


def _say(zh: str, en: str) -> None:
    typer.echo(f"{zh} {en}", err=True)


def _summarise(told: dict[str, Any]) -> None:
    """A short account for people, Chinese first."""
    for layer in told["file"]["layers"]:
        counts = (layer["read"], layer["accepted"], layer["rejected"])
        typer.echo(
            "{}：读取 {}，接受 {}，拒收 {}。 {} read, {} accepted, {} rejected.".format(
                layer["layer"], *counts, *counts
            )
        )
        for made in (made for made in layer["decisions"] if not made["sure"]):
            why = made["evidence"][-1] if made["evidence"] else {"zh": "", "en": ""}
            typer.echo(f"  请核对 {made['name']}：{why['zh']} Please look at {made['name']}: {why['en']}")
    if told["features"]["invalid"]:
        typer.echo("图形无效 {0}。 {0} invalid shapes.".format(told["features"]["invalid"]))
    for rule, entry in told["rules"].items():
        if entry["findings"]:
            zh, en = rules.book()[rule].title
            typer.echo(f"  {rule} {zh} {en}：{entry['findings']}")
    skipped = [rule for rule, entry in told["rules"].items() if entry["status"] == "skipped"]
    if skipped:
        typer.echo(f"未运行（原因见报告）/ not run, reasons in the report: {' '.join(skipped)}")
    count = len(told["findings"])
    typer.echo(f"线索共 {count} 条。 {count} findings in all.")
