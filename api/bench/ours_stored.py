"""Our side of the works that start from the database: pages of outlines into the waist, findings back in one batch."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
import shapely
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, NullPool, Text, cast, column, func, select, table, text
from sqlalchemy.orm import Session

from api.bench.ours import boxes_met, read, table_of
from api.bench.pairs import THRESHOLD_M2
from api.bench.storage import CRS
from api.bench.upload import IN_VILLAGE, MORE_THAN_M2, VILLAGES
from data.session import engine_for
from data.sql import read_sql
from data.store.columns import columns
from data.store.driver import connection_of, copy_columns
from geo.outlines import Outlines, stacked
from geo.pairs import on_the_ground, shared_ground, with_cuts

PARCELS = table("parcels", column("id"), column("number"), column("geometry"))
#: As many as the workers that the peers' queries have.
CONNECTIONS = 2


def pairs_from_postgis(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in the database; they are cut and stored there."""
    numbers, parcels = _all_stored(folder)
    with _books(folder) as books:
        pairs = shared_ground(parcels, numbers, more_than_m2=THRESHOLD_M2)
        found = table_of(numbers, numbers, pairs)
        cuts = on_the_ground(with_cuts(pairs, parcels, parcels))
        wkb = pyarrow.array(shapely.to_wkb(shapely.set_srid(cuts, CRS), include_srid=True), pyarrow.binary())
        books.execute(text(read_sql("bench/shared.sql")))
        rows = {name: pyarrow.array(found[name]) for name in found} | {"cut": wkb}
        with connection_of(books).cursor() as cursor:
            copy_columns(cursor, "shared", iter([rows]))
        books.commit()
    return found


def floor_from_postgis(folder: Path) -> pd.DataFrame:
    """The least that anyone must do with what the database holds."""
    return boxes_met(_all_stored(folder)[1])


def upload_touching(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """Villages that fit among the stored parcels."""
    return _uploads(folder, "touching")


def upload_shifted(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """Villages that lie 0.5 m off."""
    return _uploads(folder, "shifted")


def _uploads(folder: Path, name: str) -> tuple[pd.DataFrame, list[float]]:
    """Check one village after the other, timed from its outlines to its pairs."""
    numbers, outlines = read(folder / f"{name}.parquet")
    tables, seconds = [], []
    with _books(folder) as books:
        for village in range(VILLAGES):
            rows = np.flatnonzero(numbers // IN_VILLAGE == village)
            uploaded = outlines.taken(rows)
            start = time.perf_counter()
            tables.append(_check(books, numbers[rows], uploaded))
            seconds.append(time.perf_counter() - start)
    return pd.concat(tables, ignore_index=True), seconds


def _check(books: Session, numbers: NDArray[np.integer], uploaded: Outlines) -> pd.DataFrame:
    """Compare one village with the stored parcels in its box."""
    west, south, east, north = *uploaded.boxes[:, :2].min(axis=0), *uploaded.boxes[:, 2:].max(axis=0)
    box = func.ST_MakeEnvelope(*map(float, (west, south, east, north)), CRS)
    stored, near = _stored(books, PARCELS.c.geometry.op("&&")(box))
    pairs = shared_ground(uploaded, numbers, near, stored, more_than_m2=MORE_THAN_M2)
    return table_of(numbers, stored, pairs)


def _books(folder: Path) -> Session:
    """A session on the contest's database."""
    return Session(engine_for((folder / "database.txt").read_text(encoding="utf-8"), poolclass=NullPool))


def _all_stored(folder: Path) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of all stored parcels, by several connections side by side."""
    with _books(folder) as books:
        ends = np.linspace(0, books.scalar(select(func.max(PARCELS.c.id))), CONNECTIONS + 1).astype(int).tolist()

    def some(after: int, last: int) -> tuple[NDArray[np.integer], Outlines]:
        with _books(folder) as books:
            return _stored(books, PARCELS.c.id > after, PARCELS.c.id <= last)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        numbers, outlines = zip(*pool.map(some, ends[:-1], ends[1:]), strict=True)
    return np.concatenate(numbers), stacked(outlines)


def _stored(books: Session, *where: ColumnElement[bool]) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of stored parcels."""
    number = cast(PARCELS.c.number, Text).label("code")
    _, numbers, outlines = columns(books, select(PARCELS.c.id, number, PARCELS.c.geometry).where(*where))
    return _whole(numbers), outlines


def _whole(texts: NDArray[np.str_]) -> NDArray[np.int64]:
    """The numbers that texts of digits spell, column by column of their letters."""
    numbers = np.zeros(len(texts), dtype=np.int64)
    for letters in texts.view(np.uint32).reshape(len(texts), -1).T.astype(np.int64):
        numbers = np.where(letters > 0, numbers * 10 + letters - ord("0"), numbers)
    return numbers
