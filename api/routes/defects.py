"""What is wrong with a delivery: its defects in groups, each group row by row."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query

from api.access import Staff
from api.office import Here
from api.routes.answers import DefectGroups, DefectRows, answering
from api.routes.params import Cursor, Limit, Prefix
from api.routes.uploads import Id
from api.work import defects
from data.store.defects import Asked
from geo.finding import SEVERITIES

router = APIRouter(prefix="/uploads/{upload_id}/defects", tags=["uploads"])

Group = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


def asked(
    severity: Literal[SEVERITIES] | None = None,
    rule: Annotated[str | None, Query(max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")] = None,
    village: Prefix = None,
) -> Asked:
    """Read which defects are asked for."""
    return Asked(severity or "", rule or "", village or "")


@router.get("", **answering(DefectGroups))
def groups(upload_id: Id, only: Annotated[Asked, Depends(asked)], person: Staff, office: Here) -> dict:
    """Tell all defects of a delivery at once, in groups with their first rows, and where they lie."""
    return defects.groups(office, person, upload_id, only)


@router.get("/{group}", **answering(DefectRows))
def rows(
    upload_id: Id,
    group: Group,
    person: Staff,
    office: Here,
    village: Prefix = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> dict:
    """Tell the rows of one group, a page at a time."""
    return defects.rows(office, person, upload_id, group, village or "", limit, cursor)
