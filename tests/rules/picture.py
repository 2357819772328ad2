"""A picture of a case that fires, for `/rules` and `docs/rules.md`: the ground as drawn, the cut, rows of tables."""

from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import web
from geo.detect import detect
from geo.fields import UnknownLayer, fields, layers
from geo.rules import Rule
from tests.rules.drawn import ground, written
from web.palette import CATEGORIES

CASES = Path(__file__).parent
PICTURES = Path(web.__file__).parent / "static" / "rules"
#: The day of judging where a case names none, as in `test_cases`.
DAY = date(2026, 1, 1)

_WIDTH, _HEIGHT, _MARGIN, _LINE = 420, 220, 22, 17
_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"
_COLUMNS, _ROWS = 5, 5
#: Stroke, fill and dashes of each layer; what is not named is grey.
_LOOKS = {
    "parcel": ("#2e7d4f", "#eaf3ec", ""),
    "register": ("#2e7d4f", "none", "5 3"),
    "reserved": ("#6a4fa3", "#efeaf8", ""),
    "building": ("#444444", "#cfcfcf", ""),
    "landcover": ("#9a7b3f", "#f4ecd8", ""),
    "landcover_before": ("#9a7b3f", "none", "2 3"),
    "basic_farmland": ("#8aa32b", "#f1f6da", "6 2"),
    "approval": ("#2b6cb0", "none", "6 3"),
    "change_patch": ("#b5532c", "#fbe9e1", ""),
    "boundary": ("#777777", "none", "8 3 2 3"),
}
_OTHER = ("#777777", "none", "")
#: Lengths of a scale bar (m).
_BARS = [figure * 10.0**power for power in range(-3, 5) for figure in (1, 2, 5)]
#: Layers further up hide those below.
_UNDER = ("boundary", "landcover_before", "landcover", "basic_farmland", "change_patch")


def picture(rule: Rule) -> str:
    """Draw the first case of a rule that fires and is wide enough to be seen, as an SVG that stands on its own."""
    *_, category, name = rule.judge.__module__.split(".")
    cases = written(CASES / category / f"{name}.yaml")["cases"].values()
    firing = [case for case in cases if case.get("expect") and not case.get("skipped")]
    drawn = [(case, ground(case)) for case in firing]
    case, frames = next((pair for pair in drawn if _seen(pair[1])), drawn[0])
    overrides = {rule.id: case["set"]} if "set" in case else None
    found = detect(frames, day=case.get("day", DAY), only=[rule.id], overrides=overrides).findings
    placed = {layer: frame for layer, frame in frames.items() if "geometry" in frame.columns and len(frame)}
    parts, height = _map(placed, found, CATEGORIES[rule.category]["colour"]) if placed else ([], 8)
    for layer, frame in frames.items():
        if layer not in placed and len(frame):
            lines, height = _table(layer, frame, height)
            parts += lines
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'font-family="{_FONT}" font-size="11" fill="#1e2624">'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _seen(frames: dict[str, pd.DataFrame]) -> bool:
    """Whether a ground is not much longer than wide; tables always do."""
    shapes = [shape for frame in frames.values() if "geometry" in frame.columns for shape in frame["geometry"]]
    if not shapes:
        return True
    west, south, east, north = shapely.total_bounds(shapes)
    return max(east - west, north - south) <= 4 * min(east - west, north - south)


def _map(placed: dict[str, gpd.GeoDataFrame], found: gpd.GeoDataFrame, colour: str) -> tuple[list[str], int]:
    """The ground, the cut over it, the scale, and a legend."""
    west, south, east, north = shapely.total_bounds(
        np.concatenate([list(frame["geometry"]) for frame in placed.values()])
    )
    scale = min((_WIDTH - 2 * _MARGIN) / max(east - west, 1e-9), (_HEIGHT - 2 * _MARGIN) / max(north - south, 1e-9))
    shift = np.array([(_WIDTH - (east - west) * scale) / 2, (_HEIGHT - (north - south) * scale) / 2])

    def paper(points: Any) -> Any:
        flat = (np.asarray(points) - [west, south]) * scale + shift
        return np.column_stack([flat[:, 0], _HEIGHT - flat[:, 1]])

    order = sorted(placed, key=lambda name: (_UNDER.index(name) if name in _UNDER else len(_UNDER), name == "parcel"))
    parts = []
    for layer in order:
        stroke, fill, dash = _LOOKS.get(layer, _OTHER)
        for shape in placed[layer]["geometry"]:
            parts.append(
                _drawn(shape, paper, f'fill="{fill}" fill-opacity=".7" stroke="{stroke}" stroke-dasharray="{dash}"')
            )
    for cut in found.geometry:
        if cut is not None and cut.area > 0:
            parts.append(_drawn(cut, paper, f'fill="{colour}" fill-opacity=".3" stroke="{colour}" stroke-width="2"'))
    parts += _labels(order, placed, found, paper, scale)
    return parts + _legend(order, scale), _HEIGHT + _LINE * (len(order) + 1)


