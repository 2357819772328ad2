"""Drawings of a dispute, each an SVG that stands on its own: the ground and its neighbours, a proposal, the tolerances.

Read without colour too: side a has a full line, side b a dashed one, the disputed ground is hatched, what a proposal
gives to b is dotted. Shapes are given in metres, north up.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

import numpy as np
import shapely

from geo.tolerance import Curve
from web import format as figures
from web import labels
from web.sketch import FONT, bar_metres

WIDTH, HEIGHT, FOOT, EDGE = 480, 360, 34, 14  # user units; the foot holds the scale bar and the key
INK, SOFT, GROUND_A, GROUND_B, CUT, NEW = "#1e2624", "#8d938c", "#dbe7d3", "#e6dccb", "#b3261e", "#0b57d0"
#: The frame is this much wider than what it shows.
ROOM = 1.25
#: A frame is at least so wide (m): a cut of some centimetres is still shown with its place.
LEAST_M = 4.0
#: Neighbours are named where so much of them is in the frame (square of user units).
NAMED = 1200.0

Paper = Callable[[np.ndarray], np.ndarray]
Box = tuple[float, float, float, float]


def frame(*shapes: shapely.Geometry | None) -> Box:
    """The box in metres that shows these shapes whole, with some room, in the proportions of the paper."""
    west, south, east, north = shapely.total_bounds([shape for shape in shapes if shape is not None])
    ratio = (WIDTH - 2 * EDGE) / (HEIGHT - FOOT - 2 * EDGE)
    wide = max((east - west) * ROOM, (north - south) * ROOM * ratio, LEAST_M)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - wide / ratio / 2, x + wide / 2, y + wide / ratio / 2


def ground(
    box: Box,
    a: shapely.Geometry | None,
    b: shapely.Geometry | None,
    cut: shapely.Geometry | None,
    neighbours: Mapping[str, shapely.Geometry],
    lang: str,
) -> str:
    """Draw both sides, the ground in dispute and the parcels around it (by the name each is to be called).

    Ground that a paper is about, with no side that has a shape, is drawn like a side and called what it is.
    """
    paper, scale = _paper(box)
    clip = _beyond(box)
    about = cut if a is None and b is None else None
    cut = None if about is not None else cut
    around = {name: shapely.intersection(shape, clip) for name, shape in neighbours.items()}
    parts = [
        *(_filled(shape, paper, "#f6f5ee", SOFT, 0.8) for shape in around.values()),
        _filled(_clipped(about, clip), paper, GROUND_A, INK, 2.2),
        *_sides(_clipped(a, clip), _clipped(b, clip), paper),
        _filled(_clipped(cut, clip), paper, "url(#hatch)", CUT, 1.4),
    ]
    sides = _within(a, box), _within(b, box), _within(cut, box)
    tags = _tags(*sides, paper, lang)
    named = {name: shapely.intersection(shape, shapely.box(*box)) for name, shape in around.items()}
    names = _names(named, paper, _tag_places(*sides, paper))
    drawn = {"key_a": a, "key_b": b, "key_cut": cut, "key_ground": about}
    keys = [key for key, shape in drawn.items() if shape is not None]
    return _svg([_framed(parts), *names, *tags, *_foot(scale, lang, keys)])


def photo(png: bytes, box: Box, cut: shapely.Geometry, lang: str) -> str:
    """Show a piece of an image of some ground, with the outline of what is in dispute on it."""
    west, south, east, north = box
    wide, high = WIDTH, WIDTH * (north - south) / (east - west)

    def paper(points: np.ndarray) -> np.ndarray:
        return (points - [west, north]) * [wide / (east - west), -high / (north - south)]

    line = _lines(shapely.boundary(cut), paper)
    metres = bar_metres((east - west) / 4)
    bar = wide * metres / (east - west)
    body = [
        f'<image width="{wide}" height="{high:.1f}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{b64encode(png).decode()}"/>',
        f'<path d="{line}" fill="none" stroke="#fff" stroke-width="4.5"/>',
        f'<path d="{line}" fill="none" stroke="{CUT}" stroke-width="2.2"/>',
        f'<rect x="10" y="{high - 20:.1f}" width="{bar:.1f}" height="5" fill="#fff" stroke="{INK}"/>',
        f'<text x="{bar + 16:.1f}" y="{high - 13:.1f}" stroke="#fff" stroke-width="3" paint-order="stroke">'
        f"{metres:g} {escape(labels.text(lang, 'sketch.metre'))}</text>",
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high:.1f}" width="{wide}" height="{high:.1f}" '
        f'font-family="{FONT}" font-size="12" fill="{INK}">{"".join(body)}</svg>'
    )


def proposal(
    box: Box,
    a: shapely.Geometry,
    b: shapely.Geometry,
    part_b: shapely.Geometry,
    line: shapely.Geometry,
    lang: str,
) -> str:
    """Draw both sides as they would be, and the new line between them; dots are what of the cut falls to b."""
    paper, scale = _paper(box)
    clip = _beyond(box)
    parts = [
        *_sides(_clipped(a, clip), _clipped(b, clip), paper),
        _filled(_clipped(part_b, clip), paper, "url(#dots)", "none", 0),
        f'<path d="{_lines(shapely.intersection(line, clip), paper)}" fill="none" stroke="#fff" stroke-width="5"/>',
        f'<path d="{_lines(shapely.intersection(line, clip), paper)}" fill="none" stroke="{NEW}" stroke-width="2.6"/>',
    ]
    tags = _tags(_within(a, box), _within(b, box), None, paper, lang)
    return _svg([_framed(parts), *tags, *_foot(scale, lang, ("key_a", "key_b", "key_line"))])


def tolerances(curve: Curve, lang: str) -> str:
    """Draw what is left of the cut at every tolerance, and the area from which the rule speaks."""
    left, top, wide, high = 56, 40, WIDTH - 80, HEIGHT - FOOT - 74
    most = max(curve.area_m2, curve.least_m2, 1e-9) * 1.08
    step = wide / len(curve.steps)

    def y(m2: float) -> float:
        return top + high * (1 - m2 / most)

    parts = [f'<path d="M{left} {top}V{top + high}H{left + wide}" fill="none" stroke="{INK}"/>']
    for value in (0.0, curve.area_m2):
        parts.append(f'<text x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{figures.m2(value)}</text>')
    for n, one in enumerate(curve.steps):
        x = left + step * n + step * 0.2
        bar = step * 0.6
        look = f'fill="{CUT}" fill-opacity=".55"' if one.fires else 'fill="#fff" stroke-dasharray="3 2"'
        parts += [
            f'<rect x="{x:.1f}" y="{y(one.firm_m2):.1f}" width="{bar:.1f}" height="{top + high - y(one.firm_m2):.1f}" '
            f'{look} stroke="{CUT}"/>',
            f'<text x="{x + bar / 2:.1f}" y="{y(one.firm_m2) - 5:.1f}" text-anchor="middle">'
            f"{figures.m2(one.firm_m2)}</text>",
            f'<text x="{x + bar / 2:.1f}" y="{top + high + 16}" text-anchor="middle">{length(one.tolerance_m)}</text>',
        ]
    at = y(curve.least_m2)
    parts.append(f'<path d="M{left} {at:.1f}H{left + wide}" stroke="{INK}" stroke-width="1.2" stroke-dasharray="6 3"/>')
    said = labels.text(lang, "dossier.curve_least", m2=figures.m2(curve.least_m2))
    parts += [  # above the bars: on them nobody could read it
        f'<path d="M{left} 14H{left + 26}" stroke="{INK}" stroke-width="1.2" stroke-dasharray="6 3"/>',
        f'<text x="{left + 32}" y="18">{escape(said)}</text>',
    ]
    parts.append(
        f'<text x="{left + wide / 2}" y="{HEIGHT - 34}" text-anchor="middle">'
        f"{escape(labels.text(lang, 'dossier.curve_axis'))}</text>"
    )
    return _svg(parts, HEIGHT - 24)


def length(metres: float) -> str:
    """A tolerance as people say it: 1 mm, 5 cm."""
    return f"{metres * 1000:g} mm" if metres < 0.01 else f"{metres * 100:g} cm"


def _framed(parts: Iterable[str]) -> str:
    """What is cut off at the frame, so that no edge is drawn where only the paper ends."""
    return f'<g clip-path="url(#frame)">{"".join(parts)}</g>'


def _beyond(box: Box) -> shapely.Geometry:
    """The ground of a frame and some more around it: shapes are shortened outside of what is seen."""
    return shapely.box(*box).buffer((box[2] - box[0]) / 10, join_style="mitre")


def _within(shape: shapely.Geometry | None, box: Box) -> shapely.Geometry | None:
    return _clipped(shape, shapely.box(*box))


def _svg(parts: Iterable[str], high: int = HEIGHT) -> str:
    hatch = (
        '<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="8" height="8" fill="{CUT}" fill-opacity=".12"/>'
        f'<path d="M0 0V8" stroke="{CUT}" stroke-width="2"/></pattern>'
    )
    frame = (
        f'<clipPath id="frame"><rect x="{EDGE}" y="{EDGE}" width="{WIDTH - 2 * EDGE}" '
        f'height="{HEIGHT - FOOT - 2 * EDGE}"/></clipPath>'
    )
    dots = (
        '<pattern id="dots" width="7" height="7" patternUnits="userSpaceOnUse">'
        f'<rect width="7" height="7" fill="{GROUND_B}"/><circle cx="3.5" cy="3.5" r="1.3" fill="{INK}"/></pattern>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high}" width="{WIDTH}" height="{high}" '
        f'font-family="{FONT}" font-size="12" fill="{INK}"><defs>{hatch}{dots}{frame}</defs>'
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{high - 1}" fill="#fff" stroke="#c9c4b4"/>'
        f"{''.join(parts)}</svg>"
    )


def _paper(box: Box) -> tuple[Paper, float]:
    """Metres to user units, north up, above the foot; and how many units a metre is."""
    west, _, east, north = box
    scale = (WIDTH - 2 * EDGE) / (east - west)

    def paper(metres: np.ndarray) -> np.ndarray:
        return np.column_stack((EDGE + (metres[:, 0] - west) * scale, EDGE + (north - metres[:, 1]) * scale))

    return paper, scale


def _clipped(shape: shapely.Geometry | None, clip: shapely.Geometry) -> shapely.Geometry | None:
    return None if shape is None else shapely.intersection(shape, clip)


def _filled(shape: shapely.Geometry | None, paper: Paper, fill: str, stroke: str, wide: float, dash: str = "") -> str:
    if shape is None or shape.is_empty:
        return ""
    rings = shapely.get_rings([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
    drawn = "".join(_path(paper(shapely.get_coordinates(ring))[:-1], "Z") for ring in rings)
    look = f'stroke-dasharray="{dash}" ' if dash else ""
    return (
        f'<path d="{drawn}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}" stroke-width="{wide}" {look}'
        'stroke-linejoin="round"/>'
    )


def _sides(a: shapely.Geometry | None, b: shapely.Geometry | None, paper: Paper) -> list[str]:
    return [
        _filled(a, paper, GROUND_A, "none", 0),
        _filled(b, paper, GROUND_B, "none", 0).replace('fill="#', 'fill-opacity=".7" fill="#', 1),
        _filled(a, paper, "none", INK, 2.2),
        _filled(b, paper, "none", INK, 2.2, "7 4"),
    ]


def _tag_places(
    a: shapely.Geometry | None, b: shapely.Geometry | None, cut: shapely.Geometry | None, paper: Paper
) -> dict[str, tuple[float, float]]:
    """Where the letter of each side stands: where that side is alone, if it is so anywhere."""
    return {
        side: _apart(shape, other, paper)
        for side, shape, other in (("a", a, b if b is not None else cut), ("b", b, a))
        if shape is not None and not shape.is_empty
    }


def _apart(shape: shapely.Geometry, other: shapely.Geometry | None, paper: Paper) -> tuple[float, float]:
    alone = shape if other is None else shapely.difference(shape, other)
    ((x, y),) = paper(shapely.get_coordinates(shapely.point_on_surface(shape if alone.is_empty else alone)))
    return min(max(x, 24), WIDTH - 24), min(max(y, 24), HEIGHT - FOOT - 24)


def _tags(
    a: shapely.Geometry | None, b: shapely.Geometry | None, cut: shapely.Geometry | None, paper: Paper, lang: str
) -> list[str]:
    """The letters of both sides, each in a box."""
    return [
        f'<rect x="{x - 10:.1f}" y="{y - 10:.1f}" width="20" height="20" rx="3" fill="#fff" stroke="{INK}"/>'
        f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="14">'
        f"{escape(labels.text(lang, f'map.tag_{side}'))}</text>"
        for side, (x, y) in _tag_places(a, b, cut, paper).items()
    ]


def _names(around: Mapping[str, shapely.Geometry], paper: Paper, tags: Mapping[str, tuple[float, float]]) -> list[str]:
    """What neighbours are called, where there is room for it: the largest first, none on another's name or a tag."""
    places: list[tuple[float, float, str]] = []
    for name, shape in sorted(around.items(), key=lambda one: -shapely.area(one[1])):
        if shape.is_empty:
            continue
        west, south, east, north = shape.bounds
        corners = paper(np.array([[west, south], [east, north]]))
        ((x, y),) = paper(shapely.get_coordinates(shapely.point_on_surface(shape)))
        x = min(max(x, EDGE + 17), WIDTH - EDGE - 17)
        taken = [*((other_x, other_y) for other_x, other_y, _ in places), *tags.values()]
        free = all(abs(x - other_x) > 36 or abs(y - other_y) > 12 for other_x, other_y in taken)
        clear_of_north = x < WIDTH - 50 or y > 56
        if abs(np.prod(corners[1] - corners[0])) >= NAMED and free and clear_of_north:
            places.append((x, y, name))
    return [
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="10" fill="#55605c">{escape(name)}</text>'
        for x, y, name in places
    ]


