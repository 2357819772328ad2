"""The application: built from settings, with nothing read or opened before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from api import access, errors
from api.gate import Gate
from api.office import open_office
from api.routes import (
    certificates,
    compare,
    comparisons,
    defects,
    exports,
    findings,
    ground,
    health,
    images,
    ledger,
    maps,
    ogc,
    pages,
    rules,
    session,
    tiles,
    tokens,
    uploads,
)
from api.settings import Settings
from web.pages import STATIC

VERSION = "0.1.0"


def create_app(settings: Settings) -> FastAPI:
    """Build the application of one house; the database is first asked when a request needs it."""
    office = open_office(settings)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        yield
        office.engine.dispose()

    app = FastAPI(
        title="定心 Dingxin",
        version=VERSION,
        description="Land rights confirmed, conflicts on the ground found. Errors are problem+json (RFC 9457).",
        lifespan=living,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses={"default": {"description": "problem+json", "content": {"application/problem+json": {}}}},
    )
    app.state.office = office
    errors.install(app)
    app.include_router(_api())
    app.include_router(ogc.router)
    app.include_router(pages.router, dependencies=[access.Everyone])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    access.check(app)
    app.add_middleware(Gate)
    return app


def _api() -> APIRouter:
    api = APIRouter(prefix="/api/v1")
    lists = (compare, uploads, maps, defects, findings, exports, ground, ledger, tiles, comparisons, images)
    for part in (session, tokens, *lists, certificates, rules, health):
        api.include_router(part.router)
    return api
