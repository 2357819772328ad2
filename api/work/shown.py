"""How a finding is told: one line of the list, and the shapes for a map in degrees."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import shapely
from pyproj import Transformer

from geo.rules import book

MEASURES = ("shared_m2", "firm_m2", "width_m", "share_a", "share_b")
SAID = ("key", "rule", "category", "severity", "state", "presence", *MEASURES, "first_seen", "last_seen", "seq")


def line(row: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """One finding as the list tells it."""
    box = [row[side] for side in ("west", "south", "east", "north")]
    village = row["village"]
    return {name: row[name] for name in SAID} | {
        "title": title(row["rule"]),
        "sentence": {"zh": row["sentence_zh"], "en": row["sentence_en"]},
        "a": party(row["subject"]),
        "b": party(row["against"]),
        "point": [row["lon"], row["lat"]] if row["lon"] is not None else None,
        "bbox": box if box[0] is not None else None,
        "village": {"code": village, "name": places.get(village)},
    }


def title(rule_id: str) -> dict[str, str]:
    """A rule's name in both languages; a rule that has left the book is called by its identifier."""
    rule = book().get(rule_id)
    zh, en = rule.title if rule else (rule_id, rule_id)
    return {"zh": zh, "en": en}


def party(ref: str | None) -> dict[str, str] | None:
    """The layer and code that a reference names."""
    if ref is None:
        return None
    layer, _, code = ref.partition(":")
    return {"layer": layer, "code": code}


def in_degrees(wkb: bytes | None, srid: int | str) -> dict[str, Any] | None:
    """A shape of the metric system, or of the one named, as GeoJSON in degrees."""
    if wkb is None:
        return None
    shape = shapely.force_2d(shapely.from_wkb(bytes(wkb)))
    if shape.is_empty:
        return None
    return shapely.geometry.mapping(shapely.transform(shape, _to_degrees(srid).transform, interleaved=False))


def degrees(x: float | None, y: float | None, crs: str | None) -> list[float] | None:
    """A place in degrees; none where the place itself is the defect."""
    if x is None or y is None or crs is None or not (math.isfinite(x) and math.isfinite(y)):
        return None
    lon, lat = _to_degrees(crs).transform(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return None
    return [round(lon, 7), round(lat, 7)]


@lru_cache(maxsize=64)
def _to_degrees(crs: int | str) -> Transformer:
    return Transformer.from_crs(crs, 4326, always_xy=True)
