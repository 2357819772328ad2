"""What a dossier says in words: the whole in short, how sure a dispute is, and why a proposal is not offered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geo.tolerance import Curve
from web import format as figures
from web import labels
from web.drawing import length


def both(key: str, **values: object) -> dict[str, str]:
    """A text of the dossier in both languages."""
    return {lang: labels.text(lang, f"dossier.{key}", **values) for lang in labels.LANGUAGES}


def in_short(
    finding: Mapping[str, Any],
    sides: Mapping[str, Mapping[str, Any] | None],
    sure: Mapping[str, str] | None,
    charge: Mapping[str, Any] | None,
    today: date,
) -> list[dict[str, Any]]:
    """What somebody who was not there must know first: between whom, how sure, who has it in hand, what comes next."""
    told = {
        "who": _joined("dossier.semicolon", [_party(side, told, sides) for side, told in sides.items() if told]),
        "sure": sure or both("sure_record"),
        "charge": _charge(charge, today),
        "next": _next(finding),
    }
    return [{"name": both(f"short_{name}"), "words": words} for name, words in told.items() if words]


def _party(side: str, told: Mapping[str, Any], sides: Mapping[str, Mapping[str, Any] | None]) -> dict[str, str]:
    """One side by its layer and code, and whoever holds it as far as that is on record; a letter only where two are."""
    words = {}
    for lang in labels.LANGUAGES:
        texts = labels.texts(lang)
        named = texts.get(f"layer.{told['layer']}", told["layer"])
        letter = f"{texts[f'map.side_{side}']}{texts['dossier.colon']}" if all(sides.values()) else ""
        words[lang] = f"{letter}{named} {figures.code(told['code'])}"
        if told["layer"] == "parcel" and not told["outside"]:
            holder = told["holder"]
            held = labels.text(lang, "dossier.held_by", who=holder["name"] or holder["code"]) if holder else ""
            words[lang] += held or texts["dossier.held_by_nobody"]
    return words


def _charge(charge: Mapping[str, Any] | None, today: date) -> dict[str, str]:
    """Who has the finding in hand, and until when."""
    if not charge:
        return both("charge_none")
    parts, due = [], charge["due_on"]
    if charge["assignee"]:
        parts.append(both("charge_who", who=charge["assignee"]))
    if due:
        parts.append(both("charge_due", day=figures.day(due)))
        late = (today - due).days
        parts.append(both("charge_overdue", n=late) if late > 0 else both("charge_left", n=-late))
    return _joined("dossier.comma", parts)


def _next(finding: Mapping[str, Any]) -> dict[str, str]:
    """The step that comes next, by the state of the finding and what kind of suspicion it is."""
    if finding["presence"] == "gone":
        return both("next_gone")
    check = both(f"check_{finding['category']}")
    return {lang: labels.text(lang, f"dossier.next_{finding['state']}", check=check[lang]) for lang in labels.LANGUAGES}


def _joined(between: str, parts: list[dict[str, str]]) -> dict[str, str]:
    return {lang: labels.text(lang, between).join(part[lang] for part in parts) for lang in labels.LANGUAGES}


def verdict(curve: Curve) -> dict[str, str]:
    """What the tolerances make of a cut, with the reason."""
    held = curve.fires_up_to_m
    if held is None:
        least = curve.steps[0]
        return both("sure_never", tolerance=length(least.tolerance_m), least=figures.m2(curve.least_m2))
    step = next(step for step in curve.steps if step.tolerance_m == held)
    values = {"tolerance": length(held), "left": figures.m2(step.firm_m2), "least": figures.m2(curve.least_m2)}
    values["width"] = f"{curve.width_m:.2f}"
    return both(f"sure_{curve.taken_for}", **values)


def hindrance(kind: str, why: str) -> dict[str, str]:
    """Why one way to settle a dispute is not offered."""
    named, said = both(f"proposal_{kind}"), both(f"hindered_{why}")
    return {lang: named[lang] + labels.text(lang, "dossier.colon") + said[lang] for lang in labels.LANGUAGES}
