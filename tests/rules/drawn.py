"""Ground drawn with letters and numbers: a grid of numbered points, and shapes that name them.

One cell is 10 m (`cell_m` says otherwise), the first line of a grid is the north. `points: {5: +0.05 0}` moves a point
by metres east and north. A shape is `1 2 5 4`; ` - ` stands before a hole, ` + ` before a further part. The drawing
lies where the pilot lies, zone prefix and all, so that equality at a threshold is tested with the last bits it has.

Details are drawn alike: a point of a survey is `{J1: {at: 1, parcel_codes: …}}`, a line `{L1: {line: 1 2 5, …}}`; the
letter becomes the `number` where the case gives none.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import yaml

from geo.model import DETAIL_LAYERS, LAYERS

CRS = "EPSG:4525"
ORIGIN = (37_601_306.58, 2_417_513.559)

#: libyaml reads the cases eight times as fast as PyYAML does, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def written(file: Path) -> dict[str, Any]:
    """What a file of cases says; it is read once and changed by nobody."""
    return yaml.load(file.read_text(encoding="utf-8"), LOADER)


def ground(case: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """Build the ground of a drawn case: every key that is a layer or a table becomes a frame."""
    points = _points(case)
    frames = {}
    for name, content in case.items():
        if name in LAYERS:
            frames[name] = _layer(content, points)
        elif name in DETAIL_LAYERS:
            frames[name] = _details(content, points)
        elif isinstance(content, list) and name not in ("expect",):
            frames[name] = _dated(pd.DataFrame(content).assign(row=range(len(content))))
    return frames


def _points(case: dict[str, Any]) -> dict[str, tuple[float, float]]:
    cell = float(case.get("cell_m", 10))
    lines = case.get("grid", "").splitlines()
    points = {
        token: (ORIGIN[0] + column * cell, ORIGIN[1] + (len(lines) - 1 - line) * cell)
        for line, text in enumerate(lines)
        for column, token in enumerate(text.split())
        if token not in ".-"
    }
    for token, shift in case.get("points", {}).items():
        east, north = (float(value) for value in str(shift).split())
        x, y = points[str(token)]
        points[str(token)] = (x + east, y + north)
    return points


def _layer(content: dict[str, Any], points: dict[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    rows = []
    for letter, drawn in content.items():
        facts = dict(drawn) if isinstance(drawn, dict) else {"shape": drawn}
        rows.append({"code": str(letter), "geometry": shape(str(facts.pop("shape")), points)} | facts)
    frame = _dated(pd.DataFrame(rows, columns=None if rows else ["code", "geometry"]).assign(row=range(len(rows))))
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)


def _details(content: dict[str, Any], points: dict[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    rows = []
    for letter, drawn in content.items():
        facts = {"number": str(letter)} | drawn
        if "at" in facts:
            geometry: shapely.Geometry = shapely.Point(points[str(facts.pop("at"))])
        elif "line" in facts:
            geometry = shapely.LineString([points[token] for token in str(facts.pop("line")).split()])
        else:
            geometry = shape(str(facts.pop("shape")), points)
        rows.append(facts | {"geometry": geometry})
    frame = _dated(pd.DataFrame(rows, columns=None if rows else ["code", "geometry"]).assign(row=range(len(rows))))
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)


def shape(text: str, points: dict[str, tuple[float, float]]) -> shapely.Geometry:
    """Draw one shape from the names of its points."""
    parts = []
    for part in text.split(" + "):
        shell, *holes = ([points[token] for token in ring.split()] for ring in part.split(" - "))
        parts.append(shapely.Polygon(shell, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates of YAML as the frames of intake have them: seconds, which bear the year 9999."""
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, date)).any():
            days = [value if isinstance(value, date) else "NaT" for value in frame[name]]
            frame[name] = np.array(days, dtype="datetime64[s]")
    return frame