def _lines(shape: shapely.Geometry, paper: Paper) -> str:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("LineString", "LinearRing")]
    return "".join(_path(paper(shapely.get_coordinates(part)), "") for part in parts)


def _path(points: np.ndarray, end: str) -> str:
    return "M" + " ".join(f"{x:.2f},{y:.2f}" for x, y in points) + end


_KEYS: dict[str, Any] = {
    "key_a": f'fill="{GROUND_A}" stroke="{INK}"',
    "key_b": f'fill="{GROUND_B}" stroke="{INK}" stroke-dasharray="4 2"',
    "key_cut": f'fill="url(#hatch)" stroke="{CUT}"',
    "key_line": f'fill="{NEW}" stroke="none"',
    "key_ground": f'fill="{GROUND_A}" stroke="{INK}"',
}


def _foot(scale: float, lang: str, keys: Iterable[str]) -> list[str]:
    """North, the key, and the scale bar."""
    y = HEIGHT - 12
    drawn = [
        f'<g transform="translate({WIDTH - 22} 24)"><path d="M0 -12 L6 10 L0 5 L-6 10 Z" fill="{INK}" stroke="#fff"/>'
        f'<text y="24" text-anchor="middle">{escape(labels.text(lang, "sketch.north"))}</text></g>',
    ]
    x = 12.0
    for key in keys:
        said = labels.text(lang, f"dossier.{key}")
        high = 3 if key == "key_line" else 10
        drawn += [
            f'<rect x="{x:.0f}" y="{y - 5 - high / 2}" width="16" height="{high}" {_KEYS[key]}/>',
            f'<text x="{x + 21:.0f}" y="{y}">{escape(said)}</text>',
        ]
        x += 34 + 12 * len(said) * (1 if lang == "zh" else 0.55)
    metres = bar_metres(WIDTH / 5 / scale)
    bar = metres * scale
    x = WIDTH - 62 - bar
    return [
        *drawn,
        f'<path d="M{x:.1f} {y - 7}V{y}H{x + bar:.1f}V{y - 7}" fill="none" stroke="{INK}" stroke-width="1.3"/>',
        f'<text x="{x + bar + 6:.1f}" y="{y + 1}">{metres:g} {labels.text(lang, "sketch.metre")}</text>',
    ]
