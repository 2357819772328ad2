"""The farmer's PDF: complete, readable, without one empty box, and the same bytes each time."""

import re
import subprocess
from datetime import date

import pytest

from tests.web.cards import card, parcel
from web import certificate, press

DAY = date(2026, 11, 22)
LINK = "http://127.0.0.1:8000/certificate#t=4fzX0pQ1nQe3"
RARE = "\U000312ff"


@pytest.fixture(scope="module")
def printed():
    return certificate.pdf(card(), LINK, DAY)


def words(pdf):
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", told.stdout.decode())


def test_the_page_tells_what_the_card_holds(printed):
    told = words(printed)
    for word in ("441704-001-003-02-0012J", "梁*发", "陈*", "平地村三组", "2018-01-01", "2047-12-31", "2026-11-22"):
        assert word in told
    for word in ("1.58 亩", "1050.00 平方米", "1.50 亩", "1056.34 平方米", "水沟", "机耕路", "441704-001-003-02-00002"):
        assert word in told
    assert "3.15 亩 · 2 块" in told
    assert "没有事项影响这本证" in told


def test_it_says_that_it_is_pdf_a_2b(printed):
    assert printed.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in printed


def test_the_same_card_gives_the_same_bytes(printed):
    assert certificate.pdf(card(), LINK, DAY) == printed


def test_what_holds_it_back_is_said_in_plain_words():
    reasons = [{"zh": "00123 号地块与相邻地块重叠，正在核查。", "en": "Parcel 00123 overlaps its neighbour."}]
    held = card(withheld={"is": True, "reasons": reasons})
    assert "00123 号地块与相邻地块重叠" in words(certificate.pdf(held, LINK, DAY))
    assert "Parcel 00123 overlaps its neighbour." in words(certificate.pdf(held, LINK, DAY, "en"))


def test_a_rare_character_of_a_name_is_printed():
    """𠮷 lies beyond the basic plane; PDF/A refuses a page on which it would be an empty box."""
    assert "梁*𠮷" in words(certificate.pdf(card(holder="梁*𠮷"), LINK, DAY))


def test_a_character_that_no_font_has_is_marked_and_named():
    told = words(certificate.pdf(card(holder=f"梁*{RARE}", issuer=f"平地{RARE}组"), LINK, DAY))
    assert "梁*〓" in told
    assert "U+312FF" in told


def test_a_name_is_text_and_never_markup():
    nasty = '#let x = 1; *b* $y$ "q" \\ <a> #read("/etc/passwd")'
    assert '#read("/etc/passwd")' in words(certificate.pdf(card(issuer=nasty), LINK, DAY))


def test_many_parcels_go_over_several_pages_and_none_is_lost():
    told = words(certificate.pdf(card(parcels=[parcel(n) for n in range(1, 12)]), LINK, DAY))
    assert all(f"441704-001-003-02-{n:05d}" in told for n in range(1, 12))
    pages, whole = zip(*re.findall(r"第 (\d+) 页，共 (\d+) 页", told), strict=True)
    assert [int(n) for n in pages] == list(range(1, int(whole[0]) + 1))
    assert len(pages) > 2


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ({"from": "2018-01-01", "to": "2047-12-31"}, "从 2018-01-01 到 2047-12-31"),
        ({"from": "2018-01-01", "to": "9999-12-31"}, "从 2018-01-01 起，长久"),
        ({}, "证上没有写明期限"),
    ],
)
def test_the_term_in_words(span, told):
    assert certificate.term(span, "zh") == told


def test_no_font_is_a_clear_error(tmp_path):
    with pytest.raises(press.FontMissing, match="fonts-noto-cjk"):
        press.font_folder((str(tmp_path),))
