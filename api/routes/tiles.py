"""Vector tiles for the live map: shapes, codes and states, never a name."""

from __future__ import annotations

import hashlib
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
    with office.begin() as session:
        body = tiles.mvt(session, layer, *address, scope=person.scope)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MVT, headers=headers)