def _labels(order: list[str], placed: dict[str, Any], found: Any, paper: Any, scale: float) -> list[str]:
    """The code of each shape, in a part of it that nothing else claims if there is one."""
    taken = [shapely.make_valid(cut) for cut in found.geometry if cut is not None]
    parts = []
    for layer in order:
        for code, shape in zip(placed[layer].get("code", []), placed[layer]["geometry"], strict=False):
            whole = shapely.make_valid(shape)
            free = shapely.difference(whole, shapely.union_all(taken))
            spot = shapely.point_on_surface(whole if free.is_empty else free)
            taken.append(spot.buffer(12 / scale))
            ((x, y),) = paper(shapely.get_coordinates(spot))
            text = (
                f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-weight="bold">{escape(str(code))}</text>'
            )
            parts.append(text)
    return parts


def _legend(order: list[str], scale: float) -> list[str]:
    """What each look stands for, and a scale bar."""
    parts = []
    for line, layer in enumerate(order, start=1):
        stroke, fill, dash = _LOOKS.get(layer, _OTHER)
        y = _HEIGHT + line * _LINE
        parts.append(
            f'<rect x="10" y="{y - 10}" width="16" height="10" fill="{fill}" stroke="{stroke}" '
            f'stroke-dasharray="{dash}"/><text x="32" y="{y - 1}">{escape(_named(layer))}</text>'
        )
    metres = next(length for length in _BARS if length * scale >= 40)
    y = _HEIGHT + len(order) * _LINE
    parts.append(
        f'<path d="M{_WIDTH - 20} {y - 14}h-{metres * scale:.1f}" stroke="#1e2624" stroke-width="2"/>'
        f'<text x="{_WIDTH - 20}" y="{y}" text-anchor="end">{metres:g} m</text>'
    )
    return parts


def _drawn(shape: shapely.Geometry, paper: Any, look: str) -> str:
    """One shape as a path, holes left out; points as circles."""
    if shape.geom_type == "Point":
        ((x, y),) = paper(shapely.get_coordinates(shape))
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" {look}/>'
    rings = [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)] or list(
        shapely.get_parts(shape)
    )
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in paper(shapely.get_coordinates(r))) for r in rings)
    return f'<path d="{path}" fill-rule="evenodd" {look}/>'


def _table(table: str, frame: pd.DataFrame, top: int) -> tuple[list[str], int]:
    """Some rows and columns of a table, the standard's names over ours."""
    try:
        known = {field.name: field.zh for field in fields(table)}
    except UnknownLayer:  # what is said of the files of a delivery
        known = {name: name for name in frame.columns if name != "row"}
    columns = [name for name in frame.columns if name in known][:_COLUMNS]
    each = (_WIDTH - 20) / max(len(columns), 1)
    parts = [f'<text x="10" y="{top + 14}" font-weight="bold">{escape(_named(table))}</text>']
    top += 14 + _LINE
    fits = max(int(each / 7.4), 4)
    for at, name in enumerate(columns):
        parts.append(
            f'<text x="{10 + at * each:.0f}" y="{top}" fill="#5a6068">{escape(known[name][: int(each / 11.5)])}</text>'
        )
        for line, value in enumerate(frame[name].head(_ROWS), start=1):
            said = "—" if pd.isna(value) else str(value)[:10] if isinstance(value, date) else str(value)
            wide = 2 if any(ord(sign) > 0x2E80 for sign in said) else 1
            said = said if len(said) * wide <= fits else f"…{said[1 - fits // wide :]}"
            parts.append(f'<text x="{10 + at * each:.0f}" y="{top + line * _LINE}">{escape(said)}</text>')
    bottom = top + min(len(frame), _ROWS) * _LINE
    parts.append(f'<path d="M10 {top + 5}H{_WIDTH - 10}" stroke="#c9cec9"/>')
    return parts, bottom + 12


def _named(layer: str) -> str:
    """A layer or table in both languages."""
    known = next((known for known in layers() if known.layer == layer), None)
    return f"{known.zh} {known.en}" if known else layer
