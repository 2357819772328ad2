"""The table of codes: each has both languages, each is used, and each that is used is there."""

import re
from pathlib import Path

import geo
from geo.intake.errors import sentence, table

SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for room in ("intake/*.py", "imagery/*.py", "crs.py")
    for path in Path(geo.__file__).parent.glob(room)
)


def test_every_code_says_the_same_facts_in_both_languages():
    for code, row in table().items():
        assert row["level"] in ("file", "row", "note"), code
        facts = [set(re.findall(r"{(\w+)}", row[language])) for language in ("zh", "en")]
        in_zh, in_en = (
            {name.removesuffix(f"_{own}") for name in given} for own, given in zip(("zh", "en"), facts, strict=True)
        )
        assert in_zh == in_en, code
        assert re.search(r"[\u4e00-\u9fff]", row["zh"]), code
        assert not re.search(r"[\u4e00-\u9fff]", row["en"]), code
        said = sentence(code, **dict.fromkeys(facts[0] | facts[1], "7"))
        assert "{" not in said["zh"] + said["en"]


def test_every_code_is_used_and_every_used_code_is_known():
    used = set(re.findall(r'(?:refusal|note|CrsRefused|_contradiction)\(\s*"(\w+)"', SOURCES))
    used |= set(re.findall(r'defects\.add\(\w+, "(\w+)"', SOURCES))
    used |= set(re.findall(r'self\.add\(\w+, "(\w+)"', SOURCES))
    used |= {"date_unreadable", "number_unreadable", "text_nul", "not_polygon", "not_line", "not_point"}
    assert used == set(table())
