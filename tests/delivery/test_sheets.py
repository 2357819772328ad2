"""Lists for spreadsheets: shown as they are, never run."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest

from geo.delivery import sheets

NASTY = [
    '=HYPERLINK("http://evil.example","x")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "＝1+1",
    "'); DROP TABLE parcel;--", "<img onerror=alert(1)>", "{{7*7}}", "𠮷野家", "\ue863", "http://evil.example", "0012",
]  # fmt: skip


def test_a_spreadsheet_shows_texts_and_runs_none():
    target = io.BytesIO()
    sheets.write_xlsx(target, [sheets.Sheet("表", ["a", "b", "c"], [[text, 1, Decimal("1.005")] for text in NASTY])])
    page = openpyxl.load_workbook(target)["表"]
    rows = list(page.iter_rows(min_row=2))
    assert [row[0].value.replace("_x000D_", "\r") for row in rows] == NASTY
    assert {row[0].data_type for row in rows} == {"s"}
    assert all(row[0].hyperlink is None for row in rows)
    assert {(row[1].value, row[2].value, row[2].number_format) for row in rows} == {(1, 1.005, "0.00")}


def test_csv_begins_no_cell_as_a_formula():
    body = sheets.csv_bytes(["text"], [[text] for text in NASTY])
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[1:]
    assert [row[0].removeprefix("'") for row in rows[:7]] == NASTY[:7]
    assert not [row for row in rows if row[0].startswith(sheets.FORMULA)]
    assert [row[0] for row in rows[8:]] == NASTY[8:]


def test_what_a_cell_cannot_hold_is_refused():
    with pytest.raises(sheets.TooLong):
        sheets.write_xlsx(io.BytesIO(), [sheets.Sheet("x", ["a"], [["长" * 32_768]])])
