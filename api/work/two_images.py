"""The two images that a finding rests on, where its patches came from a comparison: named, and the ground in both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy.orm import Session

from data.store import comparisons, errors, images
from data.tables import Comparison, Image
from geo import crs as systems
from geo.imagery.clip import clipped
from web import drawing

#: Metres around the ground in dispute that are shown with it.
AROUND_M = 15.0
ROLES = ("before", "after")


def told(
    session: Session,
    folder: Path,
    scope: str,
    row: Mapping[str, Any],
    ground: shapely.Geometry | None,
    srid: int,
    lang: str,
) -> list[dict[str, Any]]:
    """Each comparison that patches of a finding are from: both images, its settings, and the ground at both dates."""
    refs = patches_of(row)
    if not refs:
        return []
    return [
        _one(session, folder, scope, comparison, [ref for ref in refs if ref in mine], ground, srid, lang)
        for comparison, mine in comparisons.of_patches(session, refs)
    ]


def patches_of(row: Mapping[str, Any]) -> list[str]:
    """The change patches that a finding rests on, by their references."""
    listed = [one["ref"] for one in (row["evidence"] or {}).get("patches", []) if isinstance(one, Mapping)]
    both = [*listed, row["subject"], row["against"] or ""]
    return sorted({ref for ref in both if ref.startswith(f"{comparisons.LAYER}:") and not ref.endswith(":")})


def _one(
    session: Session,
    folder: Path,
    scope: str,
    comparison: Comparison,
    refs: Sequence[str],
    ground: shapely.Geometry | None,
    srid: int,
    lang: str,
) -> dict[str, Any]:
    both = {role: images.get(session, getattr(comparison, f"{role}_id")) for role in ROLES}
    method = json.loads((comparison.found or {})["method"])
    return {
        "id": comparison.id,
        "patches": list(refs),
        "settings": comparison.settings,
        "registered": {name: method[name] for name in ("east_m", "north_m", "residual_m")},
        "version": (comparison.found or {})["version"],
    } | {
        role: {
            "id": image.id,
            "filename": image.filename,
            "taken_on": image.taken_on,
            "sha256": image.sha256,
            "svg": _picture(session, folder, scope, image, ground, srid, lang),
        }
        for role, image in both.items()
    }


def _picture(
    session: Session, folder: Path, scope: str, image: Image, ground: shapely.Geometry | None, srid: int, lang: str
) -> str | None:
    """The ground of a finding in one image; none where that was taken back, or is not for this person's eyes."""
    try:
        images.get(session, image.id, scope)
    except errors.Unknown:
        return None
    file = folder / (image.cog_name or "")
    if ground is None or image.state != "ready" or not file.is_file():
        return None
    go = systems.way(CRS.from_epsg(srid), CRS.from_user_input(image.crs))
    moved = shapely.transform(ground, lambda points: np.column_stack(go(points[:, 0], points[:, 1])))
    west, south, east, north = moved.bounds
    box = drawing.frame(shapely.box(west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M))
    found = clipped(file, image.look or {}, box)
    return drawing.photo(*found, moved, lang) if found else None
