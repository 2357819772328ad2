"""Two deliveries beside each other: findings fixed, new and still open."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.access import Staff
from api.office import Here
from api.routes.answers import Comparison, answering
from api.routes.params import Cursor, Limit
from api.work import compare
from data.store.compare import TURNS

router = APIRouter(prefix="/uploads", tags=["uploads"])

Number = Annotated[int, Query(ge=1, lt=1 << 62)]


def asked(
    turn: Literal[TURNS] | None = None,
    village: Annotated[str | None, Query(pattern=r"^[0-9]{1,14}$", description="exactly this one")] = None,
    surveyor: Annotated[str | None, Query(max_length=120)] = None,
) -> dict[str, str]:
    """Read which findings of a comparison are asked for."""
    return {"turn": turn or "", "village": village or "", "surveyor": surveyor or ""}


Only = Annotated[dict[str, str], Depends(asked)]


@router.get("/compare", **answering(Comparison))
def told(
    before: Number, after: Number, only: Only, person: Staff, office: Here, limit: Limit = 100, cursor: Cursor = None
) -> dict:
    """Tell what the later of two deliveries fixed, what is new since the earlier, and what is still open."""
    return compare.told(office, person, before, after, only, limit, cursor)


@router.get("/compare.csv", response_class=Response)
def as_csv(before: Number, after: Number, only: Only, person: Staff, office: Here) -> Response:
    """Give a comparison as a table for a spreadsheet."""
    return Response(
        compare.csv_of(office, person, before, after, only),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="compare-{before}-{after}.csv"'},
    )
