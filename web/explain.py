"""What a dossier says in words: how sure a dispute is, and why a proposal is not offered."""

from __future__ import annotations

from geo.tolerance import Curve
from web import format as figures
from web import labels
from web.drawing import length


def both(key: str, **values: object) -> dict[str, str]:
    """A text of the dossier in both languages."""
    return {lang: labels.text(lang, f"dossier.{key}", **values) for lang in labels.LANGUAGES}


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
