"""Our side of the works on shared ground: from each kind of storage into the waist, and nothing else."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
import shapely
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, NullPool, Text, cast, column, func, select, table, text
from sqlalchemy.orm import Session

from api.bench.pairs import THRESHOLD_M2
from api.bench.storage import CRS
from api.bench.survey import MORE_THAN_M2
from api.bench.upload import IN_VILLAGE, VILLAGES
from api.bench.upload import MORE_THAN_M2 as UPLOAD_M2
from data.session import engine_for
from data.sql import read_sql
from data.store.columns import columns
from data.store.driver import connection_of, copy_columns
from geo.boxes import Meeting
from geo.engines.local import cores
from geo.intake.flat import kept
from geo.outlines import Outlines, outlines_of_wkb, stacked
from geo.pairs import FEATURES_A_TILE, on_the_ground, shared_ground, with_cuts

PARCELS = table("parcels", column("id"), column("number"), column("geometry"))
#: As many as the workers that the peers' queries have.
CONNECTIONS = 2


def pairs_from_kept(folder: Path) -> pd.DataFrame:
    """All pairs of parcels whose outlines were kept."""
    parcels = kept(folder / "parcels.arrow")
    return _pairs(parcels.rank, parcels.outlines)


def pairs_from_parquet(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in a file."""
    numbers, parcels = read(folder / "parcels.parquet")
    return _pairs(numbers, parcels)


def pairs_from_postgis(folder: Path) -> pd.DataFrame:
    """All pairs of parcels, which lie in the database; they are cut and stored there."""
    numbers, parcels = _all_stored(folder)
    with _books(folder) as books:
        pairs = shared_ground(parcels, numbers, more_than_m2=THRESHOLD_M2)
        found = _table(numbers, numbers, pairs)
        cuts = on_the_ground(with_cuts(pairs, parcels, parcels))
        wkb = pyarrow.array(shapely.to_wkb(shapely.set_srid(cuts, CRS), include_srid=True), pyarrow.binary())
        books.execute(text(read_sql("bench/shared.sql")))
        rows = {name: pyarrow.array(found[name]) for name in found} | {"cut": wkb}
        with connection_of(books).cursor() as cursor:
            copy_columns(cursor, "shared", iter([rows]))
        books.commit()
    return found


def floor_from_kept(folder: Path) -> pd.DataFrame:
    """The least that anyone must do with kept outlines: touch them and join their boxes."""
    return _boxes(kept(folder / "parcels.arrow").outlines)


def floor_from_parquet(folder: Path) -> pd.DataFrame:
    """The least that anyone must do with a file."""
    return _boxes(read(folder / "parcels.parquet")[1])


def floor_from_postgis(folder: Path) -> pd.DataFrame:
    """The least that anyone must do with what the database holds."""
    return _boxes(_all_stored(folder)[1])


def _boxes(parcels: Outlines) -> pd.DataFrame:
    """How many boxes meet with more than the threshold in common."""
    meeting = Meeting.of(parcels, None, THRESHOLD_M2)
    with ThreadPoolExecutor(cores()) as pool:
        counts = list(pool.map(lambda tile: len(meeting.pairs(tile)[0]), meeting.tiles(FEATURES_A_TILE)))
    return pd.DataFrame({"pairs": [sum(counts)]})


def survey_from_kept(folder: Path) -> pd.DataFrame:
    """All parcels and survey polygons that share ground, whose outlines were kept."""
    parcels, grounds = kept(folder / "parcels.arrow"), kept(folder / "survey.arrow")
    return _survey(parcels.rank, parcels.outlines, grounds.rank, grounds.outlines)


def survey_from_parquet(folder: Path) -> pd.DataFrame:
    """All parcels and survey polygons that share ground, which lie in two files."""
    return _survey(*read(folder / "parcels.parquet"), *read(folder / "survey.parquet"))


def _survey(
    parcels: NDArray[np.integer], outlines: Outlines, polygons: NDArray[np.integer], grounds: Outlines
) -> pd.DataFrame:
    pairs = shared_ground(outlines, parcels, grounds, polygons, more_than_m2=MORE_THAN_M2)
    return _table(parcels, polygons, pairs)


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
    pairs = shared_ground(uploaded, numbers, near, stored, more_than_m2=UPLOAD_M2)
    return _table(numbers, stored, pairs)


def _pairs(numbers: NDArray[np.integer], parcels: Outlines) -> pd.DataFrame:
    return _table(numbers, numbers, shared_ground(parcels, numbers, more_than_m2=THRESHOLD_M2))


def _table(numbers_a: NDArray[np.integer], numbers_b: NDArray[np.integer], pairs: pd.DataFrame) -> pd.DataFrame:
    i, j = numbers_a[pairs["row_a"].to_numpy()], numbers_b[pairs["row_b"].to_numpy()]
    return pd.DataFrame({"i": i, "j": j, "m2": pairs["shared_m2"].to_numpy()})


def read(file: Path) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of a Parquet file."""
    return flat(pyarrow.parquet.read_table(file))


def flat(table: pyarrow.Table) -> tuple[NDArray[np.integer], Outlines]:
    """Numbers and outlines of a table, from Arrow's own buffers."""
    return table["number"].to_numpy(), outlines_of_wkb(map(_piece, table["geometry"].chunks))


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


def _piece(chunk: pyarrow.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of a chunk of well-known binary, and where each shape begins in them."""
    _, offsets, data = chunk.buffers()
    begins = np.frombuffer(offsets, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk)]
    return np.frombuffer(data, dtype=np.uint8), begins.astype(np.int64)
