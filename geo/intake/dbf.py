"""DBF tables, read from their bytes: what the header claims is compared with what is there."""

import copy
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.intake import encoding as encodings
from geo.intake.encoding import Cells
from geo.intake.errors import IntakeError, Said, refusal
from geo.intake.evidence import undecided
from geo.intake.mapped import Mapped, stretches
from geo.intake.table import Column, Flags, Form
from geo.intake.values import typed

MOST_ROWS: Final = 2_000_000
MOST_FIELDS: Final = 100
_HEADER: Final = struct.Struct("<4BI2H")
_VERSIONS: Final = (0x03, 0x30, 0x31, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5)
#: What all encodings of texts share, all but a few that no DBF is written in.
_ASCII: Final = bytes(range(0x20, 0x7F))
_SAID: Final = _ASCII.decode("ascii")
_TEXT, _NUMBER, _DATE, _LOGICAL = "C", "NF", "D", "L"


@dataclass(frozen=True)
class _Field:
    name: bytes
    type: str
    length: int
    decimals: int


class DbfTable:
    """One DBF: text as bytes until its encoding is decided, numbers and dates as the texts they are written in.

    What is written in many rows is decoded and read once.
    """

    def __init__(
        self,
        path: Path,
        source: str,
        cpg: bytes | None = None,
        given: str | None = None,
        places: Sequence[str] = (),
        most: int = MOST_ROWS,
    ):
        self._source = source
        header = _header(path, source)
        self._fields = _fields(header, source)
        self._records: Mapped | NDArray[np.void] = _records(path, header, source, most)
        self._first = 0
        self._known: dict[int, Cells] = {}
        self._encoding = encodings.CANDIDATES[0]
        self._at = _unique([field.name.decode("ascii", "replace") for field in self._fields])
        decided = self._decided(cpg, header[29], given, places)
        self._encoding = decided.name
        self.encoding = decided.shown
        self.encoding_evidence: list[Said] = decided.evidence
        self.sure_of_encoding = decided.sure
        self.other_encodings: Sequence[str] = decided.others
        self._at = _unique([field.name.decode(decided.name, "replace") for field in self._fields])

    def _decided(
        self, cpg: bytes | None, language: int, given: str | None, places: Sequence[str]
    ) -> encodings.Encoding:
        """The encoding of all text; a refusal takes along how the first rows would look in what can be chosen."""
        try:
            return encodings.decide(self._texts, cpg, language, given, self._source, places)
        except IntakeError as refused:
            refused.previews = [undecided(self, encodings.readable(self._texts), refused)]
            raise

    @property
    def rows(self) -> int:
        """How many records the table holds, deleted ones included."""
        return len(self._records)

    @property
    def names(self) -> list[str]:
        """The names of the columns that can be read."""
        return [name for name, at in self._at.items() if self._fields[at].type in _TEXT + _NUMBER + _DATE + _LOGICAL]

    @cached_property
    def deleted(self) -> Flags:
        """Which records are marked with a `*`."""
        marks = [self._records[rows.start : rows.stop]["deleted"] == b"*" for rows in stretches(self.rows)]
        return np.concatenate(marks)

    def part(self, rows: range | NDArray[np.int64]) -> "DbfTable":
        """The same table with some of its rows, read into memory."""
        some = copy.copy(self)
        some.__dict__.pop("deleted", None)
        some._records = self._records[slice(rows.start, rows.stop) if isinstance(rows, range) else rows]
        some._known = {}
        some._first = int(rows[0]) if len(rows) else 0
        return some

    def is_numeric(self, name: str) -> bool:
        """Whether a column is declared as numbers."""
        return self._fields[self._at[name]].type in _NUMBER

    def form(self, name: str) -> Form:
        """How a column is declared: type, width, and decimals of numbers."""
        field = self._fields[self._at[name]]
        return Form(field.type, field.length, field.decimals if field.type in _NUMBER else None)

    def column(self, name: str, kind: str) -> Column:
        """Read a column as `char`, `int`, `float` or `date`."""
        at = self._at[name]
        if kind == "char" and self._fields[at].type == _TEXT and (plain := self._plain(at)) is not None:
            return Column(plain)
        cells = self._cells(at)
        if self._fields[at].type == _TEXT:
            texts, cut = encodings.decoded(cells.distinct, self._encoding)
        else:
            texts, cut = [cell.decode("latin-1").strip("\0 ") for cell in cells.distinct], []
        read = typed(texts if kind == "char" else [text.strip("\0 ") or None for text in texts], kind)
        return Column(
            read.values.take(cells.of_row).reset_index(drop=True),
            np.flatnonzero(np.isin(cells.of_row, read.unreadable)).tolist(),
            np.flatnonzero(np.isin(cells.of_row, cut)).tolist(),
        )

    def texts(self, rows: Sequence[int], encoding: str | None = None) -> list[list[str | None]]:
        """What stands in some rows, column by column, as delivered; or as another encoding would read it."""
        name = encodings.known(encoding or self._encoding) or self._encoding
        some = self._records[list(rows)]
        read = [self._at[column] for column in self.names]
        return [[row[f"{at}"].decode(name, "replace").strip("\0 ") or None for at in read] for row in some]

    def _cells(self, at: int) -> Cells:
        """The bytes of a column without the blanks that pad them."""
        if at not in self._known:
            column = np.ascontiguousarray(self._records[f"{at}"])
            wide = pa.Array.from_buffers(pa.binary(column.itemsize), len(column), [None, pa.py_buffer(column)])
            found = wide.dictionary_encode()
            distinct = [cell.rstrip(b" \0") for cell in found.dictionary.to_pylist()]
            self._known[at] = Cells(distinct, found.indices.to_numpy().astype(np.int64), self._first)
        return self._known[at]

    def _texts(self) -> Iterator[tuple[str, Cells]]:
        """All bytes that are more than ASCII text: the names of the columns, then the columns, stretch by stretch."""
        names = [field.name for field in self._fields]
        yield "-", Cells(names, np.arange(len(names)))
        for rows in stretches(self.rows):
            some = self if len(rows) == self.rows else self.part(rows)
            for at, field in enumerate(self._fields):
                if field.type == _TEXT and not some._is_ascii(at):
                    yield field.name.decode("ascii", "replace"), some._cells(at)

    def _plain(self, at: int) -> pd.Series | None:
        """A column of texts that every encoding reads alike, all at once; None where a byte asks for a closer look."""
        column = np.ascontiguousarray(self._records[f"{at}"])
        seen = column.view(np.uint8)
        if len(column) == 0 or seen.min() < _ASCII[0] or seen.max() > _ASCII[-1]:
            return None
        if _ASCII.decode(self._encoding, "replace") != _SAID:
            return None
        wide = pa.Array.from_buffers(pa.binary(column.itemsize), len(column), [None, pa.py_buffer(column)])
        texts = pc.utf8_rtrim(wide.cast(pa.binary()).cast(pa.string()), characters=" ")
        given = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
        return pd.Series(given.to_numpy(zero_copy_only=False), dtype=object)

    def _is_ascii(self, at: int) -> bool:
        """Whether a column can be read without knowing its encoding."""
        column = np.ascontiguousarray(self._records[f"{at}"])
        return column.size == 0 or int(column.view(np.uint8).max()) < 0x80


