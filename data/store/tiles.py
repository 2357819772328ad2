"""Vector tiles: shapes, codes and states straight from the books; no name, no person is ever selected."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from data.sql import read_sql
from data.store import places
from data.store.errors import NoSuchTile
from geo.model import SURVEY_LAYERS

DEEPEST = 22
#: Below these zooms, a feature of the layer is smaller than what a screen shows.
SHAPES_FROM = {"parcel": 12, "building": 13, "landcover": 12, "reserved": 10, "basic_farmland": 11, "approval": 11}
#: From this zoom on, each finding stands by itself; further out, neighbours are counted together.
FINDINGS_APART_FROM = 12
LAYERS = ("parcel", "reserved", *SURVEY_LAYERS, "finding")


def mvt(session: Session, layer: str, z: int, x: int, y: int, scope: str = "") -> bytes:
    """Give one tile of one layer for an area, empty where there is nothing to show; NoSuchTile outside the grid.

    Properties: parcel code, category; reserved code, form, state; survey layers ref, class_code; finding key, rule,
    category, severity, state, presence, or further out category, severity, presence, n, and key, state if n is 1.
    """
    if layer not in LAYERS or not 0 <= z <= DEEPEST or not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise NoSuchTile(f"{layer}/{z}/{x}/{y}")
    if z < SHAPES_FROM.get(layer, 0):
        return b""
    if layer == "finding":
        name = "tiles/findings.sql" if z >= FINDINGS_APART_FROM else "tiles/clusters.sql"
    else:
        name = f"tiles/{layer}.sql" if layer in ("parcel", "reserved") else "tiles/survey.sql"
    areas = [f"{prefix}%" for prefix in places.prefixes(session, [scope])]
    values = {"layer": layer, "z": z, "x": x, "y": y, "areas": areas}
    return bytes(session.execute(text(read_sql(name)), values).scalar_one() or b"")
