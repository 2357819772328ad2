"""Attribute tables as CSV: the columns in the first line, UTF-8 or, where it is none, GB18030."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from geo.intake.dbf import MOST_FIELDS
from geo.intake.errors import Said, refusal
from geo.intake.table import Column, Flags, Form
from geo.intake.values import texts, typed


class CsvTable:
    """One table of texts."""

    def __init__(self, path: Path, source: str, most: int):
        content = path.read_bytes()
        self.encoding, text = _decoded(content, source)
        names = _header(text, source)
        try:
            self._rows = pc.read_csv(
                pa.BufferReader(text.encode()),
                parse_options=pc.ParseOptions(newlines_in_values=True),
                convert_options=pc.ConvertOptions(
                    column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
                ),
            )
        except pa.ArrowInvalid:
            raise refusal("csv_broken", name=source) from None
        if len(names) > MOST_FIELDS:
            raise refusal("too_many_fields", name=source, fields=len(names), most=MOST_FIELDS)
        if self.rows > most:
            raise refusal("too_many_rows", name=source, rows=self.rows, most=most)
        self.encoding_evidence: list[Said] = [
            {"zh": f"全部字节符合 {self.encoding}", "en": f"all of its bytes are {self.encoding}"}
        ]
        self.sure_of_encoding = True
        self.other_encodings: Sequence[str] = ()

    @property
    def rows(self) -> int:
        """How many rows the table holds."""
        return int(self._rows.num_rows)

    @property
    def names(self) -> Sequence[str]:
        """The names of its columns."""
        return list(self._rows.column_names)

    @property
    def deleted(self) -> Flags:
        """No row is marked as deleted."""
        return np.zeros(self.rows, dtype=bool)

    def is_numeric(self, name: str) -> bool:
        """Everything is text."""
        return False

    def form(self, name: str) -> Form:
        """Everything is text of any length."""
        return Form("text")

    def column(self, name: str, kind: str) -> Column:
        """Read a column as `char`, `int`, `float` or `date`."""
        return typed(self._rows[name].to_pylist(), kind)

    def texts(self, rows: Sequence[int], encoding: str | None = None) -> list[list[str | None]]:
        """What stands in some rows, column by column; the format tells its encoding itself."""
        columns = [texts(self._rows[name].take(list(rows)).to_pylist()) for name in self.names]
        return [list(row) for row in zip(*columns, strict=True)]


def _decoded(content: bytes, source: str) -> tuple[str, str]:
    for name in ("utf-8-sig", "gb18030"):
        try:
            return name.removesuffix("-sig").upper(), content.decode(name)
        except UnicodeDecodeError:
            continue
    raise refusal("csv_broken", name=source)


def _header(text: str, source: str) -> list[str]:
    """The names in the first line."""
    try:
        names = pc.read_csv(pa.BufferReader(text.split("\n", 1)[0].encode() + b"\n")).column_names
    except pa.ArrowInvalid:
        raise refusal("csv_broken", name=source) from None
    if len(set(names)) != len(names):
        raise refusal("csv_broken", name=source)
    return list(names)
