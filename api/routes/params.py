"""Parameters that several routes share, each as narrow as its meaning: nothing wider reaches the database."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, StringConstraints

from api.errors import NotFound, Unusable

#: Dates outside of these mean a typing error; PostgreSQL and pandas disagree beyond them.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
MAX_ZOOM = 22

Box = tuple[float, float, float, float]


def _plain(text: str) -> str:
    """Refuse control characters: no field of ours is meant to hold one."""
    if any(ord(c) < 32 and c not in "\n\t\r" for c in text) or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("control characters")
    return text


def _believable(day: date | None) -> date | None:
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("out of range")
    return day


Text = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True), AfterValidator(_plain)]
Short = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True), AfterValidator(_plain)]
Day = Annotated[date, AfterValidator(_believable)]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=400, pattern=r"^[A-Za-z0-9_=\-]+$")]
Prefix = Annotated[str | None, Query(pattern=r"^[0-9]{1,14}$", description="the beginning of a code")]
Key = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Bbox = Annotated[str | None, Query(max_length=130, description="west,south,east,north in degrees")]


def box(text: str | None) -> Box | None:
    """Read west,south,east,north in degrees; anything else is refused before PostGIS could accept it."""
    if text is None:
        return None
    try:
        text.encode("ascii")
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise Unusable(code="bbox") from None
    inside = all(math.isfinite(v) for v in (west, south, east, north)) and -180 <= west < east <= 180
    if not inside or not -90 <= south < north <= 90:
        raise Unusable(code="bbox")
    return west, south, east, north


def tile(z: str, x: str, y: str) -> tuple[int, int, int]:
    """Read a tile's address; what lies outside of the pyramid does not exist."""
    if not all(part.isascii() and part.isdecimal() and len(part) <= 8 for part in (z, x, y)):
        raise NotFound
    address = int(z), int(x), int(y)
    if address[0] > MAX_ZOOM or max(address[1:]) >= 1 << address[0]:
        raise NotFound
    return address
