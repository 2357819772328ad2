"""The ledger of reserved land, as answer and as table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.access import Staff
from api.office import Here
from api.routes.answers import Ledger, answering
from api.routes.params import Day, Prefix
from api.work import ledger

router = APIRouter(prefix="/reserved-ledger", tags=["reserved land"])

Owing = Annotated[bool, Query(description="only what is still owed")]
On = Annotated[Day | None, Query(alias="as_of", description="the day on the ground; today by default")]


@router.get("", **answering(Ledger))
def told(person: Staff, office: Here, place: Prefix = None, owing: Owing = False, as_of: On = None) -> dict:
    """Tell what expropriations took, what is owed for them, what was given and what is left; flexible land apart."""
    return ledger.shown(office, person, place, owing, as_of or _today())


@router.get(".csv", response_class=Response)
def as_csv(person: Staff, office: Here, place: Prefix = None, owing: Owing = False, as_of: On = None) -> Response:
    """Give the ledger as a table for a spreadsheet."""
    day = as_of or _today()
    return Response(
        ledger.csv_of(office, person, place, owing, day),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="reserved-land-{day}.csv"'},
    )


def _today() -> date:
    return datetime.now(UTC).date()
