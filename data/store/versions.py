"""Facts in versions: a delivery supersedes what was known, and any day of the past can be asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Date, Select, Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from data.session import srid_of
from data.sql import read_sql
from data.store import details, locks, survey
from data.store.binary import Column
from data.store.books import Entered, Page
from data.store.rows import GROUPS, Rows, in_batches, placed, rows_of, stretches, whole
from data.store.sets import among
from data.tables import FACTS, Parcel, ParcelRight
from data.tables.base import Placed
from geo.intake.accepted import Accepted
from geo.model import DETAIL_LAYERS, SURVEY_LAYERS


def supersede(
    session: Session,
    layer: str,
    rows: Rows,
    upload_id: int,
    valid_from: date | None = None,
    instead: Sequence[int] | None = None,
) -> Entered:
    """Enter the rows of a delivery for one layer or table of `geo.model`.

    A row that says what we know already makes no version. A row that differs is a correction: it closes the version
    before it and keeps the day from which that was valid. With `valid_from` it is a change on the ground instead: what
    was true before that day stays. Rows of facts that the delivery does not name stay as they are, but a household, a
    parcel's rights, a transfer's parcels and survey features on the ground delivered are replaced as wholes; boundary
    points and lines are replaced parcel by parcel (`data.store.details`).

    Deliver parcels before their rights: a right takes its surveyed area from the parcel of that moment. A parcel that
    names others of its issuer as its predecessors ends them, and the rights in them, on that day (today by default);
    where predecessors are delivered again, it is their successors that end. `instead` is that of `survey.replace`.
    """
    if layer in SURVEY_LAYERS:
        return survey.replace(session, layer, whole(rows), upload_id, valid_from, instead)
    if layer in DETAIL_LAYERS:
        return details.enter(session, layer, rows, upload_id, valid_from)
    table = FACTS[layer]
    if not issubclass(table, Placed):
        rows = whole(rows)
    villages = _villages(layer, rows)
    locks.scope(session, villages)
    batches = _batches(layer, rows, srid_of(session) if issubclass(table, Placed) else None, upload_id)
    page = Page(session, table, upload_id, valid_from)
    if layer != "parcel_right" and page.is_blank(villages):
        return page.begin(batches, len(rows))
    page.stage(batches, len(rows))
    if layer == "parcel_right":
        page.run(read_sql("versions/surveyed.sql"))
    entered = page.write(page.missing(GROUPS[layer]) if layer in GROUPS else ())
    if layer == "parcel" and (replaced := _undelivered(rows, _replaced(rows) | _successors(session, page.revived()))):
        left = _end(session, Parcel, among(Parcel.code, replaced), upload_id, valid_from)
        _end(session, ParcelRight, among(ParcelRight.parcel_code, replaced), upload_id, valid_from)
        return dataclasses.replace(entered, left=left)
    return entered


def _villages(layer: str, rows: Rows) -> list[str]:
    """The villages of the rows' codes."""
    found: set[str] = set()
    for frame in stretches(rows, ("code",) if isinstance(rows, Accepted) else None):
        found.update(pc.unique(pc.utf8_slice_codeunits(rows_of(layer, frame)["code"], 0, 12)).to_pylist())
    return sorted(found)


def _batches(layer: str, rows: Rows, srid: int | None, upload_id: int) -> Iterator[dict[str, Column]]:
    """The rows as columns of their table, some thousands at a time."""
    for frame in stretches(rows):
        shapes = None if srid is None else placed(frame, srid, upload_id)
        yield from in_batches(rows_of(layer, frame), len(frame), shapes)


def _replaced(parcels: Rows) -> set[str]:
    """The parcels that others of their issuer name as predecessors."""
    columns = parcels.names if isinstance(parcels, Accepted) else parcels.columns
    if "predecessors" not in columns:
        return set()
    named: set[str] = set()
    for some in stretches(parcels, ("code", "predecessors")):
        told = some.dropna(subset=["predecessors"])[["code", "predecessors"]].itertuples(index=False)
        named |= {old.strip() for code, olds in told for old in olds.split("/") if old.strip()[:14] == code[:14]}
    return named


def _undelivered(parcels: Rows, codes: set[str]) -> set[str]:
    """The codes that were not delivered themselves."""
    return codes.difference(*(some["code"] for some in stretches(parcels, ("code",)))) if codes else codes


def _successors(session: Session, revived: Sequence[str]) -> set[str]:
    """The parcels that had replaced those which a delivery brings back: both cannot stand on one ground."""
    if not revived:
        return set()
    named = func.string_to_array(Parcel.predecessors, "/").op("&&")(literal(list(revived), ARRAY(Text)))
    return set(session.scalars(select(Parcel.code).where(named, *then(Parcel))))


def retire(session: Session, layer: str, codes: Sequence[str], upload_id: int, ended_on: date) -> int:
    """End facts on the ground from a day on: contracts given up, members who left; how many versions gave way."""
    locks.scope(session, codes)
    return _end(session, FACTS[layer], among(FACTS[layer].code, codes), upload_id, ended_on)


def _end(session: Session, table: Any, which: ColumnElement[bool], upload_id: int, ended_on: date | None) -> int:
    """End what reaches beyond a day; what was true before it stays."""
    ended_on = ended_on or session.scalar(select(func.current_date()))
    beyond = table.valid.op("&&")(func.daterange(ended_on, None))
    reaching = list(session.scalars(select(table.id).where(which, func.upper_inf(table.known), beyond)))
    page = Page(session, table, upload_id, ended_on)
    page.stage(iter(()), 0)
    return page.write(reaching).left


def as_of(table: Any, known_at: datetime | None = None, valid_on: date | None = None) -> Select[Any]:
    """Ask for what was true on a day (today by default), as our books stood at a moment (now by default)."""
    return select(table).where(*then(table, known_at, valid_on))


def then(table: Any, known_at: datetime | None = None, valid_on: date | None = None) -> list[Any]:
    """The conditions of `as_of`, for queries that join."""
    known = func.upper_inf(table.known) if known_at is None else table.known.op("@>")(known_at)
    day = func.current_date() if valid_on is None else literal(valid_on, Date())
    return [known, table.valid.op("@>")(day)]
