"""Every text stands in both languages, is used, and every text used exists."""

import re
from pathlib import Path

import pytest

import web
from geo.finding import CATEGORIES, ROLES_OF, SEVERITIES, STATES
from geo.model import SHAPED, TABLES
from geo.rules import book
from web import labels

ROOM = Path(web.__file__).parent
SOURCES = [
    path
    for pattern in ("*.py", "templates/*", "static/js/*.js")
    for path in ROOM.glob(pattern)
]  # fmt: skip
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
GAP = re.compile(r"\{(\w+)\}")


def test_both_languages_hold_the_same_keys():
    assert set(labels.texts("zh")) == set(labels.texts("en"))


@pytest.mark.parametrize("key", sorted(labels.texts("zh")))
def test_both_languages_fill_in_the_same_values(key):
    assert set(GAP.findall(labels.texts("zh")[key])) == set(GAP.findall(labels.texts("en")[key]))


def test_chinese_is_chinese_and_english_is_english():
    han = re.compile(r"[\u4e00-\u9fff]")
    assert [k for k, v in labels.texts("en").items() if han.search(v) and k != "common.other_language"] == []
    assert [k for k, v in labels.texts("zh").items() if not han.search(v) and len(v) > 3 and k not in MARKS_ONLY] == []


MARKS_ONLY = {"common.other_language"}
#: Papers name their own texts by the last word alone.
PRINTED = ("certificate", "paper", "dossier")


@pytest.mark.parametrize("key", sorted(labels.texts("zh")))
def test_every_text_is_used(key):
    """Used by its whole name, or by a name whose beginning is written and whose rest is filled in."""
    quote, fills = "[\"'`]", r"(?:[\"'] ~|\$?\{)"
    page, _, word = key.partition(".")
    spoken_in_print = page in PRINTED and (f't("{word}"' in TEXT or f'("{word}", ' in TEXT)
    beginnings = [key[:n] for n in range(len(key)) if key[n - 1] in "._"]
    built = any(re.search(rf"{quote}{re.escape(begin)}{fills}", TEXT) for begin in beginnings)
    known = f'known("{key.rsplit(".", 1)[0]}",' in TEXT
    assert f'"{key}"' in TEXT or f"'{key}'" in TEXT or built or known or spoken_in_print


def test_every_text_asked_for_by_name_exists():
    asked = set(re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""", TEXT))
    asked |= set(re.findall(r"""labels\.text\(lang, ["']([\w.]+)["']""", TEXT))
    known = set(labels.texts("zh"))
    inner = {key for key in asked if any(f"{page}.{key}" in known for page in PRINTED)}
    assert len(asked) > 100
    assert asked - known - inner == set()


def test_the_words_of_the_ground_all_have_labels():
    known = labels.texts("zh")
    wanted = {f"category.{c}" for c in CATEGORIES} | {f"state.{s}" for s in STATES} | {f"action.{a}" for a in ROLES_OF}
    wanted |= {f"severity.{s}" for s in SEVERITIES} | {f"layer.{name}" for name in (*SHAPED, *TABLES)}
    assert wanted - set(known) == set()


def test_every_threshold_of_the_rule_book_has_a_name():
    names = {f"column.{name}" for rule in book().values() for name in rule.thresholds}
    assert names - set(labels.texts("zh")) == set()


def test_a_wish_for_an_unknown_language_is_answered_in_chinese():
    assert labels.language("fr", None) == "zh"
    assert labels.language(None, "en") == "en"


def test_a_text_nobody_wrote_is_a_mistake():
    with pytest.raises(KeyError):
        labels.text("zh", "home.nothing")
