"""Images of the ground: hand one in, list and withdraw them, their tiles, and what they show under a parcel."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response

from api import stream
from api.access import Staff, Surveyor
from api.office import Here
from api.routes import params
from api.routes.answers import HandedIn, Images, ImageTold, Shares, answering
from api.work import images
from data.tables.images import KINDS, STATES

router = APIRouter(prefix="/images", tags=["images"])

Id = Annotated[int, Path(ge=1, lt=1 << 62)]
Kind = Annotated[Literal[KINDS] | None, Query()]
State = Annotated[Literal[(*STATES, "all")], Query(description="ready by default")]
Parcel = Annotated[str, Query(pattern=r"^[0-9]{19}$", description="the code of a parcel")]
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "taken_on"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "GeoTIFF"},
                        "taken_on": {"type": "string", "format": "date"},
                        "kind": {"type": "string", "enum": list(KINDS)},
                        "crs": {"type": "string", "description": "EPSG number"},
                        "nodata": {"type": "string", "description": "a value, or none"},
                        "scope": {"type": "string", "description": "prefix of the codes whose ground it shows"},
                    },
                }
            }
        },
    }
}
PICTURES = {200: {"content": {"image/png": {}, "image/webp": {}}}}


@router.post("", status_code=202, openapi_extra=FORM, **answering(HandedIn, 202))
async def hand_in(request: Request, person: Surveyor, office: Here) -> dict:
    """Receive an image: 202 once it is on the disk and its work is queued."""
    delivery = await stream.take(request, office.settings.folder(images.FOLDER))
    return await run_in_threadpool(images.hand_in, office, person, delivery)


@router.get("", **answering(Images))
def listing(person: Staff, office: Here, kind: Kind = None, state: State = "ready") -> dict:
    """List the images of one's area, the latest first."""
    return images.listing(office, person, kind, None if state == "all" else state)


@router.get("/{image_id}", **answering(ImageTold))
def one(image_id: Id, person: Staff, office: Here) -> dict:
    """Tell what became of an image, and what it is."""
    return images.told(office, person, image_id)


@router.post("/{image_id}/withdraw", **answering(ImageTold))
def withdraw(image_id: Id, person: Surveyor, office: Here) -> dict:
    """Take an image back; it is shown no more, and its files stay."""
    return images.withdraw(office, person, image_id)


@router.get("/{image_id}/original", response_class=FileResponse)
def original(image_id: Id, person: Staff, office: Here) -> FileResponse:
    """Give the file back as it came, byte for byte."""
    path, filename = images.original(office, person, image_id)
    return FileResponse(path, filename=filename, media_type="application/octet-stream")


@router.get("/{image_id}/shares", **answering(Shares))
def shares(image_id: Id, parcel: Parcel, person: Staff, office: Here) -> dict:
    """Tell how much of a parcel lies on each class of an image."""
    return images.shares(office, person, image_id, parcel)


@router.get("/{image_id}/tiles/{z}/{x}/{y}.{form}", response_class=Response, responses=PICTURES)
def tile(
    image_id: Id, z: str, x: str, y: str, form: Literal["png", "webp"], person: Staff, office: Here, request: Request
) -> Response:
    """Give one tile of an image in web mercator, clear where it shows nothing, or 304 when the caller has it."""
    address = params.tile(z, x, y)
    seen = re.findall('"([^"]*)"', request.headers.get("if-none-match", ""))
    etag, body = images.tile(office, person, image_id, address, form, seen)
    headers = {"ETag": f'"{etag}"', "Cache-Control": "private, max-age=3600"}
    if body is None:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"image/{form}", headers=headers)
