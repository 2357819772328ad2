"""One table of the standard out of the books: its rows of today for an area, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from sqlalchemy import ColumnElement, Text, and_, false, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store import places
from data.store.ground import HALO_M, VILLAGE_OF, Box, boxes
from data.store.versions import then
from data.tables import FACTS, SurveyFeature, UploadLayer
from data.tables.base import Placed
from geo import crs
from geo.fields import Field, Layer, dictionary, layers
from geo.model import SURVEY_LAYERS, Shapes

BATCH = 20_000
#: Columns that every layer of the standard begins with, filled in where nothing was delivered for them.
NUMBER, ELEMENT = "BSM", "YSDM"


@dataclass(frozen=True)
class Area:
    """The ground asked for: the prefixes of its codes (old ones too), and the boxes around its villages, metric."""

    prefixes: tuple[str, ...]
    boxes: tuple[Box, ...]
    srid: int


def area(session: Session, scope: str) -> Area:
    """Make out the ground under a code; the empty code is all ground."""
    prefixes = tuple(places.prefixes(session, [scope]))
    return Area(prefixes, boxes(session, prefixes, HALO_M), srid_of(session))


@dataclass
class Extract:
    """What the books hold of one table for an area: how many rows, in which system, and the rows themselves."""

    layer: Layer
    fields: list[Field]
    rows: int
    #: The system that most shapes came in, EPSG:n or WKT; None for a table or an empty layer.
    crs: str | None = None
    #: Rows that came in other systems, by system.
    others: dict[str, int] = field(default_factory=dict)
    _columns: dict[str, ColumnElement[Any]] = field(default_factory=dict)
    _wanted: Sequence[ColumnElement[bool]] = ()
    _table: Any = None
    _next: int = 1

    def batches(self, session: Session) -> Iterator[tuple[pd.DataFrame, Shapes | None]]:
        """Read the rows by code, under the standard's names, with their shapes exactly as delivered.

        Shapes that came in another system than most are brought into that one. BSM that was not delivered is counted
        on, YSDM is the standard's constant.
        """
        if not self.rows:
            return
        placed = issubclass(self._table, Placed)
        shapes = [self._table.delivered, self._table.delivered_crs] if placed else []
        aside = [] if self._table is SurveyFeature else [self._table.as_delivered]
        query = select(*self._columns.values(), *aside, *shapes).where(*self._wanted).order_by(*_order(self._table))
        names = [*self._columns, *(["aside"] if aside else []), *(["wkb", "system"] if placed else [])]
        number = self._next
        for part in session.execute(query.execution_options(yield_per=BATCH)).partitions():
            frame = pd.DataFrame([tuple(row) for row in part], columns=names, dtype=object)
            drawn = self._shapes(frame.pop("wkb"), frame.pop("system")) if placed else None
            number = self._filled(frame, number)
            yield frame, drawn

    def _filled(self, frame: pd.DataFrame, number: int) -> int:
        """Put in what was set aside, what is counted and what is constant; gives the next number."""
        said = {known.standard: known for known in self.fields}
        ours = {known.name: known.standard for known in self.fields}
        if "aside" in frame:
            aside = frame.pop("aside")
            for at in aside.index[aside.notna()]:
                for name, value in aside[at].items():
                    if name in ours:
                        frame.at[at, ours[name]] = float(value)
        else:
            for name in (name for name in frame if said[name].type == "date"):
                frame[name] = [None if value is None else date.fromisoformat(value) for value in frame[name]]
        if NUMBER in said and self.layer.geometry:
            missing = frame[NUMBER].isna() if NUMBER in frame else pd.Series(True, index=frame.index)
            counted = np.arange(number, number + int(missing.sum()))
            frame.loc[missing, NUMBER] = counted.astype(object)
            number += len(counted)
        if ELEMENT in said and self.layer.element_code:
            frame[ELEMENT] = (
                frame[ELEMENT].fillna(self.layer.element_code) if ELEMENT in frame else self.layer.element_code
            )
        return number

    def _shapes(self, wkb: pd.Series, systems: pd.Series) -> Shapes:
        shapes = np.asarray(shapely.from_wkb(wkb.to_numpy(dtype=object)), dtype=object)
        for system in sorted(set(systems) - {self.crs}):
            mine = (systems == system).to_numpy()
            go = crs.way(CRS.from_user_input(system), CRS.from_user_input(self.crs))
            shapes[mine] = shapely.transform(shapes[mine], lambda xy, go=go: np.column_stack(go(xy[:, 0], xy[:, 1])))
        return shapes


def extract(session: Session, where: Area, table: str) -> Extract:
    """Open one table of the standard for an area: its fields of the standard, and those of ours that hold anything."""
    layer = next(known for known in layers() if known.table == table)
    known = [one for one in dictionary() if one.table == table]
    kept = SurveyFeature if layer.layer in SURVEY_LAYERS else FACTS.get(layer.layer)
    if kept is None:
        return Extract(layer, [one for one in known if not one.ours or layer.ours], 0)
    wanted = [*_here(session, where, kept, layer), *then(kept)]
    columns = _columns(kept, known)
    filled = _filled(session, wanted, {one: columns[one.standard] for one in known if one.standard in columns})
    fields = [one for one in known if not one.ours or layer.ours or one in filled]
    columns = {one.standard: columns[one.standard] for one in fields if one.standard in columns}
    count = select(func.count(), func.max(columns[NUMBER]) if NUMBER in columns else literal(0)).select_from(kept)
    rows, highest = session.execute(count.where(*wanted)).one()
    found = Extract(layer, fields, rows, None, {}, columns, wanted, kept, int(highest or 0) + 1)
    if rows and issubclass(kept, Placed):
        found.crs, found.others = _systems(session, kept, wanted)
    return found


def _columns(kept: Any, known: Sequence[Field]) -> dict[str, ColumnElement[Any]]:
    """Where each field of the standard is kept; of several that we keep as one, the first."""
    names: dict[str, str] = {}
    for one in known:
        if one.name and one.name not in names.values():
            names[one.standard] = one.name
    if kept is SurveyFeature:
        return {standard: kept.attributes[name].label(standard) for standard, name in names.items()}
    return {standard: getattr(kept, name) for standard, name in names.items()}


def _filled(session: Session, wanted: Sequence[Any], columns: dict[Field, Any]) -> set[Field]:
    """The fields of ours that hold anything in some row."""
    ours = [one for one in columns if one.ours]
    if not ours:
        return set()
    query = select(*(func.bool_or(columns[one].is_not(None)) for one in ours)).where(*wanted)
    return {one for one, holds in zip(ours, session.execute(query).one(), strict=True) if holds}


def _systems(session: Session, kept: Any, wanted: Sequence[Any]) -> tuple[str, dict[str, int]]:
    """The system of most rows, and how many rows came in each other one."""
    count = func.count()
    query = select(kept.delivered_crs, count).where(*wanted).group_by(kept.delivered_crs).order_by(count.desc())
    (main, _), *others = sorted(session.execute(query).all(), key=lambda row: (-row[1], row[0]))
    return main, dict((system, rows) for system, rows in others)


def _order(kept: Any) -> list[Any]:
    """By code; where equal codes were numbered (#2 … #10), in the order of their numbers."""
    return [func.split_part(kept.code, "#", 1), func.length(kept.code), kept.code]


def _here(session: Session, where: Area, kept: Any, layer: Layer) -> list[ColumnElement[bool]]:
    """The condition that a row belongs to the area: by its code, or as a survey feature by its place."""
    if kept is not SurveyFeature:
        column = getattr(kept, VILLAGE_OF.get(layer.layer, "code"))
        return [places.under(column, where.prefixes)]
    named = kept.layer == literal(layer.layer, Text())
    if layer.layer == "boundary":
        return [named, _regions(where, kept, layer)]
    near = or_(false(), *(kept.geom.op("&&")(func.ST_MakeEnvelope(*box, where.srid)) for box in where.boxes))
    return [named, near, *_of_table(session, kept, layer)]


def _regions(where: Area, kept: Any, layer: Layer) -> ColumnElement[bool]:
    """Regions of one level (the length of their codes), in the area or around it."""
    own = next(one for one in dictionary() if one.table == layer.table and one.name == "code")
    around = [literal(prefix, Text()).startswith(kept.code) for prefix in where.prefixes]
    return and_(func.length(kept.code) == own.length, or_(places.under(kept.code, where.prefixes), *around))


def _of_table(session: Session, kept: Any, layer: Layer) -> list[ColumnElement[bool]]:
    """Where several tables feed one layer: the rows of those deliveries whose columns were this table's."""
    tables = [known.table for known in layers() if known.layer == layer.layer]
    if len(tables) == 1:
        return []
    own = {table: {one.standard for one in dictionary() if one.table == table and one.name} for table in tables}
    query = select(UploadLayer.upload_id, UploadLayer.columns).where(UploadLayer.layer == layer.layer)
    uploads: dict[str, list[int]] = {table: [] for table in tables}
    for upload, columns in session.execute(query):
        theirs = {str(name).upper() for name in (columns or {}).values()}
        uploads[max(tables, key=lambda table: len(own[table] & theirs))].append(upload)
    if layer.table == tables[0]:
        return [not_(kept.upload_id.in_([upload for table in tables[1:] for upload in uploads[table]]))]
    return [kept.upload_id.in_(uploads[layer.table])]
