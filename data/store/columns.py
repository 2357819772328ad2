"""Outlines out of the books: the server packs thousands of rows into one, so that none is an object on the way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import BYTEA, dialect
from sqlalchemy.orm import Session

from data.store.driver import connection_of, told_plainly
from geo.kernel import compiled
from geo.kernel.wkb import begins_of
from geo.outlines import Outlines, outlines_of_wkb

#: Rows whose numbers lie within so many of each other travel as one: a megabyte or two.
ROWS_A_PAGE = 5000


def columns(session: Session, query: Select) -> tuple[NDArray[np.int64], NDArray[np.str_], Outlines]:
    """Read what a query of number, code and shape gives as whole columns, in one and the same order.

    Codes are letters and digits of ASCII. The next page is fetched while one is laid out.
    """
    ids: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    codes: list[NDArray[np.str_]] = [np.empty(0, "<U1")]

    def shapes() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        pages = _pages(session, query)
        with ThreadPoolExecutor(1) as fetcher:
            coming = fetcher.submit(next, pages, None)
            while (page := coming.result()) is not None:
                coming = fetcher.submit(next, pages, None)
                numbers, texts, wkb = (np.frombuffer(column, dtype=np.uint8) for column in page)
                ids.append(numbers.view(">i8").astype(np.int64))
                codes.append(_parted(texts, len(ids[-1])))
                yield wkb, begins_of(wkb, len(ids[-1]))

    with told_plainly():
        outlines = outlines_of_wkb(shapes())
    return np.concatenate(ids), np.concatenate(codes), outlines


def _pages(session: Session, query: Select) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The same query with the rows of a page in one: numbers, codes between commas, shapes one behind the other."""
    number, code, shape = query.subquery().c
    nothing = literal(b"", BYTEA)
    packed = select(
        func.string_agg(func.int8send(number), nothing),
        func.convert_to(func.string_agg(code, ","), "SQL_ASCII"),
        func.string_agg(func.ST_AsBinary(shape), nothing),
    ).group_by(number // ROWS_A_PAGE)
    said = packed.compile(dialect=dialect(paramstyle="pyformat"))
    with connection_of(session).cursor() as cursor:
        yield from cursor.stream(str(said), said.params, binary=True)


def _parted(texts: NDArray[np.uint8], count: int) -> NDArray[np.str_]:
    """Part so many texts at the commas between them."""
    ends = np.r_[np.flatnonzero(texts == ord(",")), len(texts)]
    begins = np.r_[0, ends[:-1] + 1]
    letters = np.zeros((count, max(int((ends - begins).max()), 1)), dtype=np.uint32)
    _write(texts, begins, ends, letters)
    return letters.view(f"<U{letters.shape[1]}")[:, 0]


@compiled
def _write(
    texts: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64], letters: NDArray[np.uint32]
) -> None:
    """Write each text as a row of letters; the rest of the row stays empty."""
    for row in range(len(letters)):
        for at in range(ends[row] - begins[row]):
            letters[row, at] = texts[begins[row] + at]
