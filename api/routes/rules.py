"""The rule book as anyone may read it: sentence, law, thresholds."""

from __future__ import annotations

from fastapi import APIRouter

from api.access import Everyone
from api.routes.answers import Rules, answering
from geo.rules import book

router = APIRouter(tags=["rules"], dependencies=[Everyone])


@router.get("/rules", **answering(Rules))
def rules() -> dict:
    """List every rule in force with its two titles, category, severity, law and thresholds."""
    return {"items": [_shown(rule) for rule in book().values()]}


def _shown(rule) -> dict:
    title_zh, title_en = rule.title
    return {
        "id": rule.id,
        "title": {"zh": title_zh, "en": title_en},
        "category": rule.category,
        "severity": rule.severity,
        "subject": rule.subject,
        "subjects": list(rule.subjects),
        "against": rule.against,
        "basis": list(rule.basis),
        "since": rule.since,
        "until": rule.until,
        "thresholds": dict(rule.thresholds),
        "doc": rule.doc,
    }
