"""The rule book as anyone may read it: sentence, law, thresholds."""

from __future__ import annotations

from fastapi import APIRouter

from api.access import Everyone, Staff
from api.office import Here
from api.routes.answers import Rules, RulesAsked, Thresholds, answering
from api.work import asked as work
from api.work import thresholds as use_case
from geo.rules import book

router = APIRouter(tags=["rules"])


@router.get("/rules", dependencies=[Everyone], **answering(Rules))
def rules() -> dict:
    """List every rule in force with its two titles, category, severity, law and thresholds."""
    return {"items": [_shown(rule) for rule in book().values()]}


@router.get("/rules/asked", **answering(RulesAsked))
def asked(person: Staff, office: Here) -> dict:
    """Tell of every rule whether it ran when it was last asked over one's area, and what hindered it if not."""
    return work.rules(office, person)


@router.get("/thresholds", dependencies=[Everyone], **answering(Thresholds))
def thresholds(office: Here) -> dict:
    """List what the counties have set for themselves, the version in force first."""
    return use_case.shown(office)


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
