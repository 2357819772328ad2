"""One table of the standard out of the books: its rows of today for an area, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.delivery.kept import NUMBER, Area, Kept, kept
from geo import crs
from geo.fields import Field, Layer, dictionary, layers
from geo.model import Shapes

BATCH = 20_000
ELEMENT = "YSDM"


@dataclass
class Extract:
    """What the books hold of one table for an area: how many rows, in which system, and the rows themselves."""

    layer: Layer
    fields: list[Field]
    rows: int = 0
    #: The system that most shapes came in, EPSG:n or WKT; None for a table or an empty layer.
    crs: str | None = None
    #: What its shapes are (`Point`, `Line`, `Polygon`); None for a table.
    shape: str | None = None
    #: Rows that came in other systems, by system.
    others: dict[str, int] = field(default_factory=dict)
    _kept: Kept | None = None
    #: The first feature number that is free.
    _free: int = 1

    def batches(self, session: Session) -> Iterator[tuple[pd.DataFrame, Shapes | None]]:
        """Read the rows under the standard's names, with their shapes exactly as delivered (None for a table).

        Shapes that came in another system than most are brought into that one. BSM that was not delivered is counted
        on, YSDM is the standard's constant.
        """
        if self._kept is None or not self.rows:
            return
        table, standard = self._kept.table, [one.standard for one in self.fields]
        columns = {name: column for name, column in self._kept.columns.items() if name in standard}
        beside = {} if self._kept.told else {"aside": table.as_delivered}
        if self.layer.geometry:
            beside |= {"wkb": table.delivered, "system": table.delivered_crs}
        query = select(*columns.values(), *beside.values()).where(*self._kept.wanted).order_by(*self._kept.order)
        for part in session.execute(query.execution_options(yield_per=BATCH)).partitions():
            frame = pd.DataFrame([tuple(row) for row in part], columns=[*columns, *beside], dtype=object)
            shapes = self._shapes(frame.pop("wkb"), frame.pop("system")) if self.layer.geometry else None
            if self._kept.told:
                self._days(frame)
            else:
                self._put_back(frame, frame.pop("aside"))
            self._fill(frame)
            yield frame, shapes

    def _days(self, frame: pd.DataFrame) -> None:
        """Read the days that a document holds as texts."""
        for one in self.fields:
            if one.type == "date" and one.standard in frame:
                given = frame[one.standard]
                frame[one.standard] = [None if value is None else date.fromisoformat(value) for value in given]

    def _put_back(self, frame: pd.DataFrame, aside: pd.Series) -> None:
        """Put values that could not be kept in their columns back where they were delivered."""
        standard = {one.name: one.standard for one in reversed(self.fields)}
        for at in aside.index[aside.notna()]:
            for name, value in aside[at].items():
                if name in standard:
                    frame.at[at, standard[name]] = float(value)

    def _fill(self, frame: pd.DataFrame) -> None:
        """Count numbers on where none was delivered, and name the element where that was left out."""
        known = {one.standard for one in self.fields}
        if self._kept and self._kept.numbered:
            given = frame.get(NUMBER, pd.Series(None, index=frame.index, dtype=object))
            missing = given.isna()
            counted = np.arange(self._free, self._free + int(missing.sum())).astype(object)
            self._free += len(counted)
            frame[NUMBER] = given.where(~missing)
            frame.loc[missing, NUMBER] = counted
        if ELEMENT in known and self.layer.element_code:
            given = frame.get(ELEMENT, pd.Series(None, index=frame.index, dtype=object))
            frame[ELEMENT] = given.where(given.notna(), self.layer.element_code)

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
    fields = [one for one in dictionary() if one.table == table]
    found = kept(session, where, layer)
    if found is None:
        return Extract(layer, [one for one in fields if not one.ours or layer.ours], shape=layer.geometry)
    fields = _filled(session, found, fields) if not layer.ours else fields
    counted = select(func.count(), func.max(found.number)).select_from(found.table).where(*found.wanted)
    rows, highest = session.execute(counted).one()
    main, others = _systems(session, found) if rows and layer.geometry else (None, {})
    shape = _drawn(session, found) if layer.geometry == "Annotation" and rows else layer.geometry
    return Extract(layer, fields, rows, main, shape, others, found, (highest or 0) + 1)


def _drawn(session: Session, found: Kept) -> str:
    """What most shapes of a layer are that may hold any: the standard does not say how writing is drawn."""
    dimension = func.ST_Dimension(found.table.geom)
    query = select(dimension).where(*found.wanted).group_by(dimension).order_by(func.count().desc(), dimension)
    return ("Point", "Line", "Polygon")[session.scalars(query.limit(1)).one()]


def _filled(session: Session, found: Kept, fields: Sequence[Field]) -> list[Field]:
    """The fields of the standard, and those of ours that hold anything in some row."""
    ours = [one for one in fields if one.ours and one.standard in found.columns]
    holds: tuple[bool | None, ...] = ()
    if ours:
        query = select(*(func.bool_or(found.columns[one.standard].is_not(None)) for one in ours)).where(*found.wanted)
        holds = tuple(session.execute(query).one())
    filled = {one.standard for one, any_ in zip(ours, holds, strict=True) if any_}
    return [one for one in fields if not one.ours or one.standard in filled]


def _systems(session: Session, found: Kept) -> tuple[str, dict[str, int]]:
    """The system of most rows, and how many rows came in each other one."""
    named = found.table.delivered_crs
    rows = session.execute(select(named, func.count()).where(*found.wanted).group_by(named)).all()
    (main, _), *others = sorted(rows, key=lambda row: (-row[1], row[0]))
    return main, dict((system, count) for system, count in others)
