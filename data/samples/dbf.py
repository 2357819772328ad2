"""Write DBF tables with exactly the types and widths of the delivery standard, in GBK."""

import struct
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from geo.fields import Field

#: Language byte of code page 936, and the day that every file is dated.
GBK, _DAY = 0x4D, (126, 5, 8)
#: Lengths the standard leaves open.
_OPEN_LENGTH = 100


class TooWide(Exception):
    """A value that its field cannot hold; nothing is ever cut."""


def columns(fields: Sequence[Field]) -> list[tuple[Field, str, int, int]]:
    """Type, width and decimals of each field: a number with decimals takes one place more, for the point."""
    return [(field, *_column(field)) for field in fields]


def _column(field: Field) -> tuple[str, int, int]:
    if field.type == "date":
        return "D", 8, 0
    if field.type == "int":
        return "N", field.length or 10, 0
    if field.type == "float":
        return "N", (field.length or 15) + 1, field.decimals or 0
    return "C", field.length or _OPEN_LENGTH, 0


def dbf(frame: pd.DataFrame, fields: Sequence[Field]) -> bytes:
    """One table as the bytes of a DBF file; a column that the frame does not have stays empty."""
    layout = columns(fields)
    size = 1 + sum(width for _, _, width, _ in layout)
    head = struct.pack("<4BIHH16xBBxx", 0x03, *_DAY, len(frame), 33 + 32 * len(layout), size, 0, GBK)
    for field, kind, width, decimals in layout:
        head += struct.pack("<11sc4xBB14x", field.standard.encode("ascii"), kind.encode(), width, decimals)
    parts = [[b" "] * len(frame)]
    for field, kind, width, decimals in layout:
        values = frame[field.standard] if field.standard in frame.columns else [None] * len(frame)
        written = _WRITERS[kind](width, decimals)
        parts.append([_fitted(written, value, field, width) for value in values])
    rows = b"".join(b"".join(row) for row in zip(*parts, strict=True))
    return head + b"\r" + rows + b"\x1a"


def _fitted(written: Callable[[Any], bytes], value: Any, field: Field, width: int) -> bytes:
    """The value at its width; TooWide if it does not fit."""
    if value is None or value != value:
        return b" " * width
    text = written(value)
    if len(text) != width:
        raise TooWide(f"{field.table}.{field.standard} is {width} wide: {value!r}")
    return text


def _text(width: int, _: int) -> Callable[[Any], bytes]:
    return lambda value: str(value).encode("gbk").ljust(width)


def _number(width: int, decimals: int) -> Callable[[Any], bytes]:
    return lambda value: f"{value:{width}.{decimals}f}".encode("ascii")


def _day(_: int, __: int) -> Callable[[date], bytes]:
    return lambda value: f"{value:%Y%m%d}".encode("ascii")


_WRITERS: dict[str, Callable[[int, int], Callable[[Any], bytes]]] = {"C": _text, "N": _number, "D": _day}
