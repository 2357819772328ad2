"""Outlines out of the books: the server packs a thousand rows into one, so that none is an object on the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import BYTEA, dialect
from sqlalchemy.orm import Session

from data.store.driver import connection_of, told_plainly
from geo.kernel.wkb import begins_of
from geo.outlines import Outlines, outlines_of_wkb

#: So many rows travel as one: some hundred kilobytes.
ROWS_A_PAGE = 1000


def columns(session: Session, query: Select) -> tuple[NDArray[np.int64], NDArray[np.str_], Outlines]:
    """Read what a query of number, code and shape gives as whole columns, in one and the same order."""
    ids: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    codes: list[NDArray[np.str_]] = [np.empty(0, "<U1")]

    def shapes() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        for numbers, texts, wkb in _pages(session, query):
            ids.append(np.frombuffer(numbers, dtype=">i8").astype(np.int64))
            codes.append(np.array(texts.split(",")))
            data = np.frombuffer(wkb, dtype=np.uint8)
            yield data, begins_of(data, len(ids[-1]))

    with told_plainly():
        outlines = outlines_of_wkb(shapes())
    return np.concatenate(ids), np.concatenate(codes), outlines


def _pages(session: Session, query: Select) -> Iterator[tuple[bytes, str, bytes]]:
    """The same query with the rows of a page in one: numbers, codes between commas, shapes one behind the other."""
    rows = query.add_columns((func.row_number().over() // ROWS_A_PAGE).label("page")).subquery()
    number, code, shape, page = rows.c
    packed = select(
        func.string_agg(func.int8send(number), literal(b"", BYTEA)),
        func.string_agg(code, ","),
        func.string_agg(func.ST_AsBinary(shape), literal(b"", BYTEA)),
    ).group_by(page)
    said = packed.compile(dialect=dialect(paramstyle="pyformat"))
    with connection_of(session).cursor() as cursor:
        yield from cursor.stream(str(said), said.params, binary=True)
