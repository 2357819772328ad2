"""Ways out: any layer, table or list of one's own area, in the formats that people ask for."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.access import Staff
from api.office import Here
from api.routes.findings import Filters
from api.work import takeaway
from api.work.takeaway import Asked
from geo.delivery.formats import FORMATS

router = APIRouter(prefix="/exports", tags=["exports"])

What = Annotated[
    str, Path(pattern=r"^[A-Za-z_]{2,40}$", description="parcel, issuer, CBF, findings, uploads, rejected …")
]
System = Annotated[int | None, Query(ge=1024, le=32766, description="EPSG number; by default as delivered")]


@router.get("/{what}.{form}", response_class=Response)
def one(
    what: What, form: Literal[FORMATS], asked: Filters, person: Staff, office: Here, crs: System = None
) -> Response:
    """Give a layer, a table or a list; `village` narrows it, findings take the filters of their list.

    Identity numbers are masked; names are plain for officials only. GeoJSON is in degrees unless `crs` says otherwise.
    """
    said = dict(asked)
    place, upload = said.pop("village", ""), said.get("upload")
    name, media, body = takeaway.body(office, person, Asked(what, form, place, crs, upload, said))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=media, headers=headers)
