"""Facts in versions: a delivery supersedes what was known, and any day of the past can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Date, Select, func, literal, select
from sqlalchemy.orm import Session

from data.session import srid_of
from data.sql import read_sql
from data.store import locks, survey
from data.store.books import Entered, Page
from data.store.rows import GROUPS, placed, rows_of
from data.tables import FACTS
from data.tables.base import Placed
from geo.model import SURVEY_LAYERS


def supersede(
    session: Session, layer: str, frame: pd.DataFrame, upload_id: int, valid_from: date | None = None
) -> Entered:
    """Enter the rows of a delivery for one layer or table of `geo.model`.

    A row that says what we know already makes no version. A row that differs is a correction: it closes the version
    before it and keeps the day from which that was valid. With `valid_from` it is a change on the ground instead: what
    was true before that day stays. Rows of facts that the delivery does not name stay as they are, but a household, a
    parcel's rights, a transfer's parcels and survey features on the ground delivered are replaced as wholes.

    Deliver parcels before their rights: a right takes its surveyed area from the parcel of that moment.
    """
    if layer in SURVEY_LAYERS:
        return survey.replace(session, layer, frame, upload_id, valid_from)
    table = FACTS[layer]
    rows = rows_of(layer, frame)
    locks.scope(session, rows["code"])
    if issubclass(table, Placed):
        rows |= placed(frame, srid_of(session), upload_id)
    page = Page(session, table, upload_id, valid_from)
    page.stage(rows)
    if layer == "parcel_right":
        page.run(read_sql("versions/surveyed.sql"))
    return page.write(page.missing(GROUPS[layer]) if layer in GROUPS else ())


def retire(session: Session, layer: str, codes: Sequence[str], upload_id: int, ended_on: date) -> Entered:
    """End facts on the ground from a day on: parcels that were merged away, members who left."""
    table = FACTS[layer]
    locks.scope(session, codes)
    still = select(table.id).where(
        table.code.in_(codes), func.upper_inf(table.known), table.valid.op("&&")(func.daterange(ended_on, None))
    )
    page = Page(session, table, upload_id, ended_on)
    page.stage({"code": []})
    return page.write(list(session.scalars(still)))


def as_of(table: Any, known_at: datetime | None = None, valid_on: date | None = None) -> Select[Any]:
    """Ask for what was true on a day (today by default), as our books stood at a moment (now by default)."""
    return select(table).where(*then(table, known_at, valid_on))


def then(table: Any, known_at: datetime | None = None, valid_on: date | None = None) -> list[Any]:
    """The conditions of `as_of`, for queries that join."""
    known = func.upper_inf(table.known) if known_at is None else table.known.op("@>")(known_at)
    day = func.current_date() if valid_on is None else literal(valid_on, Date())
    return [known, table.valid.op("@>")(day)]
