"""The rule book told for people: the sentence, the law in force, the thresholds and the data each rule needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from geo import law
from geo.rules import EVERY, Rule
from geo.thresholds import ALL, Overrides
from web import labels

UNITS = {
    **{"m2": "common.m2", "m": "common.metre", "mu": "common.mu", "yuan": "common.yuan"},
    **{"days": "common.days", "years": "common.years", "deg": "rules.degrees"},
}


def told(
    rules: Iterable[Rule],
    lang: str,
    day: date,
    counties: Mapping[str, Overrides] | None = None,
    names: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Every rule as a page shows it, with what counties have set for themselves."""
    return [_told(rule, lang, day, counties or {}, names or {}) for rule in rules]


def _told(
    rule: Rule, lang: str, day: date, counties: Mapping[str, Overrides], names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "id": rule.id,
        "category": rule.category,
        "severity": rule.severity,
        "title": rule.title[0] if lang == "zh" else rule.title[1],
        "sentence": sentence(rule, lang),
        "articles": [_article(each, lang) for each in law.in_force(rule.basis, day)],
        "thresholds": [
            {
                "id": name,
                "name": labels.texts(lang).get(f"column.{name}", ""),
                "value": threshold(name, value, lang),
                "set": [
                    {"where": _where(code, names, lang), "value": threshold(name, theirs[rule.id][name], lang)}
                    for code, theirs in counties.items()
                    if name in theirs.get(rule.id, {})
                ],
            }
            for name, value in rule.thresholds.items()
        ],
        "needs": _needs(rule, lang),
        "leaves_out": rule.leaves_out and rule.leaves_out[0 if lang == "zh" else 1],
        "since": rule.since.isoformat(),
    }


def _where(code: str, names: Mapping[str, str], lang: str) -> str:
    """A county by its name, or all of them."""
    return labels.text(lang, "rules.all_counties") if code == ALL else names.get(code, code)


def _needs(rule: Rule, lang: str) -> list[str]:
    """The data without which a rule is not asked; of several subjects those that were given are judged."""
    further = [*([rule.against] if rule.against else []), *rule.needs]
    if rule.subjects == EVERY:
        return [labels.text(lang, "rules.every"), *(labels.text(lang, f"layer.{name}") for name in further)]
    return [labels.text(lang, f"layer.{name}") for name in dict.fromkeys([*rule.subjects, *further])]


def sentence(rule: Rule, lang: str) -> str:
    """A rule's sentence before it has met a case: what stands on each side is named, figures are left open."""
    several = len(rule.subjects) > 1
    one = labels.text(lang, "rules.some_row") if several else labels.text(lang, f"layer.{rule.subject}")
    sides = {"a": one, "b": labels.text(lang, f"layer.{rule.against or 'row'}")}
    if rule.subject == rule.against:
        sides = {side: f"{name} {labels.text(lang, f'map.tag_{side}')}" for side, name in sides.items()}
    template = rule.zh if lang == "zh" else rule.en
    return re.sub(r"\{(\w+)[^{}]*\}", lambda gap: sides.get(gap[1], "…"), template)


def threshold(name: str, value: float, lang: str) -> str:
    """A threshold with the unit that its name ends in."""
    if name.endswith("_share"):
        return f"{value * 100:g}%"
    unit = UNITS.get(name.rsplit("_", 1)[-1])
    return f"{value:g} {labels.text(lang, unit)}" if unit else f"{value:g}"


def _article(article: law.Article, lang: str) -> dict[str, str]:
    number = labels.text(lang, "common.article", n=article.number) if article.number.isdigit() else article.number
    zh = lang == "zh"
    return {
        "name": f"{article.law_zh if zh else article.law_en} {number}".strip(),
        "gist": article.gist_zh if zh else article.gist_en,
    }
