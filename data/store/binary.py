"""Rows in the binary form of COPY, put together from whole columns of Arrow: no object for each row or value.

The layout is that of the PostgreSQL manual ("COPY", binary format): a row is the count of its fields, a field is its
length and its bytes, all numbers big-endian, and a null has the length -1.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Values of a column, or one value for all rows.
Column = pa.Array | pa.Scalar

_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)
_NULL = pa.scalar(struct.pack(">i", -1), pa.binary())
#: Types of fixed width, as the server wants them.
_FIXED = {pa.int32(): ">i4", pa.int64(): ">i8", pa.float64(): ">f8", pa.date32(): ">i4"}
#: The server counts from here.
_FIRST_DAY, _FIRST_MOMENT = date(2000, 1, 1), datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAYS = (_FIRST_DAY - date(1970, 1, 1)).days
#: Marks of a range: its lower end belongs to it; there is no lower, no upper end.
_LOWER_IN, _NO_LOWER, _NO_UPPER = 0x02, 0x08, 0x10


def stream(batches: Iterable[Sequence[Column]]) -> Iterator[memoryview | bytes]:
    """Give the bytes of a whole COPY, a piece for every batch of rows.

    Texts, bytes, 32 and 64-bit integers, doubles and days are written as what they are; any other type of the server
    comes as bytes in its own binary form (`documents`, `since`, `days_between`, extended well-known binary).
    """
    yield _HEADER
    for columns in batches:
        count = pa.scalar(struct.pack(">h", len(columns)), pa.binary())
        fields = [field for column in columns for field in _fields(column)]
        rows = pc.binary_join_element_wise(
            count, *fields, pa.scalar(b"", pa.binary()), null_handling="replace", null_replacement=b""
        )
        _, ends, data = rows.buffers()
        yield memoryview(data)[: int(np.frombuffer(ends, np.int32, len(rows) + 1)[-1])]
    yield _END


def _fields(column: Column) -> tuple[Column, ...]:
    """A column as pieces to be joined: lengths and bytes; what is null has a length and no bytes."""
    if isinstance(column, pa.Scalar):
        return tuple(piece[0] for piece in _fields(pa.array([column.as_py()], column.type)))
    if column.type not in _FIXED:
        data = column.cast(pa.binary())
        lengths = pc.fill_null(pc.binary_length(data), -1)
        return _packed(lengths.to_numpy().astype(">i4")), data
    kind = np.dtype(_FIXED[column.type])
    plain = column.cast(pa.int32()) if pa.types.is_date(column.type) else column
    values = pc.fill_null(plain, 0).to_numpy(zero_copy_only=False)
    both = np.empty(len(column), dtype=[("length", ">i4"), ("value", kind)])
    both["length"], both["value"] = kind.itemsize, values - _EPOCH_DAYS if pa.types.is_date(column.type) else values
    return (_packed(both),) if not column.null_count else (pc.if_else(column.is_valid(), _packed(both), _NULL),)


def _packed(values: np.ndarray) -> pa.Array:
    """Each number or record as its bytes."""
    kind = pa.binary(values.dtype.itemsize)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)]).cast(pa.binary())


def documents(values: Iterable[Mapping[str, Any] | None]) -> pa.Array:
    """JSON documents as the server takes them (jsonb, version 1)."""
    return pa.array([None if v is None else b"\1" + json.dumps(v).encode() for v in values], pa.binary())


def since(begins: date | datetime | None) -> pa.Scalar:
    """The range of days or moments that begins with one and has no end; without one, all of them."""
    if begins is None:
        return pa.scalar(bytes([_NO_LOWER | _NO_UPPER]), pa.binary())
    return pa.scalar(bytes([_LOWER_IN | _NO_UPPER]) + _bound(begins), pa.binary())


def days_between(begins: date | None, ends: date | None) -> bytes:
    """The range of days from one to before another; None leaves its side open."""
    marks = (_NO_LOWER if begins is None else _LOWER_IN) | (_NO_UPPER if ends is None else 0)
    return bytes([marks]) + b"".join(_bound(day) for day in (begins, ends) if day is not None)


def _bound(value: date | datetime) -> bytes:
    """One end of a range: days, or microseconds for a moment."""
    if isinstance(value, datetime):
        passed = value - _FIRST_MOMENT
        return struct.pack(">iq", 8, (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds)
    return struct.pack(">ii", 4, (value - _FIRST_DAY).days)
