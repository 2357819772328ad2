"""The articles that rules cite: a rule names the family, the day of judging decides the edition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from geo.vocabulary import rows


class UnknownArticle(KeyError):
    """An article that the vocabulary does not hold, or that no edition had in force on that day."""


@dataclass(frozen=True)
class Article:
    """One article of one edition, with its gist in our own words; in force from `since` to before `until`."""

    key: str
    family: str
    law_zh: str
    law_en: str
    number: str
    gist_zh: str
    gist_en: str
    since: date | None
    until: date | None
    confidence: str

    def in_force(self, day: date) -> bool:
        """Whether this edition is the law on a day; what bears no date always is."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def article(family: str, day: date) -> Article:
    """The edition of an article that is in force on a day (`RLCL-22` in 2026 is `RLCL-2018-22`)."""
    for known in _families().get(family, ()):
        if known.in_force(day):
            return known
    raise UnknownArticle(f"{family} on {day}")


def of_act(family: str, acted_on: date | None, today: date) -> Article:
    """The edition by which an act is judged: that of its day; today's where the day is unknown or had no such law."""
    known = in_force([family], acted_on) if acted_on else []
    return known[0] if known else article(family, today)


def by_key(key: str) -> Article:
    """The article that a finding recorded (`RLCL-2018-22`), whatever is in force now."""
    try:
        return _keys()[key]
    except KeyError:
        raise UnknownArticle(key) from None


def in_force(families: Iterable[str], day: date) -> list[Article]:
    """Of several families, the articles in force on a day; a law that came later is left out."""
    return [known for family in families for known in _families().get(family, ()) if known.in_force(day)]


def families() -> tuple[str, ...]:
    """Every family that a rule may cite."""
    return tuple(_families())


@cache
def _families() -> dict[str, tuple[Article, ...]]:
    """The editions of every family, the newest first as the list has them."""
    editions = {row["edition"]: row for row in rows("laws.csv")}
    found: dict[str, tuple[Article, ...]] = {}
    for row in rows("law.csv"):
        law = editions[row["edition"]]
        known = Article(
            key="-".join(part for part in (row["edition"], row["number"]) if part),
            family=row["family"],
            law_zh=law["law_zh"],
            law_en=law["law_en"],
            number=row["number"],
            gist_zh=row["gist_zh"],
            gist_en=row["gist_en"],
            since=_day(law["since"]),
            until=_day(law["until"]),
            confidence=row["confidence"],
        )
        found[known.family] = (*found.get(known.family, ()), known)
    return found


@cache
def _keys() -> dict[str, Article]:
    """Every article by its key; where two families share a predecessor, the first to name it."""
    keys: dict[str, Article] = {}
    for editions in _families().values():
        for known in editions:
            keys.setdefault(known.key, known)
    return keys


def _day(text: str) -> date | None:
    """A date of the list, None where it is open."""
    return date.fromisoformat(text) if text else None
