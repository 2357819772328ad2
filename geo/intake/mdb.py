"""Tables of an Access database (.mdb), by mdbtools where it is installed, else by access-parser, which is slower.

Both read without a driver of Microsoft's. Only tables are read: shapes in a personal geodatabase are not, nor its own
tables (`GDB_…`) and numbers (`OBJECTID`).
"""

import csv
import io
import logging
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
from access_parser import AccessParser

from geo.intake.dbf import MOST_FIELDS
from geo.intake.errors import IntakeError, Said, refusal
from geo.intake.table import Column, Flags, Form
from geo.intake.values import texts, typed

#: The first page of an Access database: 0, 1, 0, 0, then the name of its kind.
MAGICS: Final = (b"\0\1\0\0Standard Jet", b"\0\1\0\0Standard ACE")
_TOOLS: Final = {name: Path("/usr/bin", name) for name in ("mdb-tables", "mdb-export", "mdb-schema")}
_OURS_ONLY: Final = re.compile(r"^(GDB_|MSys|f_[0-9A-F]{32}_|~)", re.IGNORECASE)
#: A column in the schema that mdbtools writes: `[FBFBM]  Text (14),`.
_DECLARED: Final = re.compile(
    r"^\s*\[(.+?)\]\s+([A-Za-z][A-Za-z ]*?)\s*(?:\((\d+)(?:, *(\d+))?\))?\s*(?:NOT NULL)?,?\s*$"
)
_NUMBERS: Final = ("Byte", "Integer", "Long Integer", "Single", "Double", "Currency", "Numeric", "Decimal")
#: What access-parser calls types by number.
_TYPES: Final = {
    1: "Boolean",
    2: "Byte",
    3: "Integer",
    4: "Long Integer",
    5: "Currency",
    6: "Single",
    7: "Double",
    8: "DateTime",
    9: "Binary",
    10: "Text",
    11: "OLE",
    12: "Memo",
    15: "GUID",
    16: "Numeric",
}
#: What mdbtools writes for a day that it cannot tell.
_NO_DAY: Final = "1900-01-00"
_Read = tuple[dict[str, list[Any]], dict[str, Form]]
_EMPTY_DAYS: Final = ("(Empty Date)", "(Invalid Date)")

logging.getLogger("access_parser").setLevel(logging.CRITICAL)


def table_names(path: Path, source: str) -> list[str]:
    """The tables of a database that are somebody's own, in its order."""
    with path.open("rb") as file:
        if not file.read(20).startswith(MAGICS):
            raise refusal("magic", name=source)
    said = _run("mdb-tables", "-1", "-t", "table", path)
    names = said.decode("utf-8").splitlines() if said is not None else list(_database(path, source).catalog)
    return [name for name in names if name and not _OURS_ONLY.match(name)]


class MdbTable:
    """One table of an Access database."""

    def __init__(self, path: Path, table: str, source: str, most: int, tools: bool = True):
        exported = _exported(path, table) if tools else None
        if exported is None or _beyond(exported[0]):
            exported, (values, forms) = _second(path, table, source, exported)
        else:
            values, forms = exported
        if len(values) > MOST_FIELDS:
            raise refusal("too_many_fields", name=source, fields=len(values), most=MOST_FIELDS)
        self._values, self._forms = values, forms
        self.rows = len(next(iter(values.values()), ()))
        if self.rows > most:
            raise refusal("too_many_rows", name=source, rows=self.rows, most=most)
        by = "access-parser" if exported is None else "mdbtools"
        self.encoding = "UTF-16"
        self.encoding_evidence: list[Said] = [
            {"zh": f"Access 数据库自带编码，由 {by} 读出", "en": f"Access tells the encoding itself; read by {by}"}
        ]
        self.sure_of_encoding = True
        self.other_encodings: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """The names of its columns, without the number that ArcGIS gives each row."""
        return [name for name in self._values if name.upper() not in ("OBJECTID", "SHAPE")]

    @property
    def deleted(self) -> Flags:
        """Deleted rows are not read at all."""
        return np.zeros(self.rows, dtype=bool)

    def is_numeric(self, name: str) -> bool:
        """Whether a column is declared as numbers."""
        return self._forms[name].type in _NUMBERS

    def form(self, name: str) -> Form:
        """How a column is declared."""
        return self._forms[name]

    def column(self, name: str, kind: str) -> Column:
        """Read a column as `char`, `int`, `float` or `date`."""
        return typed(self._values[name], kind)

    def texts(self, rows: Sequence[int], encoding: str | None = None) -> list[list[str | None]]:
        """What stands in some rows, column by column; the format tells its encoding itself."""
        columns = [texts([self._values[name][row] for row in rows]) for name in self.names]
        return [list(row) for row in zip(*columns, strict=True)]


