"""Lists as CSV and XLSX that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter

#: A spreadsheet takes a cell that begins like this for a formula; full-width forms are normalised by some of them.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
#: The longest text that a cell of XLSX holds, and the most rows of a sheet.
MOST_CHARACTERS, MOST_ROWS = 32_767, 1_048_576


class TooLong(Exception):
    """A text or a list that XLSX has no room for."""


def inert(value: Any) -> Any:
    """Make a text harmless in a spreadsheet; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as CSV; the mark at its beginning tells spreadsheets that it is UTF-8."""
    written = io.StringIO()
    write_csv(written, columns, rows)
    return written.getvalue().encode("utf-8-sig")


def write_csv(file: IO[str], columns: Sequence[str] | None, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows under their columns, or (without columns) below what is there."""
    table = csv.writer(file)
    if columns is not None:
        table.writerow(columns)
    table.writerows([inert(value) for value in row] for row in rows)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, a title above the columns if it has one, and its rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    title: str | None = None


def write_xlsx(target: Path | IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write sheets as XLSX: texts as texts whatever they begin with, areas with two decimals; TooLong if no room."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {**options, "constant_memory": True})
    head, area = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.00"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        at = 0
        for line in ([sheet.title] if sheet.title else [], sheet.columns):
            for column, text in enumerate(line):
                page.write_string(at, column, text, head)
            at += bool(line)
        page.freeze_panes(at, 0)
        page.set_column(0, max(len(sheet.columns) - 1, 0), 16)
        for row in sheet.rows:
            if at >= MOST_ROWS:
                raise TooLong(sheet.name)
            for column, value in enumerate(row):
                _cell(page, at, column, value, area)
            at += 1
    book.close()


def _cell(page: Any, row: int, column: int, value: Any, area: Any) -> None:
    if value is None or value != value:
        return
    if isinstance(value, bool | str | date | datetime):
        text = value if isinstance(value, str) else str(value)
        if len(text) > MOST_CHARACTERS:
            raise TooLong(text[:20])
        page.write_string(row, column, text)
    elif isinstance(value, Decimal):
        page.write_number(row, column, float(value), area)
    else:
        page.write_number(row, column, value)
