"""Every bad input has the outcome that it must have, and leaves nothing behind."""

import datetime
import tempfile
from pathlib import Path

import pytest

from geo.detect import detect
from geo.intake import read_confined
from geo.intake.errors import table
from geo.intake.reader import read
from tests.badinput.corpus import LATER, NUMBERS, cases, outcome
from tests.badinput.document import DOCUMENT, document, led_to
from tests.badinput.rows import ELSEWHERE

ROOT = Path(__file__).parents[2]
CASES = cases()
#: One of each kind that is read in the child as well, which takes a while to start.
IN_THE_CHILD = (4, 27, 31, 36, 40, 42, 49, 87, 91, 92, 95)


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    yield
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case.name for case in CASES])
def test_what_it_leads_to(at):
    case, found = CASES[at], led_to(at)
    assert (found.code, found.rows, found.stored) == (case.code, case.rows, case.stored)
    if case.code is not None:
        assert found.level == table()[case.code]["level"]
        assert found.zh
        assert found.en
        assert "{" not in found.zh + found.en.replace("{{7*7}}", "")
    if found.level == "row" and case.code not in ("null_geometry", "unreadable_geometry", "non_finite"):
        assert all(found.places)
    if case.findings or case.number == 64:
        detection = detect({"parcel": found.frame}, day=datetime.date(2026, 1, 1))
        rules = set(detection.findings["rule"])
        assert set(case.findings) <= rules
        assert case.findings or not {rule for rule in rules if rule.startswith("OV-")}


@pytest.mark.parametrize("number", IN_THE_CHILD)
def test_the_child_says_the_same(number, tmp_path):
    at = next(at for at, case in enumerate(CASES) if case.number == number)
    there = outcome(CASES[at], read_confined, CASES[at].build(tmp_path))
    here = led_to(at)
    assert (there.code, there.zh, there.en, there.rows, there.places, there.stored) == (
        here.code, here.zh, here.en, here.rows, here.places, here.stored
    )  # fmt: skip


def test_texts_come_through_as_they_were_written(tmp_path):
    """SQL, HTML, formulas and rare characters are letters like any other."""
    for number, written in ((82, "DROP TABLE"), (83, "onerror"), (84, "＝HYPERLINK"), (86, "𠮷\U0002b81a😀\ue000")):
        (case,) = (case for case in CASES if case.number == number)
        (layer,) = read(case.build(tmp_path)).layers
        assert written in layer.frame["name"][0]


def test_every_number_is_held():
    held = {case.number for case in CASES} | {one.number for one in ELSEWHERE} | set(LATER)
    assert held == set(NUMBERS)
    for one in ELSEWHERE:
        path, _, name = one.test.partition("::")
        assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8")


def test_the_document_is_what_the_corpus_says():
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: python -m tests.badinput.document"
