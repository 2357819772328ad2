"""Vector tiles: shapes, codes and states from the books; no name, no person is ever selected.

A tile is known by the state of the ground it shows: which areas the account may see there, and for each of them a
number that every change moves in its own transaction (`map_square`). The state is read before the shapes are, so a
tile may be newer than its etag but never older, and one that is kept is of use for as long as its etag is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.sql import read_sql
from data.store import places
from data.store.errors import NoSuchTile
from data.tables import MAP_TILE
from geo.model import SURVEY_LAYERS

DEEPEST = 22
LAYERS = ("parcel", "reserved", *SURVEY_LAYERS, "finding")
#: Below these zooms, a feature of the layer is smaller than what a screen shows.
SHAPES_FROM = {"parcel": 12, "building": 13, "landcover": 12, "reserved": 10, "basic_farmland": 11, "approval": 11}
#: From this zoom on, each finding stands by itself; further out, neighbours are counted together.
FINDINGS_APART_FROM = 12
#: Where the shapes of a layer are kept, what is told of them, and which of them an account sees.
_SHAPES = {
    "parcel": {"table": "parcel", "told": "code, category", "which": "code LIKE ANY (:areas)"},
    "reserved": {"table": "reserved_land", "told": "code, form, state", "which": "code LIKE ANY (:areas)"},
}
_SURVEYED = {"table": "survey_feature", "told": ":layer || ':' || code AS ref, class_code", "which": "layer = :layer"}
#: More shapes than this make a tile of more than half a megabyte: squares are shown instead, or findings together.
MOST_SHAPES = 6000
#: More findings than this take too long to be visited one by one: they are shown as they were counted.
MOST_FINDINGS = 2000
#: Tiles are kept down to this zoom; deeper ones hold so little that they are quickly made.
KEPT_TO = 14
#: The level at which changes are marked, and the ends of those at which features are counted; every second one is.
_MARKED, _LEAST_COUNTED, _COUNTED = 14, 6, 18
#: How often a tile is halved into squares: 64 across, and 16 for findings, which people click on.
_ACROSS, _FINDINGS_ACROSS = 6, 4
#: Vertices are dropped within a quarter of a pixel of a screen, or by less where a tile is magnified on it.
_COARSE, _FINE, _MAGNIFIED_FROM = 2.0, 0.5, 16


@dataclass(frozen=True)
class Tile:
    """What is shown, and the state of the ground by which it is known; no body if the caller has that state."""

    etag: str
    body: bytes | None


def tile(session: Session, layer: str, z: int, x: int, y: int, scope: str = "", seen: Sequence[str] = ()) -> Tile:
    """Give one tile of one layer for an area, unless its etag was `seen`; NoSuchTile outside the grid.

    Properties: parcel code, category; reserved code, form, state; survey layers ref, class_code; finding key, rule,
    category, severity, state, presence, or further out category, severity, presence, n, and key, state if n is 1 (but
    not where there are more than MOST_FINDINGS). Where parcels or others are too many or too small to be told apart,
    squares have n and share, the percentage of the ground that is taken. Where nothing is shown, the body is empty.
    """
    if layer not in LAYERS or not 0 <= z <= DEEPEST or not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise NoSuchTile(f"{layer}/{z}/{x}/{y}")
    counted = max(_LEAST_COUNTED, min(_COUNTED, z + z % 2))
    values = {"layer": layer, "z": z, "x": x, "y": y, "areas": _areas(session, layer, scope)}
    values |= _stretch(z, x, y, _MARKED) | {"level": counted} | _stretch(z, x, y, counted, "level_")
    state = session.execute(text(read_sql("tiles/state.sql")), values).one()
    drawn = _drawn_by(layer, z, state.n) if state.areas else ""
    etag = _digest(f"{layer}/{z}/{x}/{y}", drawn, state.state if drawn else "")
    if etag in seen:
        return Tile(etag, None)
    if not drawn:
        return Tile(etag, b"")
    values |= _squares(z, x, y, _FINDINGS_ACROSS if layer == "finding" else _ACROSS) | {
        "drop": _COARSE if z < _MAGNIFIED_FROM else _FINE
    }
    if z > KEPT_TO:
        return Tile(etag, _draw(session, drawn, values))
    address = {"layer": layer, "z": z, "x": x, "y": y, "areas": state.areas}
    body = _kept(session, address, etag)
    if body is None:
        body = _draw(session, drawn, values)
        _keep(session, address, etag, body)
    return Tile(etag, body)


def _areas(session: Session, layer: str, scope: str) -> list[str]:
    """The areas of an account as patterns; features of surveys have no village, so that all see them."""
    if layer in SURVEY_LAYERS or not scope:
        return ["%"]
    return [f"{prefix}%" for prefix in places.prefixes(session, [scope])]


def _drawn_by(layer: str, z: int, features: int) -> str:
    """The statement that draws a tile with so many features; none where nothing of the layer is shown."""
    crowded = features > (MOST_FINDINGS if layer == "finding" else MOST_SHAPES) and z <= _COUNTED
    if layer == "finding":
        near = "tiles/findings.sql" if z >= FINDINGS_APART_FROM else "tiles/clusters.sql"
        return read_sql("tiles/crowds.sql" if crowded else near)
    if crowded or z < SHAPES_FROM.get(layer, 0):
        return read_sql("tiles/squares.sql") if crowded or layer == "parcel" else ""
    return read_sql("tiles/shapes.sql").format(**_SHAPES.get(layer, _SURVEYED))


def _draw(session: Session, drawn: str, values: Mapping[str, Any]) -> bytes:
    return bytes(session.execute(text(drawn), values).scalar_one() or b"")


def _squares(z: int, x: int, y: int, halvings: int) -> dict[str, Any]:
    """The squares that a tile shows: from which level they are counted, and where they lie in the tile's grid."""
    level = min(_COUNTED, z + halvings + z % 2)
    shown = min(level, z + halvings)
    across = 1 << max(0, shown - z)
    return {
        "level": level,
        "halved": level - shown,
        "around": 1 << shown,
        "west": x * across,
        "north": y * across,
        "side": 4096 // across,
        **_stretch(z, x, y, level, "level_"),
    }


def _stretch(z: int, x: int, y: int, level: int, prefix: str = "") -> dict[str, int]:
    """The squares of a level under a tile, or the one above it: a stretch of the curve, both ends included."""
    up, down = max(0, z - level), 2 * max(0, level - z)
    place = sum((x >> up >> bit & 1) << 2 * bit | (y >> up >> bit & 1) << 2 * bit + 1 for bit in range(DEEPEST))
    return {f"{prefix}first": place << down, f"{prefix}last": (place + 1 << down) - 1}


def _digest(*parts: str) -> str:
    """What tells states apart; how a tile is drawn is a part of it, so that a new release is seen at once."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _kept(session: Session, address: Mapping[str, Any], etag: str) -> bytes | None:
    same = [MAP_TILE.c[name] == value for name, value in address.items()]
    return session.scalar(select(MAP_TILE.c.body).where(and_(*same), MAP_TILE.c.etag == etag))


def _keep(session: Session, address: Mapping[str, Any], etag: str, body: bytes) -> None:
    now = {"etag": etag, "body": body}
    session.execute(
        insert(MAP_TILE).values(**address, **now).on_conflict_do_update(constraint="map_tile_pkey", set_=now)
    )
