"""The report of a delivery on paper: all kinds told and counted, numbers of people masked, the same bytes each time."""

from datetime import date

import pytest

from tests.web.test_certificate import words
from web import delivery_paper, spread

DAY = date(2026, 11, 25)
NUMBER = "440101188505050017"


def row(n, place=(111.9, 21.9)):
    said = {"zh": f"第{n}行的证件号码 {NUMBER} 重复", "en": f"the number {NUMBER} of row {n} is used twice"}
    return {"row": n, "code": f"44170400100302{n:05d}", "place": place, "sentence": said}


def group(rule="QC-U03", count=3, severity="medium", rows=None):
    return {
        "kind": "finding", "rule": rule, "layer": "parcel", "reason": "ZJHM", "severity": severity, "count": count,
        "title": {"zh": "证件号码重复", "en": "Number used twice"},
        "articles": [{"zh": "NY/T 2539", "en": "NY/T 2539"}],
        "rows": rows if rows is not None else [row(n) for n in range(min(count, delivery_paper.FIRST))],
    }  # fmt: skip


def account(**given):
    layer = {
        "layer": "parcel", "source": "DK4417042026", "read": 100, "stored": 97, "rejected": 3, "encoding": "GB18030",
        "encoding_evidence": [{"zh": "语言字节", "en": "language byte"}], "crs": "EPSG:4525", "crs_evidence": [],
    }  # fmt: skip
    facts = [("sha256", "a" * 64), ("by", "surveyor"), ("counts", "读取 100 = 入库 97 + 不能入库 3")]
    squares = [{"place": [111.9 + n / 500, 21.9], "count": 10**n, "severity": s} for n, s in enumerate(spread.LOOKS)]
    told = {
        "filename": "成果.zip",
        "facts": facts,
        "layers": [layer],
        "groups": [group()],
        "squares": squares,
        "as_of": DAY,
    }
    return delivery_paper.Account(**told | given)


@pytest.fixture(scope="module")
def printed():
    return delivery_paper.pdf(account())


def test_it_tells_what_came_how_it_was_understood_and_what_is_wrong(printed):
    told = words(printed)
    for word in (
        "成果.zip",
        "a" * 64,
        "surveyor",
        "读取 100 = 入库 97 + 不能入库 3",
        "GB18030",
        "语言字节",
        "EPSG:4525",
    ):
        assert word in told
    for word in ("QC-U03", "证件号码重复", "ZJHM", "NY/T 2539", "441704-001-003-02-00002", "111.900000, 21.900000"):
        assert word in told
    assert "缺陷共 3 条，1 类" in told
    for word in ("测绘员", "检查人", "日期", "第 1 页"):
        assert word in told


def test_it_is_pdf_a_2b_and_the_same_bytes_each_time(printed):
    assert b"<pdfaid:part>2</pdfaid:part>" in printed
    assert delivery_paper.pdf(account()) == printed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_identity_number_is_on_paper(lang):
    told = words(delivery_paper.pdf(account(), lang))
    assert NUMBER not in told.replace(" ", "")
    assert "4****************7" in told
    assert "441704-001-003-02-00001" in told


def test_of_a_large_group_the_first_rows_and_how_many_are_left():
    told = words(delivery_paper.pdf(account(groups=[group(count=100_000)])))
    assert f"另有 {100_000 - delivery_paper.FIRST} 条未在此列出" in told
    assert "缺陷共 100000 条" in told


def test_without_defects_or_places_it_says_so():
    told = words(delivery_paper.pdf(account(groups=[], squares=[])))
    assert "没有发现缺陷" in told
    assert "分布示意图" not in told


def test_grave_defects_are_filled_and_low_ones_are_rings():
    drawn = spread.spread(account().squares, [[111.9, 21.9]])
    assert (
        drawn.count('fill-opacity="0.75"') == drawn.count('fill-opacity="0.0"') == 2
    )  # one on the map, one in the legend
    assert spread.spread([], []) is None