def _header(path: Path, source: str) -> bytes:
    """Read the whole header: the fixed part and the field descriptors."""
    with path.open("rb") as file:
        start = file.read(32)
        if len(start) < 32 or start[0] not in _VERSIONS:
            raise refusal("magic", name=f"{source}.dbf")
        length = _HEADER.unpack_from(start)[5]
        return start + file.read(max(0, length - 32))


def _fields(header: bytes, source: str) -> list[_Field]:
    """Read the field descriptors, which must fill the record exactly."""
    record = _HEADER.unpack_from(header)[6]
    fields = []
    for at in range(32, len(header) - 31, 32):
        if header[at] == 0x0D:
            break
        name, kind, length, decimals = struct.unpack_from("<11sc4x2B", header, at)
        if kind == b"C":
            length += decimals << 8  # long texts keep the high byte of their length where numbers keep decimals
        fields.append(_Field(name.split(b"\0", 1)[0], kind.decode("latin-1"), length, decimals))
    if len(fields) > MOST_FIELDS:
        raise refusal("too_many_fields", name=source, fields=len(fields), most=MOST_FIELDS)
    if not fields or any(field.length == 0 for field in fields) or 1 + sum(f.length for f in fields) != record:
        raise refusal("dbf_broken", name=source)
    return fields


def _records(path: Path, header: bytes, source: str, most: int) -> Mapped:
    """Map the records; there must be as many as the header says, whole, and hardly anything behind them."""
    _, _, _, _, count, start, size = _HEADER.unpack_from(header)
    there = path.stat().st_size - start
    if count > most:
        if there < count * size:
            raise refusal("dbf_broken", name=source)
        raise refusal("too_many_rows", name=source, rows=count, most=most)
    if there < count * size:
        raise refusal("dbf_broken", name=source)
    if there // size > count:
        raise refusal("count_mismatch", name=source, shp="-", shx="-", dbf=f"{count}/{there // size}")
    fields = _fields(header, source)
    offsets = np.cumsum([1, *(field.length for field in fields)])[:-1]
    kind: Any = np.dtype(
        {
            "names": ["deleted", *(f"{at}" for at in range(len(fields)))],
            "formats": ["S1", *(f"S{field.length}" for field in fields)],
            "offsets": [0, *offsets.tolist()],
            "itemsize": size,
        }
    )
    return Mapped(path, kind, start, count)


def _unique(names: list[str]) -> dict[str, int]:
    """Give columns that share a name a number behind it, as other readers do."""
    at: dict[str, int] = {}
    for number, name in enumerate(names):
        unique, copy = name, 0
        while unique in at:
            copy += 1
            unique = f"{name}_{copy}"
        at[unique] = number
    return at
