"""Vector tiles for the live map: shapes, codes and states, never a name."""

from __future__ import annotations

import re
from typing import Literal

from fastapi import APIRouter, Request, Response

from api.access import Staff
from api.office import Here
from api.routes import params
from data.store import tiles

router = APIRouter(tags=["tiles"])

Layer = Literal["parcel", "reserved", "building", "landcover", "basic_farmland", "approval", "finding"]
MVT = "application/vnd.mapbox-vector-tile"


@router.get("/tiles/{layer}/{z}/{x}/{y}.pbf", response_class=Response, responses={200: {"content": {MVT: {}}}})
def tile(layer: Layer, z: str, x: str, y: str, person: Staff, office: Here, request: Request) -> Response:
    """Give one tile of one layer, or 304 when the caller has it already."""
    address = params.tile(z, x, y)
    seen = re.findall('"([^"]*)"', request.headers.get("if-none-match", ""))
    with office.begin() as session:
        found = tiles.tile(session, layer, *address, scope=person.scope, seen=seen)
    headers = {"ETag": f'"{found.etag}"', "Cache-Control": "private, no-cache"}
    if found.body is None:
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type=MVT, headers=headers)
