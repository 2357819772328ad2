"""Tokens with which programs read on a person's behalf: make one, list them, take one back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api import people
from api.access import Staff
from api.office import Here
from api.routes.answers import NewToken, Tokens, answering
from api.routes.params import Short

router = APIRouter(tags=["tokens"])


class Wish(BaseModel):
    """What the token is for, as its owner will know it again."""

    name: Annotated[Short, Field(min_length=1)]


@router.post("/tokens", status_code=201, **answering(NewToken, 201))
def make(wish: Wish, person: Staff, office: Here) -> dict:
    """Make a token; it is told now and never again."""
    token_id, token = people.give_token(office, person, wish.name)
    return {"id": token_id, "token": token}


@router.get("/tokens", **answering(Tokens))
def listing(person: Staff, office: Here) -> dict:
    """List one's tokens, without what makes them work."""
    names = ("id", "name", "made_at", "expires_at")
    return {"items": [{name: getattr(one, name) for name in names} for one in people.tokens(office, person)]}


@router.delete("/tokens/{token_id}", status_code=204)
def take(token_id: Annotated[int, Path(ge=1, lt=1 << 62)], person: Staff, office: Here) -> None:
    """Take a token back; whoever shows it from now on is nobody."""
    people.take_token(office, person, token_id)
