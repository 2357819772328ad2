"""Vector tiles: shapes, codes and states for the live map; no column here holds a name or a number of a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from data.store import places
from data.store.errors import NoSuchTile
from data.store.versions import then
from data.tables import FACTS, Finding, FindingVersion, SurveyFeature
from geo.model import SURVEY_LAYERS

#: Units across one tile, and how far beyond its edge shapes are drawn.
EXTENT, BUFFER = 4096, 64
DEEPEST = 22
#: Half the circumference of the earth in the map's system (m); a tile of zoom 0 is twice as wide.
HALF_WORLD_M = 20037508.342789244
#: Below this zoom a finding's ground is smaller than a point: the point inside it is shown instead.
SHAPES_FROM = 12


def mvt(session: Session, layer: str, z: int, x: int, y: int, *, scope: str = "") -> bytes:
    """One tile of one layer for whoever answers for the codes below `scope`; empty where there is nothing.

    Properties: parcel code, category; reserved code, state; survey layers ref, class_code; finding key, rule, category,
    severity, state, presence. Raises NoSuchTile for a layer or place that does not exist.
    """
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NoSuchTile(f"{layer}/{z}/{x}/{y}")
    envelope = func.ST_TileEnvelope(z, x, y)
    query = _shown(session, layer, z, envelope, places.prefixes(session, [scope]) if scope else [""])
    shown = query.subquery("shown")
    tile = select(func.ST_AsMVT(literal_row(shown), layer, EXTENT, "geom")).where(shown.c.geom.is_not(None))
    return bytes(session.scalar(tile) or b"")


def literal_row(shown: Any) -> Any:
    """The whole row of a subquery, as ST_AsMVT takes it."""
    return shown.table_valued()


def _shown(session: Session, layer: str, z: int, envelope: Any, areas: list[str]) -> Select[Any]:
    """The features of a layer in a tile, with what is said of them."""
    if layer == "finding":
        return _findings(z, envelope, areas)
    if layer in SURVEY_LAYERS:
        table: Any = SurveyFeature
        said = [(literal(f"{layer}:") + table.code).label("ref"), table.class_code]
        return _placed(table, said, z, envelope).where(table.layer == layer)
    if layer not in ("parcel", "reserved"):
        raise NoSuchTile(layer)
    table = FACTS[layer]
    said = [table.code, table.category if layer == "parcel" else table.state]
    return _placed(table, said, z, envelope).where(places.under(table.code, areas))


def _placed(table: Any, said: list[Any], z: int, envelope: Any) -> Select[Any]:
    """Current features of a table whose box meets the tile."""
    shape = _drawn(table.geom_3857, z, envelope)
    return select(*said, shape).where(*then(table), table.geom_3857.op("&&")(envelope))


def _findings(z: int, envelope: Any, areas: list[str]) -> Select[Any]:
    """Findings of these areas, present ones and those that are gone."""
    version = FindingVersion
    here: ColumnElement[bool] = or_(places.under(version.village, areas), places.under(version.other_village, areas))
    shape = case((literal(z >= SHAPES_FROM), version.geom_3857), else_=func.ST_Centroid(version.geom_3857))
    said = [Finding.key, Finding.rule, version.category, version.severity, Finding.state, version.presence]
    return (
        select(*said, _drawn(shape, z, envelope))
        .join(Finding, Finding.key == version.key)
        .where(and_(func.upper_inf(version.known), here, version.geom_3857.op("&&")(envelope)))
    )


def _drawn(shape: Any, z: int, envelope: Any) -> Any:
    """A shape in tile units, simplified to a quarter of one: what is finer cannot be seen."""
    grain = 2 * HALF_WORLD_M / 2**z / EXTENT / 4
    return func.ST_AsMVTGeom(func.ST_Simplify(shape, grain, True), envelope, EXTENT, BUFFER, True).label("geom")
