"""Who may come through which door: every route says so itself, and one that says nothing stops the start."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException

from api import errors, people
from api.office import Here
from api.people import COOKIE, Person

ROLES = ("surveyor", "official", "admin")


def visitor(request: Request, office: Here) -> Person | None:
    """Tell who is signed in, if anyone."""
    token = request.cookies.get(COOKIE)
    return people.whose(office, token) if token else None


def everyone() -> None:
    """Mark a door as open to all, deliberately."""


everyone.roles = ("anonymous", *ROLES)  # type: ignore[attr-defined]


def only(*roles: str) -> Callable[..., Person]:
    """Make a door that opens to these roles."""

    def enter(person: Annotated[Person | None, Depends(visitor)]) -> Person:
        if person is None:
            raise errors.NotSignedIn
        if person.role not in roles:
            raise errors.NotAllowed
        return person

    enter.roles = roles  # type: ignore[attr-defined]
    return enter


def program(request: Request, office: Here) -> Person:
    """Make a door for reading by programs: a token as bearer or as password, or the cookie of a browser."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    token = {"bearer": given.strip(), "basic": _password(given)}.get(kind.lower())
    person = people.reader(office, token) if token else visitor(request, office)
    if person is None:
        raise HTTPException(401, headers={"WWW-Authenticate": 'Basic realm="dingxin", charset="UTF-8"'})
    return person


program.roles = ROLES  # type: ignore[attr-defined]


def _password(given: str) -> str | None:
    """The password of basic credentials; the name before it is not asked for."""
    try:
        return base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2] or None
    except ValueError:
        return None


Everyone = Depends(everyone)
Program = Annotated[Person, Depends(program)]
Staff = Annotated[Person, Depends(only(*ROLES))]
Surveyor = Annotated[Person, Depends(only("surveyor", "admin"))]
Official = Annotated[Person, Depends(only("official", "admin"))]


def _declared(dependant: Dependant) -> Iterator[tuple[str, ...]]:
    roles = getattr(dependant.call, "roles", None)
    if roles:
        yield roles
    for inner in dependant.dependencies:
        yield from _declared(inner)


def doors(app: FastAPI) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """List every method and path with the roles that the route itself declares."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute):
            roles = min(_declared(route.dependant), key=len, default=())
            for method in sorted(route.methods or ()):
                yield method, route.path or "", roles


def check(app: FastAPI) -> None:
    """Refuse to start with a door that nobody has decided about."""
    silent = [f"{method} {path}" for method, path, roles in doors(app) if not roles]
    if silent:
        raise RuntimeError(f"these routes do not say who may use them: {', '.join(silent)}")
