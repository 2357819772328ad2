"""Where the defects of a delivery lie: a sketch map of circles over the ground that was delivered, as one SVG.

Read without colour too: grave defects are filled, medium ones half so, low ones are rings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from pyproj import CRS, Transformer

from web import labels
from web.sketch import FONT, bar_metres

WIDTH, HEIGHT, EDGE, FOOT = 640, 380, 16, 30  # user units; the foot holds legend and scale bar
LEAST_M = 50.0  # a delivery of one spot is still drawn as a place, not as a point
LOOKS = {"high": ("#8a3206", 0.75), "medium": ("#b8860b", 0.4), "low": ("#5a6068", 0.0)}


def spread(
    squares: Sequence[Mapping[str, Any]], ground: Sequence[Sequence[float]], lang: str = labels.DEFAULT
) -> str | None:
    """Draw defects by place (`place` in degrees, `count`, `severity`) over points of the ground; None without any."""
    places = [square["place"] for square in squares]
    if not places:
        return None
    metres = _metres(np.array([*places, *ground], dtype=float))
    scale, paper = _paper(metres)
    points = paper(metres)
    circles = sorted(zip(points[: len(places)], squares, strict=True), key=lambda drawn: -drawn[1]["count"])
    parts = [
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - FOOT}" fill="#fff" stroke="#8d938c"/>',
        *(
            f'<rect x="{x - 2:.1f}" y="{y - 2:.1f}" width="4" height="4" fill="#dfe6d5"/>'
            for x, y in points[len(places) :]
        ),
        *(_circle(x, y, _radius(square["count"]), square["severity"]) for (x, y), square in circles),
        f'<g transform="translate({WIDTH - 22} 22)"><path d="M0 -12 L6 10 L0 5 L-6 10 Z" fill="#1e2624"/>'
        f'<text y="24" text-anchor="middle">{escape(labels.text(lang, "sketch.north"))}</text></g>',
        *_foot(scale, lang),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{FONT}" font-size="12" fill="#1e2624">{"".join(parts)}</svg>'
    )


def _metres(degrees: np.ndarray) -> np.ndarray:
    """Degrees to metres about the middle of what is drawn."""
    lon, lat = np.median(degrees, axis=0)
    local = CRS.from_proj4(f"+proj=laea +lat_0={lat:.6f} +lon_0={lon:.6f} +ellps=GRS80 +units=m")
    turn = Transformer.from_crs("EPSG:4490", local, always_xy=True)
    return np.column_stack(turn.transform(degrees[:, 0], degrees[:, 1]))


def _paper(metres: np.ndarray):
    """Metres to user units, north up; what lies far off the rest is drawn at the edge."""
    low, high = np.percentile(metres, [1, 99], axis=0)
    side = np.maximum(high - low, LEAST_M) * 1.1
    middle = (low + high) / 2
    room = np.array([WIDTH - 2 * EDGE, HEIGHT - FOOT - 2 * EDGE])
    scale = float(min(room / side))

    def paper(xy: np.ndarray) -> np.ndarray:
        drawn = (xy - middle) * scale * [1, -1] + [WIDTH / 2, (HEIGHT - FOOT) / 2]
        return np.clip(drawn, EDGE / 2, [WIDTH - EDGE / 2, HEIGHT - FOOT - EDGE / 2])

    return scale, paper


def _radius(count: int) -> float:
    return min(13.0, 2.2 + 2.2 * float(np.log10(count)))


def _circle(x: float, y: float, radius: float, severity: str) -> str:
    colour, full = LOOKS[severity]
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" fill-opacity="{full}" '
        f'stroke="{colour}" stroke-width="1"/>'
    )


def _foot(scale: float, lang: str) -> list[str]:
    """The legend, and the scale bar."""
    y, drawn = HEIGHT - 10, []
    for n, severity in enumerate(LOOKS):
        x = 12 + 60 * n
        drawn += [
            _circle(x, y - 4, 5, severity),
            f'<text x="{x + 10}" y="{y}">{labels.text(lang, f"severity.{severity}")}</text>',
        ]
    metres = bar_metres(WIDTH / 5 / scale)
    x, width = WIDTH - 60 - metres * scale, metres * scale
    told = f"{metres:g} {labels.text(lang, 'sketch.metre')}" if metres < 1000 else f"{metres / 1000:g} km"
    return [
        *drawn,
        f'<path d="M{x:.1f} {y - 7}V{y}H{x + width:.1f}V{y - 7}" fill="none" stroke="#1e2624" stroke-width="1.3"/>',
        f'<text x="{x + width + 6:.1f}" y="{y + 1}">{told}</text>',
    ]
