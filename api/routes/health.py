"""Is the house open: alive says the process runs, ready says the database answers."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.access import Everyone
from api.errors import NotReady
from api.office import Here
from api.routes.answers import Standing, answering

router = APIRouter(prefix="/health", tags=["health"], dependencies=[Everyone])


@router.get("/live", **answering(Standing))
def live() -> dict:
    """Answer as long as the process runs."""
    return {"status": "live"}


@router.get("/ready", **answering(Standing))
def ready(office: Here) -> dict:
    """Answer once the database does."""
    try:
        with office.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        raise NotReady from None
    return {"status": "ready"}
