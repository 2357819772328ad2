"""Nothing is promised that is not there, and nothing is there that no reader is told of."""

import re
from pathlib import Path

import pytest

from api.command import VERBS
from geo.rules import book
from tests.rules.document import DOCUMENT, document
from tests.rules.picture import PICTURES, picture

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")])
READMES = [CHECKOUT / "README.md", CHECKOUT / "README.zh-CN.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_links_and_pictures_lead_somewhere(document):
    targets = re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
    gone = [target for target in targets if "://" not in target and not (document.parent / target).exists()]
    assert gone == []


@pytest.mark.parametrize("readme", READMES, ids=lambda file: file.name)
def test_readme_names_only_verbs_that_exist(readme):
    named = set(re.findall(r"\./dingxin ([a-z]+)", readme.read_text(encoding="utf-8")))
    verbs = {verb for verbs in VERBS.values() for verb in verbs}
    assert named <= verbs
    assert {"up", "down", "status", "test", "check", "pairs", "bench"} <= named


def test_every_rule_has_its_drawn_cases():
    rules = {file.relative_to(CHECKOUT / "geo" / "rules").with_suffix("") for file in _files("geo/rules", "py")}
    cases = {file.relative_to(CHECKOUT / "tests" / "rules").with_suffix("") for file in _files("tests/rules", "yaml")}
    assert rules == cases
    assert len(rules) == len(book())


def test_every_decision_is_numbered_once():
    numbers = [int(file.name[:4]) for file in sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def _files(folder: str, suffix: str) -> list[Path]:
    return [file for file in (CHECKOUT / folder).glob(f"*/*.{suffix}") if not file.name.startswith("_")]


@pytest.mark.parametrize("rule", book().values(), ids=book())
def test_every_rule_has_the_picture_of_a_case_that_fires(rule):
    kept = (PICTURES / f"{rule.id}.svg").read_text(encoding="utf-8")
    assert kept == picture(rule), "python -m tests.rules.document draws it anew"


def test_the_rules_are_told_as_the_book_has_them():
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "python -m tests.rules.document writes it anew"
