"""Sign in, sign out, and who am I."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api import people
from api.access import Everyone, Staff
from api.office import Here
from api.people import COOKIE, Person
from api.routes.answers import Me, answering
from api.routes.params import Short

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """A name and a password."""

    username: Short
    password: Short


@router.post("/session", dependencies=[Everyone], **answering(Me))
def sign_in(given: Credentials, request: Request, response: Response, office: Here) -> dict:
    """Sign in: sets the session cookie and says who one is."""
    token, person = people.sign_in(office, given.username, given.password, address(request))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(people.SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return _shown(person)


@router.delete("/session", status_code=204, dependencies=[Everyone])
def sign_out(request: Request, response: Response, office: Here) -> None:
    """Sign out: the session is closed here, not only forgotten by the browser."""
    token = request.cookies.get(COOKIE)
    if token:
        people.sign_out(office, token)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


@router.get("/me", **answering(Me))
def me(person: Staff) -> dict:
    """Say who is signed in."""
    return _shown(person)


def address(request: Request) -> str:
    """The caller's address, for counting attempts."""
    return request.client.host if request.client else "local"


def _shown(person: Person) -> dict:
    return {"username": person.username, "role": person.role, "scope": person.scope}
