"""Everything that ever lay on a piece of ground: shapes and papers, ended and corrected ones too, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session

from data.session import srid_of
from data.sql import read_sql
from data.tables import Upload
from geo.model import SURVEY_LAYERS
from geo.repair import repaired

#: Survey layers that say something of the ground; a village's boundary lies around all of it.
LAYERS = tuple(layer for layer in SURVEY_LAYERS if layer != "boundary")
#: Versions that are looked at of one piece of ground; a dispute has some tens.
MOST = 1000
#: What covers less of the ground than this only touches it (m²).
TOUCHED_M2 = 0.01


@dataclass(frozen=True)
class Layer:
    """One version of something that has its place on the ground, or of a paper about a parcel that lies there.

    `begins` and `ends` are its days on the ground, or its term; `corrected_at` is when our books gave this version up.
    """

    layer: str
    code: str
    begins: date | None
    ends: date | None
    known_from: datetime
    corrected_at: datetime | None
    upload_id: int
    #: The day of the survey that drew it, if told, and the day on which it came.
    surveyed_on: date | None
    came_on: date
    said: dict[str, Any]

    @property
    def day(self) -> date:
        """Where it stands in the order: the day it began, else the day it came."""
        return self.begins or self.surveyed_on or self.came_on


@dataclass(frozen=True)
class Timeline:
    """All that lay here, oldest first; `complete` is false where the ground holds more than is looked at."""

    items: list[Layer]
    complete: bool


def ever(session: Session, ground: shapely.Geometry) -> Timeline:
    """Tell all versions of all that ever lay on a ground (in the metric system), and the papers about its parcels."""
    shapes = _run(
        session,
        "shapes",
        {"ground": shapely.to_wkb(ground), "srid": srid_of(session), "layers": list(LAYERS)},
        "layers",
    )
    shared = _shared(ground, [row["wkb"] for row in shapes])
    here = [(row, m2) for row, m2 in zip(shapes, shared, strict=True) if m2 >= TOUCHED_M2]
    parcels = sorted({row["code"] for row, _ in here if row["layer"] == "parcel"})
    papers = _run(session, "papers", {"parcels": parcels}, "parcels") if parcels else []
    uploads = _uploads(session, {row["upload_id"] for row in (*(row for row, _ in here), *papers)})
    items = [_shape(row, m2, uploads[row["upload_id"]]) for row, m2 in here]
    items += [_paper(row, uploads[row["upload_id"]]) for row in papers]
    items.sort(key=lambda item: (item.day, item.layer != "parcel", item.layer, item.code, item.known_from))
    return Timeline(items, len(shapes) < MOST and len(papers) < MOST)


def _run(session: Session, name: str, values: dict[str, Any], listed: str) -> list[dict[str, Any]]:
    statement = text(read_sql(f"timeline/{name}.sql")).bindparams(bindparam(listed, type_=ARRAY(TEXT)))
    return [dict(row) for row in session.execute(statement, {**values, "most": MOST}).mappings()]


def _shared(ground: shapely.Geometry, wkbs: Sequence[Any]) -> list[float]:
    """How much of the ground each shape covers; invalid ones as repaired copies, and those that are beyond it none."""
    if not wkbs:
        return []
    shapes = shapely.from_wkb([bytes(wkb) for wkb in wkbs])
    bad = ~shapely.is_valid(shapes)
    if bad.any():
        shapes[bad] = repaired(shapes[bad])
    covered = np.nan_to_num(shapely.area(shapely.intersection(shapes, ground)))
    return [float(m2) for m2 in covered]


def _uploads(session: Session, ids: set[int]) -> dict[int, tuple[date | None, date]]:
    """The day of the survey and the day of coming of some deliveries."""
    query = select(Upload.id, Upload.surveyed_on, Upload.received_at).where(Upload.id.in_(ids))
    return {number: (surveyed, received.date()) for number, surveyed, received in session.execute(query)}


def _shape(row: dict[str, Any], m2: float, came: tuple[date | None, date]) -> Layer:
    said = {name: row[name] for name in ("name", "class_code", "area_m2")}
    return _layer(
        row, row["layer"], (row["valid"].lower, row["valid"].upper), came, {**said, "shared_m2": round(m2, 2)}
    )


def _paper(row: dict[str, Any], came: tuple[date | None, date]) -> Layer:
    said = {name: row[name] for name in ("parcel_code", "holder", "other", "area_m2", "said")}
    return _layer(row, row["kind"], (row["begins"], row["ends"]), came, said)


def _layer(
    row: dict[str, Any],
    layer: str,
    days: tuple[date | None, date | None],
    came: tuple[date | None, date],
    said: dict[str, Any],
) -> Layer:
    return Layer(
        layer=layer,
        code=row["code"] or "",
        begins=days[0],
        ends=days[1],
        known_from=row["known"].lower,
        corrected_at=row["known"].upper,
        upload_id=row["upload_id"],
        surveyed_on=row.get("surveyed_on") or came[0],
        came_on=came[1],
        said={name: value for name, value in said.items() if value is not None},
    )
