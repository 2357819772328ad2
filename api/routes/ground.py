"""The ground: parcels one by one or in a box, villages, and one village's map to take away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.access import Staff
from api.office import Here
from api.routes.answers import Parcels, ParcelTold, Villages, answering
from api.routes.params import Bbox, Day, Limit, Prefix, box
from api.work import land, publish
from web import labels

router = APIRouter(tags=["ground"])

#: The offline map is one page with its script in it; it may run that and reach nothing.
OFFLINE_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
)


@router.get("/parcels", **answering(Parcels))
def parcels(person: Staff, office: Here, bbox: Bbox = None, village: Prefix = None, limit: Limit = 100) -> dict:
    """List parcels of one's area in a box of degrees or under a code, as GeoJSON without names."""
    return land.parcels(office, person, box(bbox), village, limit)


@router.get("/parcels/{code}", **answering(ParcelTold))
def parcel(
    code: Annotated[str, Path(pattern=r"^[0-9]{19}$")],
    person: Staff,
    office: Here,
    as_of: Annotated[Day | None, Query(description="the day on the ground; today by default")] = None,
) -> dict:
    """Tell what is known of one parcel on a day, and what is suspected of it now."""
    return land.parcel(office, person, code, as_of)


@router.get("/villages", **answering(Villages))
def villages(person: Staff, office: Here) -> dict:
    """List the villages of one's area that hold parcels or findings."""
    return land.villages(office, person)


@router.get("/villages/{code}/map.html", response_class=HTMLResponse)
def offline_map(
    code: Annotated[str, Path(pattern=r"^[0-9]{12}$")], request: Request, person: Staff, office: Here
) -> HTMLResponse:
    """Give one village's conflicts as a single page that needs no network."""
    lang = labels.language(request.query_params.get("lang"), request.cookies.get("lang"))
    page = publish.village_map(office, person, code, lang)
    return HTMLResponse(
        page,
        headers={
            "Content-Security-Policy": OFFLINE_POLICY,
            "Content-Disposition": f'attachment; filename="conflicts-{code}.html"',
        },
    )
