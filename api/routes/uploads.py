"""Deliveries: hand one in, follow it, accept or withdraw it, get its defects and its original back."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api import stream
from api.access import Staff, Surveyor
from api.office import Here
from api.routes.answers import HandedIn, UploadLine, Uploads, UploadTold, Vanished, answering
from api.routes.params import Day, Limit, Short
from api.work import paper, publish, receive, reread
from web.labels import DEFAULT, LANGUAGES

router = APIRouter(prefix="/uploads", tags=["uploads"])

Id = Annotated[int, Path(ge=1, lt=1 << 62)]
Before = Annotated[int | None, Query(ge=1, lt=1 << 62)]
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "layer": {"type": "string"},
                        "crs": {"type": "string", "description": "EPSG number"},
                        "encoding": {"type": "string"},
                        "columns": {"type": "string", "description": "JSON {OUR: THEIR}"},
                        "scope": {"type": "string", "description": "prefix of the codes delivered"},
                        "units": {"type": "string", "description": "JSON {OUR: m2 | mu | ha}"},
                        "accept": {"type": "string", "enum": ["valid_rows", "ask"]},
                        "survey_date": {"type": "string", "format": "date"},
                    },
                }
            }
        },
    }
}


class Row(BaseModel):
    """One row of a delivery, by our name of its layer and its number in the file, from 0."""

    layer: Short
    row: Annotated[int, Field(ge=0, lt=1 << 31)]


class Acceptance(BaseModel):
    """What of a delivery is taken, whether what vanished with it ends (all of it, or these codes), what is repaired."""

    accept: Literal["valid_rows"]
    vanished: Literal["keep", "end"] = "keep"
    codes: Annotated[list[Short], Field(max_length=100_000)] | None = None
    ended_on: Day | None = None
    repairs: Literal["all"] | Annotated[list[Row], Field(max_length=10_000)] = []


class Revision(BaseModel):
    """Decisions made anew; what is not named stays, and null lets the file decide."""

    model_config = ConfigDict(extra="forbid")

    layer: Short | None = None
    crs: Short | Annotated[int, Field(ge=0, lt=1 << 31)] | None = None
    encoding: Short | None = None
    columns: dict[Short, Short] | None = None
    units: dict[Short, Short] | None = None


@router.post("", status_code=202, openapi_extra=FORM, **answering(HandedIn, 202))
async def hand_in(request: Request, person: Surveyor, office: Here) -> dict:
    """Receive a delivery: 202 once it is on the disk and its work is queued, 413 while it streams too long."""
    delivery = await stream.take(request, office.settings.folder(receive.FOLDER))
    return await run_in_threadpool(receive.hand_in, office, person, delivery)


@router.get("", **answering(Uploads))
def listing(person: Staff, office: Here, limit: Limit = 50, cursor: Before = None) -> dict:
    """List deliveries for one's area, the newest first."""
    return receive.listing(office, person, limit, cursor)


@router.get("/{upload_id}", **answering(UploadTold))
def one(upload_id: Id, person: Staff, office: Here) -> dict:
    """Tell what became of a delivery: what was understood, what was rejected, what was found."""
    return receive.told(office, person, upload_id)


@router.post("/{upload_id}/accept", status_code=202, **answering(UploadLine, 202))
def accept(upload_id: Id, given: Acceptance, person: Surveyor, office: Here) -> dict:
    """Take the valid rows of a delivery that waits."""
    return receive.accept(office, person, upload_id, given.model_dump(mode="json", exclude={"accept"}))


@router.post("/{upload_id}/reread", status_code=202, **answering(HandedIn, 202))
def read_again(upload_id: Id, given: Revision, person: Surveyor, office: Here) -> dict:
    """Read the kept original again with decisions made anew, as a new delivery; the one that waits is withdrawn."""
    return reread.again(office, person, upload_id, given.model_dump(exclude_unset=True))


@router.get("/{upload_id}/vanished", **answering(Vanished))
def left_out(upload_id: Id, person: Staff, office: Here, limit: Limit = 100, cursor: Before = None) -> dict:
    """List what stood in the books where this delivery was made for, and is not in it."""
    return receive.left_out(office, person, upload_id, limit, cursor)


@router.post("/{upload_id}/withdraw", **answering(UploadLine))
def withdraw(upload_id: Id, person: Surveyor, office: Here) -> dict:
    """Take a waiting delivery back; nothing of it is stored."""
    return receive.withdraw(office, person, upload_id)


@router.get("/{upload_id}/defects.gpkg", response_class=Response)
def defects(upload_id: Id, person: Staff, office: Here) -> Response:
    """Give every defect of a delivery as a layer: rejected rows and findings."""
    return Response(
        publish.defects(office, person, upload_id),
        media_type="application/geopackage+sqlite3",
        headers={"Content-Disposition": f'attachment; filename="defects-{upload_id}.gpkg"'},
    )


@router.get("/{upload_id}/report.pdf", response_class=Response)
def report(upload_id: Id, person: Staff, office: Here, lang: Literal[LANGUAGES] = DEFAULT) -> Response:
    """Print the report of a delivery: what came, how it was understood, all kinds of defects with their first rows."""
    return Response(
        paper.printed(office, person, upload_id, lang),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="report-{upload_id}.pdf"'},
    )


@router.get("/{upload_id}/original", response_class=FileResponse)
def original(upload_id: Id, person: Staff, office: Here) -> FileResponse:
    """Give the file back as it came, byte for byte."""
    path, filename = receive.original(office, person, upload_id)
    return FileResponse(path, filename=filename, media_type="application/octet-stream")
