"""Comparisons of two images: start one, follow it, call it off, and see the patches that it brought."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.access import Official, Staff
from api.office import Here
from api.routes.answers import ComparisonPatches, Comparisons, ComparisonTold, HandedIn, answering
from api.work import comparisons
from geo.imagery.settings import ChangeSettings
from geo.imagery.settled import reach

router = APIRouter(prefix="/images/comparisons", tags=["images"])

Id = Annotated[int, Path(ge=1, lt=1 << 62)]
Image = Annotated[int, Field(ge=1, lt=1 << 62)]


def _setting(name: str, ours: float) -> tuple[Any, Any]:
    """One number that may be set, in its own kind and within reach of ours."""
    low, high = reach(name)
    return Annotated[type(ours), Field(ge=low, le=high)] | None, None


SettingsGiven = create_model(
    "SettingsGiven",
    __doc__="What differs from our settings; none is needed.",
    __config__=ConfigDict(extra="forbid", allow_inf_nan=False),
    **{one.name: _setting(one.name, one.default) for one in fields(ChangeSettings)},
)


class Asked(BaseModel):
    """Two images of one kind, the earlier first."""

    model_config = ConfigDict(extra="forbid")

    before: Image
    after: Image
    settings: SettingsGiven = SettingsGiven()


@router.post("", status_code=202, **answering(HandedIn, 202))
def start(asked: Asked, person: Official, office: Here) -> dict:
    """Start a comparison of two images that one answers for; the same one is started once."""
    given = asked.settings.model_dump(exclude_none=True)
    return comparisons.start(office, person, asked.before, asked.after, given)


@router.get("", **answering(Comparisons))
def listing(person: Staff, office: Here) -> dict:
    """List the comparisons of one's area, the newest first."""
    return comparisons.listing(office, person)


@router.get("/{comparison_id}", **answering(ComparisonTold))
def one(comparison_id: Id, person: Staff, office: Here) -> dict:
    """Tell how far a comparison is, and what it found."""
    return comparisons.told(office, person, comparison_id)


@router.get("/{comparison_id}/patches", **answering(ComparisonPatches))
def patches(comparison_id: Id, person: Staff, office: Here) -> dict:
    """Give the patches that a comparison brought into the books, the largest first."""
    return comparisons.patches(office, person, comparison_id)


@router.post("/{comparison_id}/withdraw", **answering(ComparisonTold))
def withdraw(comparison_id: Id, person: Official, office: Here) -> dict:
    """Call a comparison off before its patches were handed in."""
    return comparisons.withdraw(office, person, comparison_id)
