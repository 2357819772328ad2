"""The rule book as anyone may read it: sentence, law, thresholds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.access import Everyone, Official, Staff
from api.office import Here
from api.routes.answers import Rules, RulesAsked, Thresholds, ThresholdsHandedIn, ThresholdsMine, answering
from api.work import asked as work
from api.work import thresholds as use_case
from geo.rules import book

router = APIRouter(tags=["rules"])

FILE = {"requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}}


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


@router.get("/thresholds/mine", **answering(ThresholdsMine))
def mine(person: Staff, office: Here) -> dict:
    """List what is in force in one's own counties, and who set the latest versions."""
    return use_case.mine(office, person)


@router.get("/thresholds/mine.yaml", response_class=Response)
def file_of(person: Staff, office: Here) -> Response:
    """Give what is in force in one's own counties as the file that sets it."""
    headers = {"Content-Disposition": 'attachment; filename="thresholds.yaml"'}
    return Response(use_case.file_of(office, person), media_type="application/yaml", headers=headers)


@router.post("/thresholds", openapi_extra=FILE, **answering(ThresholdsHandedIn))
async def hand_in(
    request: Request,
    person: Official,
    office: Here,
    in_earnest: Annotated[bool, Query(alias="set", description="put it in force, not only look it through")] = False,
) -> dict:
    """Look a file of thresholds through, with all its defects at once, and put it in force where that is asked."""
    return await run_in_threadpool(use_case.hand_in, office, person, await request.body(), in_earnest)


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
