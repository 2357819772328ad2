"""The sketch of one parcel (地块示意图): its outline, the neighbours' edges within 5 m, scale bar, north; no names.

The conventions are those of the certificate's annex: red outline, boundary points as small circles, green neighbour
edges, the area over the last five digits of the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
import shapely
from pyproj import CRS, Transformer

from web import format as figures
from web import labels

NEIGHBOUR_M = 5.0  # how much of the neighbours is drawn
ROOM = 1.15  # the extent, scaled, so that nothing touches the frame
WIDTH, HEIGHT, FOOT = 320, 300, 34  # user units; the foot holds the scale bar
MAX_POINTS = 60  # beyond this, boundary points would hide the outline

FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"


def sketch(
    parcel: shapely.Geometry,
    neighbours: Iterable[shapely.Geometry] = (),
    *,
    serial: str = "",
    area_m2: float | None = None,
    lang: str = labels.DEFAULT,
) -> str:
    """Draw one parcel given in degrees as an SVG that stands on its own."""
    to_metres = _projection(parcel)
    own = shapely.transform(parcel, to_metres)
    strip = own.buffer(NEIGHBOUR_M)
    around = shapely.transform(np.array(list(neighbours), dtype=object), to_metres)
    scale, to_paper = _paper(strip)
    edges = [shapely.boundary(each).intersection(strip) for each in around]
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *(f'<path d="{_lines(edge, to_paper)}" fill="none" stroke="#2e7d4f" stroke-width="1.1"/>' for edge in edges),
        f'<path d="{_rings(own, to_paper)}" fill="#c62828" fill-opacity=".06" fill-rule="evenodd" stroke="#c62828" '
        'stroke-width="1.6" stroke-linejoin="round"/>',
        *_points(own, to_paper),
        *_label(own, to_paper, serial, area_m2, lang),
        _north(lang),
        _bar(scale, lang),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{FONT}" fill="#1e2624">{"".join(part for part in parts if part)}</svg>'
    )


def _projection(parcel: shapely.Geometry):
    """Degrees to metres, centred on the parcel itself, so that no zone needs to be known."""
    centre = parcel.envelope.centroid
    local = CRS.from_proj4(f"+proj=laea +lat_0={centre.y:.6f} +lon_0={centre.x:.6f} +ellps=GRS80 +units=m")
    turn = Transformer.from_crs("EPSG:4490", local, always_xy=True)
    return lambda degrees: np.column_stack(turn.transform(degrees[:, 0], degrees[:, 1]))


def _paper(extent: shapely.Geometry):
    """Metres to user units: the extent centred above the foot, north up."""
    west, south, east, north = extent.bounds
    scale = min(WIDTH / ((east - west) * ROOM), (HEIGHT - FOOT) / ((north - south) * ROOM))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def to_paper(metres: np.ndarray) -> np.ndarray:
        return np.column_stack(
            (WIDTH / 2 + (metres[:, 0] - middle_x) * scale, (HEIGHT - FOOT) / 2 - (metres[:, 1] - middle_y) * scale)
        )

    return scale, to_paper


def _path(points: np.ndarray, closed: bool) -> str:
    steps = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f"M{steps}Z" if closed else f"M{steps}"


def _rings(shape: shapely.Geometry, to_paper) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(_path(to_paper(shapely.get_coordinates(ring))[:-1], True) for ring in rings)


def _lines(shape: shapely.Geometry, to_paper) -> str:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("LineString", "LinearRing")]
    return "".join(_path(to_paper(shapely.get_coordinates(part)), False) for part in parts)


def _points(shape: shapely.Geometry, to_paper) -> Sequence[str]:
    corners = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(shapely.get_parts(shape))]
    points = to_paper(np.concatenate(corners))
    if len(points) > MAX_POINTS:
        return ()
    return [
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2" fill="#fff" stroke="#c62828" stroke-width=".9"/>' for x, y in points
    ]


def _label(shape: shapely.Geometry, to_paper, serial: str, area_m2: float | None, lang: str) -> list[str]:
    """The area over the serial, on a white halo, at a place inside."""
    place = shapely.get_coordinates(shapely.point_on_surface(shape))
    ((x, y),) = to_paper(place)
    x = min(max(x, 40), WIDTH - 40)
    mu = "" if area_m2 is None else f"{figures.mu(area_m2)} {labels.text(lang, 'common.mu')}"
    lines = [text for text in (mu, serial) if text]
    return [
        f'<text x="{x:.2f}" y="{y + 4 + 14 * (n - (len(lines) - 1) / 2):.2f}" text-anchor="middle" font-size="12" '
        f'stroke="#fff" stroke-width="3.5" paint-order="stroke" stroke-linejoin="round">{escape(line)}</text>'
        for n, line in enumerate(lines)
    ]


def _north(lang: str) -> str:
    return (
        '<g transform="translate(20 16)"><path d="M0 -10 L6 12 L0 7 L-6 12 Z" fill="#1e2624"/>'
        f'<text y="25" text-anchor="middle" font-size="11">{labels.text(lang, "sketch.north")}</text></g>'
    )


def bar_metres(longest: float) -> float:
    """The greatest length of 1, 2 or 5 times a power of ten that is no longer than this."""
    power = 10.0 ** np.floor(np.log10(longest))
    return float(next(step * power for step in (5, 2, 1) if step * power <= longest))


def _bar(scale: float, lang: str) -> str:
    metres = bar_metres(WIDTH / 3 / scale)
    width, y = metres * scale, HEIGHT - 12
    return (
        f'<path d="M14 {y - 6}V{y}H{14 + width:.2f}V{y - 6}" fill="none" stroke="#1e2624" stroke-width="1.3"/>'
        f'<text x="{20 + width:.2f}" y="{y + 1}" font-size="11">{metres:g} {labels.text(lang, "sketch.metre")}</text>'
    )