def _run(tool: str, *given: str | Path) -> bytes | None:
    """What a tool of mdbtools says; None where it is not installed, may not be started, or fails."""
    if not _TOOLS[tool].exists():
        return None
    try:
        done = subprocess.run(
            [_TOOLS[tool], *given],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"MDB_JET3_CHARSET": "GB18030", "LANG": "C.UTF-8"},
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _exported(path: Path, table: str) -> _Read | None:
    """A table as mdbtools exports it, every value as text."""
    schema = _run("mdb-schema", "-T", table, "--no-indexes", "--no-relations", path, "access")
    said = _run("mdb-export", "-b", "strip", "-D", "%Y-%m-%d", "-T", "%Y-%m-%d %H:%M:%S", path, table)
    if schema is None or said is None:
        return None
    head = said.split(b"\n", 1)[0].decode("utf-8")
    names = next(csv.reader(io.StringIO(head)), [])
    if not names:
        return {}, {}
    rows = pc.read_csv(
        pa.BufferReader(said),
        parse_options=pc.ParseOptions(newlines_in_values=True),
        convert_options=pc.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
        ),
    )
    forms = {name: Form("Text") for name in names}
    for line in schema.decode("utf-8").splitlines():
        if found := _DECLARED.match(line):
            length, decimals = (int(number) if number else None for number in found.groups()[2:])
            forms[found[1]] = Form(found[2], length, decimals)
    return {name: rows[name].to_pylist() for name in names}, forms


def _beyond(values: Mapping[str, list[Any]]) -> bool:
    """Whether mdbtools met a day beyond its own calendar, which ends in 4637: the standard's 9999-01-01 (长久)."""
    return any(isinstance(value, str) and value.startswith(_NO_DAY) for column in values.values() for value in column)


def _second(path: Path, table: str, source: str, exported: _Read | None) -> tuple[_Read | None, _Read]:
    """Read with access-parser, and stay with what mdbtools exported where that is not to be had."""
    try:
        return None, _parsed(path, table, source)
    except IntakeError:
        if exported is None:
            raise
        return exported, exported


def _database(path: Path, source: str) -> Any:
    """Open a database with access-parser, which trusts what it reads: whatever it stumbles over is a broken file."""
    try:
        return AccessParser(str(path))
    except Exception as error:  # it raises whatever its parsers do: KeyError, struct.error, ConstructError …
        raise refusal("mdb_broken", name=source, detail=type(error).__name__) from error


def _parsed(path: Path, table: str, source: str) -> _Read:
    """A table as access-parser reads it; `mdb_needs_tools` where it drops rows or leaves texts packed."""
    database = _database(path, source)
    try:
        opened = database.get_table(table)
        read: Mapping[str, list[Any]] = opened.parse()
        forms = {
            str(column.col_name_str): Form(_TYPES.get(column.type, str(column.type)), _width(column))
            for column in opened.columns.values()
        }
        said = int(opened.table_header.number_of_rows)
    except Exception as error:
        raise refusal("mdb_broken", name=source, detail=type(error).__name__) from error
    values = {name: [_plain(value, forms[name].type) for value in read.get(name) or []] for name in forms}
    whole = all(len(column) == said for column in values.values())
    # half of a text is packed, half is not: access-parser unpacks none of these
    mixed = any(isinstance(value, str) and "\0" in value for column in values.values() for value in column)
    # where a column was deleted, access-parser takes the next one's values; decimal numbers it leaves as bytes
    ids = sorted(column.column_id for column in opened.columns.values())
    shifted = ids != list(range(len(ids))) or any(form.type == "Numeric" for form in forms.values())
    if mixed or shifted or not whole:
        raise refusal("mdb_needs_tools", name=source)
    return values, forms


def _width(column: Any) -> int | None:
    """How many characters a text may have; two bytes are kept for each."""
    return int(column.length) // 2 if column.type == 10 else None


def _plain(value: Any, kind: str) -> Any:
    """A value as mdbtools has it: no words for an empty date, money in its unit, yes and no as 1 and 0."""
    if value in _EMPTY_DAYS or isinstance(value, bytes):
        return None
    if kind == "Currency" and isinstance(value, int):
        return f"{value / 10_000:.4f}"
    return int(value) if isinstance(value, bool) else value
