"""Write DBF tables with exactly the types and widths of the delivery standard, in GBK or GB18030."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.delivery.defects import Defect
from geo.fields import Field

#: Language byte of code page 936; GB18030 has none.
_LANGUAGE = {"gbk": 0x4D, "gb18030": 0}
#: Lengths the standard leaves open.
_OPEN_LENGTH = 100
#: Coordinates in attributes: the standard's 10 digits have no room for the zone before the easting.
_COORDINATES = ("XZBZ", "YZBZ", "X2000", "Y2000", "X80", "Y80", "ZJDZXJXZB", "ZJDZXJYZB")
#: Numbers nearer than this to what their field holds carry noise, not decimals.
_NOISE = 1e-6
END = b"\x1a"


class Misfit(Exception):
    """A value that its field cannot hold, where nothing may be left out."""


@dataclass(frozen=True)
class Column:
    """One field of the file: its type letter, its width in bytes, its decimals."""

    field: Field
    kind: str
    width: int
    decimals: int


def columns(fields: Sequence[Field]) -> list[Column]:
    """Type, width and decimals of each field: a number with decimals takes one place more, for the point."""
    return [Column(field, *_column(field)) for field in fields]


def _column(field: Field) -> tuple[str, int, int]:
    if field.type == "date":
        return "D", 8, 0
    if field.type == "int":
        return "N", field.length or 10, 0
    if field.standard in _COORDINATES:
        return "N", 12, 3
    if field.type == "float":
        return "N", (field.length or 15) + 1, field.decimals or 0
    return "C", field.length or _OPEN_LENGTH, 0


def header(layout: Sequence[Column], rows: int, encoding: str, day: date) -> bytes:
    """The head of a file: its day, its rows, its fields and the language of its texts."""
    size = 33 + 32 * len(layout)
    dated = (day.year - 1900, day.month, day.day)
    head = struct.pack("<4BIHH16xBBxx", 0x03, *dated, rows, size, row_size(layout), 0, _LANGUAGE[encoding])
    for column in layout:
        name = column.field.standard.encode("ascii")
        head += struct.pack("<11sc4xBB14x", name, column.kind.encode(), column.width, column.decimals)
    return head + b"\r"


def row_size(layout: Sequence[Column]) -> int:
    """How many bytes a row takes."""
    return 1 + sum(column.width for column in layout)


def records(
    frame: pd.DataFrame, layout: Sequence[Column], encoding: str, first: int = 0
) -> tuple[NDArray[np.uint8], list[Defect]]:
    """The rows of a frame under the standard's names, one line of bytes each, and what did not fit.

    A column that the frame does not have stays empty, and so does a value that its field cannot hold. Rows are told by
    number from `first` on. UnicodeEncodeError where the encoding lacks a character.
    """
    block = np.full((len(frame), row_size(layout)), ord(" "), dtype=np.uint8)
    defects: list[Defect] = []
    at = 1
    for column in layout:
        name = column.field.standard
        if name in frame.columns:
            values = frame[name].to_numpy(dtype=object)
            written, misfits = _written(values, pd.isna(values), column, encoding, first)
            block[:, at : at + column.width] = written
            defects += misfits
        at += column.width
    return block, defects


def whole(frame: pd.DataFrame, fields: Sequence[Field], day: date, encoding: str = "gbk") -> bytes:
    """One table as the bytes of a file; Misfit if a value does not fit."""
    layout = columns(fields)
    block, defects = records(frame, layout, encoding)
    for defect in defects:
        if defect.kind != "rounded":
            raise Misfit(f"{defect.table}.{defect.column} is {defect.width} wide: {defect.value!r}")
    return header(layout, len(frame), encoding, day) + block.tobytes() + END


def _written(
    values: NDArray[np.object_], missing: NDArray[np.bool_], column: Column, encoding: str, first: int
) -> tuple[NDArray[np.uint8], list[Defect]]:
    """One column as bytes, a line each, blank where there is nothing or it does not fit; and what did not."""
    given = zip(values.tolist(), missing.tolist(), strict=True)
    if column.kind == "C":
        coded = [b"" if empty else str(value).encode(encoding) for value, empty in given]
    elif column.kind == "D":
        coded = [b"" if empty else f"{value:%Y%m%d}".rjust(8, "0").encode() for value, empty in given]
    else:
        form = f"{{:{column.width}.{column.decimals}f}}".format
        coded = [b"" if empty else form(value).encode() for value, empty in given]
    sizes = np.fromiter(map(len, coded), np.int64, len(coded))
    wide = sizes > column.width
    if column.kind == "N":
        wide |= np.array([b"n" in text for text in coded], dtype=bool)  # nan, inf
    defects = [_misfit(column, first + int(at), values[at], int(sizes[at])) for at in np.flatnonzero(wide)]
    for at in np.flatnonzero(wide):
        coded[at] = b""
    block = np.array(coded, dtype=f"S{column.width}").view(np.uint8).reshape(len(coded), column.width)
    block = np.where(block == 0, np.uint8(ord(" ")), block)
    return block, defects + _rounded(values[~missing & ~wide], column)


def _misfit(column: Column, row: int, value: Any, size: int) -> Defect:
    kind = "too_wide" if column.kind == "C" else "out_of_range"
    field = column.field
    return Defect(kind, field.table, field.standard, row, value=str(value), size=size, width=column.width)


def _rounded(values: NDArray[np.object_], column: Column) -> list[Defect]:
    """How many numbers have more decimals than their field."""
    if column.kind != "N":
        return []
    numbers = values.astype(np.float64)
    finer = int((np.abs(numbers - np.round(numbers, column.decimals)) > _NOISE).sum())
    field = column.field
    return [Defect("rounded", field.table, field.standard, size=finer, width=column.decimals)] if finer else []
