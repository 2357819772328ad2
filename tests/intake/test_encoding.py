"""Text: decided on bytes, whatever the file says of itself."""

import pytest

from geo.intake import IntakeError, read
from geo.intake.encoding import known
from tests.intake.build import DK, dbf, delivery, layer, parcels


def reading(tmp_path, content: bytes, cpg: bytes | None = None, **asked):
    parts = layer(2) | {".dbf": content} | ({".cpg": cpg} if cpg is not None else {})
    (found,) = read(delivery(tmp_path / "a.zip", DK=parts), **asked).layers
    return found


def table(encoding: str, names=("水库边", "田埂"), language: int = 0) -> bytes:
    return dbf(DK, parcels(2, DKMC=[name.encode(encoding) for name in names]), encoding, language)


@pytest.mark.parametrize("language", [0x00, 0x57, 0x4D, 0x7A, 0x03])
@pytest.mark.parametrize("cpg", [None, b"GBK", b"936", b"GB18030", b"UTF-8", b"ISO-8859-1", b"nonsense", b"\xff\xfe"])
def test_gbk_is_read_whatever_is_claimed(tmp_path, language, cpg):
    found = reading(tmp_path, table("gbk", language=language), cpg)
    assert found.frame["name"].tolist() == ["水库边", "田埂"]
    assert found.encoding == "GB18030"
    assert len(found.encoding_evidence) >= 2


@pytest.mark.parametrize("cpg", [None, b"UTF-8", b"65001", b"GBK", b"ISO-8859-1"])
def test_utf8_is_read_whatever_is_claimed(tmp_path, cpg):
    found = reading(tmp_path, table("utf-8"), cpg)
    assert found.frame["name"].tolist() == ["水库边", "田埂"]
    assert found.encoding == "UTF-8"


def test_a_lie_is_told(tmp_path):
    found = reading(tmp_path, table("gbk"), b"UTF-8")
    assert "its bytes do not" in found.encoding_evidence[-1]["en"]


def test_rare_characters_outside_gbk(tmp_path):
    found = reading(tmp_path, table("gb18030", ("𠮷田", "㙍")), b"GB18030")
    assert found.frame["name"].tolist() == ["𠮷田", "㙍"]


def test_western_text_that_says_so(tmp_path):
    found = reading(tmp_path, table("latin-1", ("Fläche", "Größe")), b"ISO-8859-1", office=False)
    assert found.frame["name"].tolist() == ["Fläche", "Größe"]


def test_one_short_word_in_gbk_is_no_cyrillic(tmp_path):
    word = "一"  # 0xD2 0xBB, which decodes as UTF-8 too
    assert word.encode("gbk").decode("utf-8") == "һ"
    found = reading(tmp_path, table("gbk", (word, word)))
    assert found.frame["name"].tolist() == [word, word]


def test_text_in_no_encoding_refuses_the_file_and_names_the_cell(tmp_path):
    content = dbf(DK, parcels(2, DKMC=["水库", b"a\xffb\xff\xff"]))
    with pytest.raises(IntakeError) as refused:
        reading(tmp_path, content)
    assert refused.value.code == "encoding"
    assert "DKMC" in refused.value.en
    assert "row 1" in refused.value.en


def test_a_text_cut_in_mid_character_keeps_its_row(tmp_path):
    cut = ("长" * 26).encode("gbk")[:49]
    found = reading(tmp_path, dbf(DK | {"DKMC": ("C", 49)}, parcels(2, DKMC=[cut, "田"])))
    assert found.frame["name"].tolist() == ["长" * 24, "田"]
    (said,) = [said for said in found.notes if said["code"] == "text_cut"]
    assert "rows 0" in said["en"]


def test_an_encoding_that_a_person_chose_must_fit(tmp_path):
    assert reading(tmp_path, table("gbk"), encoding="GBK").frame["name"][0] == "水库边"
    with pytest.raises(IntakeError) as refused:
        reading(tmp_path, table("gbk"), encoding="UTF-8")
    assert refused.value.code == "encoding"
    with pytest.raises(IntakeError) as refused:
        reading(tmp_path, table("gbk"), encoding="klingon")
    assert refused.value.code == "encoding_unknown"


def test_names_of_encodings():
    assert {known(name) for name in ("GBK", "cp936", "936", "GB2312", "GB18030", "CP 936")} == {"gb18030"}
    assert {known(name) for name in ("UTF-8", "utf8", "65001")} == {"utf-8"}
    assert known("klingon") is None


def test_dangerous_text_is_kept_as_it_is(tmp_path):
    names = ("'); DROP TABLE parcel;--", "<img src=x onerror=alert(1)>")
    assert reading(tmp_path, table("gbk", names)).frame["name"].tolist() == list(names)


def test_column_names_in_chinese(tmp_path):
    fields = {"地块代码": ("C", 19)} | {name: kind for name, kind in DK.items() if name != "DKBM"}
    rows = [row | {"地块代码": row["DKBM"]} for row in parcels(2)]
    found = reading(tmp_path, dbf(fields, rows), columns={"DKBM": "地块代码"})
    assert found.columns["code"] == "地块代码"
    assert len(found.frame) == 2
