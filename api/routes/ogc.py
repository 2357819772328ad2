"""OGC API Features (parts 1 and 2) over what is published: parcels, reserved land and findings for an official's GIS.

Conforms to Core, GeoJSON and CRS. Any parameter that a collection does not know is refused, as the standard asks.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.access import Program
from api.office import Here
from api.routes import answers
from api.routes.answers import answering
from api.work import features

router = APIRouter(prefix="/ogc", tags=["ogc"])

GEOJSON = "application/geo+json"
Collection = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
Item = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,64}$")]


@router.get("", **answering(answers.Landing))
def landing(request: Request, _: Program) -> dict:
    """Say what is here and where it is described."""
    return features.landing(_root(request))


@router.get("/conformance", **answering(answers.Conformance))
def conformance(_: Program) -> dict:
    """Name the parts of the standard that are kept."""
    return {"conformsTo": list(features.CONFORMS_TO)}


@router.get("/collections", **answering(answers.Collections))
def collections(request: Request, person: Program, office: Here) -> dict:
    """Describe all collections."""
    return features.collections(office, person, _root(request))


@router.get("/collections/{name}", **answering(answers.Collection))
def collection(name: Collection, request: Request, person: Program, office: Here) -> dict:
    """Describe one collection: its links, systems and extent."""
    return features.collection(office, person, name, _root(request))


@router.get("/collections/{name}/items", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
def items(name: Collection, request: Request, person: Program, office: Here) -> Response:
    """Give features of a collection that lie in the person's area, a page at a time."""
    return _answer(features.items(office, person, name, request.query_params.multi_items(), _root(request)))


@router.get("/collections/{name}/items/{id}", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
def item(name: Collection, id: Item, request: Request, person: Program, office: Here) -> Response:
    """Give one feature."""
    return _answer(features.item(office, person, name, id, request.query_params.multi_items(), _root(request)))


def _root(request: Request) -> str:
    """Where this API begins, as the caller calls it."""
    return f"{str(request.base_url).rstrip('/')}/ogc"


def _answer(found: features.Page) -> Response:
    return Response(found.body, media_type=GEOJSON, headers={"Content-Crs": f"<{found.crs}>"})
