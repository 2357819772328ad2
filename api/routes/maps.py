"""Column maps: save one, list those that fit, take one away as a file for `./dingxin check --map-file`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Staff, Surveyor
from api.office import Here
from api.routes.answers import Maps, MapTold, answering
from api.routes.params import Short
from api.work import maps

router = APIRouter(prefix="/column-maps", tags=["uploads"])

Id = Annotated[int, Path(ge=1, lt=1 << 62)]
OfUpload = Annotated[int | None, Query(ge=1, lt=1 << 62, description="only maps that fit this delivery")]
Pairs = Annotated[dict[Short, Short], Field(max_length=200)]


class Made(BaseModel):
    """A map as a person makes it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Short, Field(min_length=1, max_length=80)]
    layer: Short
    columns: Pairs
    units: Pairs = {}
    encoding: Short | None = None
    crs: Annotated[int, Field(ge=1024, le=998999)] | None = None


@router.get("", **answering(Maps))
def listing(person: Staff, office: Here, upload: OfUpload = None) -> dict:
    """List the column maps of one's area, or those that fit a delivery."""
    return maps.listing(office, person, upload)


@router.post("", status_code=201, **answering(MapTold, 201))
def save(given: Made, person: Surveyor, office: Here) -> dict:
    """Save a column map; one of the same name and layer gives way."""
    return maps.save(office, person, given.model_dump())


@router.get("/{map_id}", response_class=Response)
def file(map_id: Id, person: Staff, office: Here) -> Response:
    """Give a column map as a small file of YAML."""
    text, name = maps.file(office, person, map_id)
    return Response(
        text,
        media_type="application/yaml",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
