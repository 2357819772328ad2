import struct
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.samples import Truth
from data.samples.delivery import DAY
from geo.delivery.dbf import Misfit, whole
from geo.fields import dictionary

#: Typed from the standard (tables A.10, B.1, B.4, B.6) and from blank delivery files: type, width, decimals.
STANDARD = {
    "DK4417812026": "BSM N10 YSDM C6 DKBM C19 DKMC C50 SYQXZ C2 DKLB C2 TDLYLX C3 DLDJ C2 TDYT C1 SFJBNT C1 SCMJ N16.2 "
    "DKDZ C50 DKXZ C50 DKNZ C50 DKBZ C50 DKBZXX C254 ZJRXM C100 KJZB C254 SCMJM N16.2",
    "CBDKXX": "DKBM C19 FBFBM C14 CBFBM C18 CBJYQQDFS C3 HTMJ N16.2 CBHTBM C19 LZHTBM C18 CBJYQZBM C19 YHTMJ N16.2 "
    "HTMJM N16.2 YHTMJM N16.2 SFQQQG C1",
    "CBF_JTCY": "CBFBM C18 CYXM C50 CYXB C1 CYZJLX C1 CYZJHM C20 YHZGX C2 CYBZ C1 SFGYR C1 CYBZSM C254",
    "LZHT": "CBHTBM C19 LZHTBM C18 CBFBM C18 SRFBM C18 LZFS C3 LZQX C10 LZQXKSRQ D8 LZQXJSRQ D8 LZMJ N16.2 LZDKS N3 "
    "LZQTDYT C1 LZHTDYT C1 LZJGSM C100 HTQDRQ D8 LZMJM N16.2 LZLX C1 FBFTYRQ D8 BARQ D8 PZWH C100 HTMC C200 SRFLX C1 "
    "SJLZHTBM C18 CBFTYRQ D8 QDRBM C18 WTSBH C100 QLYWTK C1 ZSBCTK C1 WYZRTK C1 SFDG C1",
}


def header(content: bytes) -> tuple[int, list[tuple[str, str]], int]:
    """Rows, fields and language byte of a DBF file, by its own description."""
    rows, size = struct.unpack("<4xIH", content[:10])
    fields = []
    for at in range(32, size - 1, 32):
        name, kind, width, decimals = struct.unpack("<11sc4xBB14x", content[at : at + 32])
        label = f"{kind.decode()}{width}" + (f".{decimals}" if decimals else "")
        fields.append((name.rstrip(b"\0").decode(), label))
    return rows, fields, content[29]


@pytest.mark.parametrize("table", STANDARD)
def test_types_and_widths_are_the_standards(folder: Path, truth: Truth, table: str):
    with zipfile.ZipFile(folder / "township.zip") as archive:
        _, fields, _ = header(archive.read(f"{table}.dbf"))
    words = STANDARD[table].split()
    assert fields == list(zip(words[::2], words[1::2], strict=True))


def test_every_table_is_gbk_and_half_of_them_say_so(folder: Path, truth: Truth):
    with zipfile.ZipFile(folder / "township.zip") as archive:
        names = archive.namelist()
        tables = [name for name in names if name.endswith(".dbf")]
        for name in tables:
            content = archive.read(name)
            _, _, language = header(content)
            assert language == 0x4D
            text = content[struct.unpack("<8xH", content[:10])[0] :].decode("gbk")
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text) or name in (
                "LZDK.dbf",
                "CBDKXX.dbf",
                "CBHT.dbf",
                "LYDLS.dbf",
                "SFK.dbf",
            )
        said = {name for name in names if name.endswith(".cpg")}
        assert said == {"DK4417812026.cpg", "CJQY4417812026.cpg", "DLTB4417812026.cpg"}
        assert all(archive.read(name) == b"GBK" for name in said)


def test_rows_in_the_header_are_rows_in_the_file(folder: Path, truth: Truth):
    with zipfile.ZipFile(folder / "township.zip") as archive:
        for table, rows in truth.deliveries[0]["rows"].items():
            name = next(n for n in archive.namelist() if n in (f"{table}.dbf", f"{table}4417812026.dbf"))
            assert header(archive.read(name))[0] == rows


def test_a_written_row_byte_by_byte():
    fields = [field for field in dictionary() if field.table == "LZDK"]
    frame = pd.DataFrame([{"LZHTBM": "1" * 18, "DKBM": "2" * 19, "LZMJ": 12.346, "LZQXKSRQ": date(2026, 5, 8)}])
    row = b" " + b"1" * 18 + b"2" * 19 + b"           12.35" + b"20260508" + b"        "
    assert whole(frame, fields, DAY).endswith(b"\r" + row + b"\x1a")


def test_what_does_not_fit_is_refused_and_never_cut():
    fields = [field for field in dictionary() if field.table == "LZDK"]
    with pytest.raises(Misfit, match=r"LZDK\.LZHTBM is 18 wide"):
        whole(pd.DataFrame([{"LZHTBM": "1" * 19}]), fields, DAY)
    with pytest.raises(UnicodeEncodeError):
        whole(pd.DataFrame([{"LZHTBM": "㙟"}]), fields, DAY)
