"""Articles by edition and day; numbers and dates from the laws themselves."""

from datetime import date

import pytest

from geo import law
from geo.rules import book


@pytest.mark.parametrize(
    ("family", "day", "key"),
    [
        ("RLCL-22", date(2019, 1, 1), "RLCL-2018-22"),
        ("RLCL-22", date(2018, 12, 31), "RLCL-2002-21"),
        ("RLCL-38", date(2010, 6, 1), "RLCL-2002-33"),
        ("RLCL-34", date(2003, 3, 1), "RLCL-2002-41"),
        ("LAL-77", date(2026, 1, 1), "LAL-2019-77"),
        ("LAL-77", date(2019, 12, 31), "LAL-1998-76"),
        ("LALR-51", date(2026, 1, 1), "LALR-2021-51"),
        ("BAN-2020-127-4", date(2026, 1, 1), "BAN-2020-127-4"),
        ("STD-2539", date(2026, 1, 1), "STD-2539-2016"),
        ("REC", date(2026, 1, 1), "REC"),
    ],
)
def test_the_day_decides_the_edition(family, day, key):
    assert law.article(family, day).key == key


def test_an_article_says_its_law_its_number_and_its_gist():
    found = law.article("RLCL-38", date(2026, 1, 1))
    assert found.law_zh.startswith("中华人民共和国农村土地承包法")
    assert (found.number, found.since, found.until) == ("38", date(2019, 1, 1), None)
    assert "剩余期限" in found.gist_zh
    assert found.gist_en


def test_what_is_unknown_or_not_yet_law_is_an_error():
    with pytest.raises(law.UnknownArticle):
        law.article("RLCL-999", date(2026, 1, 1))
    with pytest.raises(law.UnknownArticle):
        law.article("COLL-26", date(2025, 4, 30))
    with pytest.raises(law.UnknownArticle):
        law.article("RLCL-22", date(2003, 2, 28))
    assert law.article("COLL-26", date(2025, 5, 1)).number == "26"


def test_a_recorded_key_is_found_whatever_is_in_force_now():
    assert law.by_key("RLCL-2002-21").number == "21"
    with pytest.raises(law.UnknownArticle):
        law.by_key("RLCL-2018-999")


def test_later_laws_are_left_out_of_a_list():
    assert [a.key for a in law.in_force(("COLL-26", "RLCL-22"), date(2020, 1, 1))] == ["RLCL-2018-22"]


def test_editions_of_a_family_do_not_overlap():
    for family in law.families():
        days = [day for day in (date(2002, 1, 1), date(2010, 1, 1), date(2019, 6, 1), date(2026, 1, 1))]
        assert all(len(law.in_force((family,), day)) <= 1 for day in days)


@pytest.mark.parametrize("rule", book().values(), ids=book())
def test_every_rule_rests_on_articles_in_force_since_it_began(rule):
    for day in (rule.since, date(2026, 1, 1)):
        assert [law.article(family, day) for family in rule.basis]
