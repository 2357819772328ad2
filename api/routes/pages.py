"""The pages, one thin route each: choose the language, hand over what the page starts from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Everyone
from api.office import Here
from api.people import COOKIE
from api.work import thresholds
from geo.imagery.picture import KINDS
from geo.imagery.settings import ChangeSettings
from geo.imagery.settled import reach
from geo.model import LAYERS
from geo.rules import book
from web import labels, rulebook
from web.pages import STATIC, render

router = APIRouter(include_in_schema=False, dependencies=[Everyone])

YEAR = 365 * 24 * 3600


def _page(request: Request, name: str, **context: object) -> HTMLResponse:
    """Answer with a page; a language chosen in the address is remembered."""
    wish = request.query_params.get("lang")
    lang = labels.language(wish, request.cookies.get("lang"))
    signed_in = COOKIE in request.cookies
    answer = HTMLResponse(render(name, {"signed_in": signed_in, **context}, lang))
    if wish in labels.LANGUAGES:
        answer.set_cookie("lang", lang, max_age=YEAR, samesite="lax")
    answer.headers["Cache-Control"] = "no-store" if signed_in else "no-cache"
    return answer


def _for_staff(request: Request, name: str, **context: object) -> HTMLResponse | RedirectResponse:
    """Answer with a page that is of no use unless signed in; the data behind it is guarded by the API itself."""
    if COOKIE not in request.cookies:
        return RedirectResponse(f"/sign-in?next={request.url.path}", 303)
    return _page(request, name, **context)


@router.get("/")
def home(request: Request) -> HTMLResponse:
    """Three doors: farmer, surveyor, official."""
    return _page(request, "home")


@router.get("/sign-in")
def sign_in(request: Request) -> HTMLResponse:
    """Ask who is there."""
    return _page(request, "sign_in")


@router.get("/uploads", response_model=None)
def uploads(request: Request) -> HTMLResponse | RedirectResponse:
    """Send a delivery and see those sent before."""
    return _for_staff(request, "uploads", layers=LAYERS)


@router.get("/uploads/compare", response_model=None)
def compare(request: Request) -> HTMLResponse | RedirectResponse:
    """What changed between two deliveries."""
    return _for_staff(request, "compare")


@router.get("/uploads/{upload_id}", response_model=None)
def upload(request: Request, upload_id: Annotated[str, Path(pattern="^[0-9A-Za-z-]{1,40}$")]):
    """Follow one delivery: evidence, progress, defects."""
    return _for_staff(request, "upload", data={"upload": upload_id})


@router.get("/map", response_model=None)
def conflict_map(request: Request) -> HTMLResponse | RedirectResponse:
    """The official's list, map and dossier."""
    return _for_staff(request, "map")


@router.get("/reserved", response_model=None)
def reserved(request: Request) -> HTMLResponse | RedirectResponse:
    """The ledger of reserved land."""
    return _for_staff(request, "reserved")


@router.get("/images", response_model=None)
def images(request: Request) -> HTMLResponse | RedirectResponse:
    """Hand an image of the ground in, see those that are here, and compare two of them."""
    ours = ChangeSettings().told()
    return _for_staff(request, "images", kinds=KINDS, ours=ours, reach={name: reach(name) for name in ours})


@router.get("/connect", response_model=None)
def connect(request: Request) -> HTMLResponse | RedirectResponse:
    """Open the layers in a GIS of one's own: the address, and tokens to read with."""
    return _for_staff(request, "connect", url=f"{request.base_url}ogc")


@router.get("/certificate")
def certificate(request: Request) -> HTMLResponse:
    """What a farmer holds, asked with the certificate's number and a proof."""
    return _page(request, "certificate")


@router.get("/rules")
def rules(request: Request, office: Here) -> HTMLResponse:
    """The rule book as people read it, with what counties have set for themselves."""
    lang = labels.language(request.query_params.get("lang"), request.cookies.get("lang"))
    versions = thresholds.shown(office)["items"]
    counties, names = (versions[0]["counties"], versions[0]["names"]) if versions else ({}, {})
    told = rulebook.told(book().values(), lang, datetime.now(UTC).date(), counties, names)
    return _page(request, "rules", rules=told)


@router.get("/about")
def about(request: Request) -> HTMLResponse:
    """What this is, which version, made of what."""
    vendored = json.loads((STATIC / "vendor" / "VENDOR.json").read_text(encoding="utf-8"))
    return _page(request, "about", version=request.app.version, rule_count=len(book()), vendored=vendored)


@router.get("/help")
def help_page(request: Request) -> HTMLResponse:
    """How each of the three people does their work."""
    return _page(request, "help")
