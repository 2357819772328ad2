"""Findings: the list and its filters, one in full, a decision about it, and the list to take away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api.access import Official, Staff
from api.office import Here
from api.routes.answers import Decided, Dossier, Explained, Findings, answering
from api.routes.params import Bbox, Cursor, Day, Key, Limit, Prefix, Short, Text, box
from api.work import dossier, publish, review
from geo.finding import CATEGORIES, PRESENCES, ROLES_OF, STATES
from web.labels import DEFAULT, LANGUAGES

router = APIRouter(tags=["findings"])

Action = Literal[tuple(name for name, roles in ROLES_OF.items() if roles != ("system",))]


class Decision(BaseModel):
    """One step of a person: what, why, and having seen which last event."""

    action: Action
    reason: Annotated[Text, Field(min_length=1)]
    seq: Annotated[int, Field(ge=0, lt=1 << 31)]
    due_on: Day | None = None
    assignee: Short | None = None


def filters(
    rule: Annotated[str | None, Query(max_length=12)] = None,
    category: Literal[CATEGORIES] | None = None,
    state: Literal[STATES] | None = None,
    presence: Literal[(*PRESENCES, "any")] = "present",
    village: Prefix = None,
    upload: Annotated[int | None, Query(ge=1, lt=1 << 62)] = None,
    q: Annotated[str | None, Query(max_length=60)] = None,
    bbox: Bbox = None,
    group: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="any finding of a group")] = None,
) -> dict:
    """Read the filters of the list; what was not asked for is left out."""
    given = {
        "rule": rule,
        "category": category,
        "state": state,
        "village": village,
        "upload": upload,
        "q": q,
        "bbox": box(bbox),
        "group": group,
    }
    known = {name: value for name, value in given.items() if value is not None}
    return known | {"presence": None if presence == "any" else presence}


Filters = Annotated[dict, Depends(filters)]


@router.get("/findings", **answering(Findings))
def listing(asked: Filters, person: Staff, office: Here, limit: Limit = 100, cursor: Cursor = None) -> dict:
    """List findings of one's area, with counts for every filter."""
    return review.listing(office, person, asked, limit, cursor)


@router.get("/findings.csv", response_class=Response)
def as_csv(asked: Filters, person: Staff, office: Here) -> Response:
    """Give the list as a table for a spreadsheet."""
    return _file(publish.csv_of(office, person, asked), "text/csv; charset=utf-8", "findings.csv")


@router.get("/findings.gpkg", response_class=Response)
def as_gpkg(asked: Filters, person: Staff, office: Here) -> Response:
    """Give the list as a layer for a GIS."""
    return _file(publish.gpkg_of(office, person, asked), "application/geopackage+sqlite3", "findings.gpkg")


@router.get("/findings/{key}", **answering(Dossier))
def one(key: Key, person: Staff, office: Here) -> dict:
    """Tell everything about one finding: both sides, the law, how it was found, what was decided."""
    return review.dossier(office, person, key)


@router.get("/findings/{key}/dossier", **answering(Explained))
def explained(key: Key, person: Staff, office: Here, lang: Literal[LANGUAGES] = DEFAULT) -> dict:
    """Explain one finding to somebody who was not there: documents, timeline, tolerance, proposals, its group."""
    return dossier.explained(office, person, key, lang)


@router.get("/findings/{key}/dossier.pdf", response_class=Response)
def printed(key: Key, person: Staff, office: Here, lang: Literal[LANGUAGES] = DEFAULT) -> Response:
    """Print the dossier of one finding, to be carried to a meeting."""
    name = f"dossier-{key[:12]}.pdf"
    return _file(dossier.printed(office, person, key, lang), "application/pdf", name)


@router.post("/findings/{key}/events", status_code=201, **answering(Decided, 201))
def decide(key: Key, decision: Decision, person: Official, office: Here) -> dict:
    """Add a decision; 409 when somebody else decided since the caller last looked."""
    return review.decide(office, person, key, **decision.model_dump())


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
