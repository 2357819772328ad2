"""Images of the ground: entered when they come, shown when they are ready, found by area, kind and day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from geoalchemy2.elements import WKBElement
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from data.store import locks
from data.store.errors import Stale, Unknown
from data.store.plain import plain
from data.tables import Deployment, Image

#: More images than this nobody chooses among; a listing ends here.
MOST = 500
#: From where each state can be reached; whoever comes too late is Stale.
_BEFORE = {
    "ready": ("received",),
    "refused": ("received",),
    "failed": ("received",),
    "withdrawn": ("received", "ready"),
}


def start(
    session: Session,
    *,
    sha256: str,
    filename: str,
    size_bytes: int,
    kind: str,
    taken_on: date,
    scope: str,
    asked: Mapping[str, Any],
    uploader_id: int,
) -> tuple[Image, bool]:
    """Enter an image; gives it and whether it is new. The same bytes for the same area are one image.

    Raises Stale where these bytes are in the books already and something else was said of them: that one is withdrawn
    first, by a person.
    """
    locks.lock(session, f"image:{sha256}:{scope}")
    said = {"kind": kind, "taken_on": taken_on, "asked": plain(asked)}
    query = select(Image).filter_by(sha256=sha256, scope=scope).where(Image.state.in_(("received", "ready")))
    known = session.scalars(query).first()
    if known is not None:
        if any(getattr(known, name) != value for name, value in said.items()):
            raise Stale(f"image {known.id} holds the same bytes")
        return known, False
    image = Image(
        sha256=sha256,
        filename=filename,
        size_bytes=size_bytes,
        scope=scope,
        uploader_id=uploader_id,
        state="received",
        **said,
    )
    session.add(image)
    session.flush()
    return image, True


def get(session: Session, image_id: int, scope: str = "") -> Image:
    """One image, if it shows ground of this area; Unknown otherwise."""
    image = session.scalar(select(Image).where(Image.id == image_id, _seen_from(scope)))
    if image is None:
        raise Unknown(str(image_id))
    return image


def listing(
    session: Session, scope: str = "", *, kind: str | None = None, state: str | None = "ready", limit: int = MOST
) -> list[Image]:
    """The images of an area by the day they were taken, the latest first; only those that are ready, by default."""
    wanted = [_seen_from(scope)]
    if kind is not None:
        wanted.append(Image.kind == kind)
    if state is not None:
        wanted.append(Image.state == state)
    query = select(Image).where(*wanted).order_by(Image.taken_on.desc(), Image.id.desc())
    return list(session.scalars(query.limit(max(1, min(limit, MOST)))))


def pairs(session: Session, scope: str = "", *, kind: str = "orthophoto") -> list[tuple[Image, Image]]:
    """Ready images of one kind whose frames share ground, the earlier first: each with every later one."""
    found = list(reversed(listing(session, scope, kind=kind)))
    frames = {image.id: frame(image) for image in found}
    return [
        (before, after)
        for at, before in enumerate(found)
        for after in found[at + 1 :]
        if before.taken_on < after.taken_on and frames[before.id].intersection(frames[after.id]).area > 0
    ]


def move(session: Session, image_id: int, state: str, **told: Any) -> Image:
    """Bring an image to its next state, with whatever there is to tell (columns of Image); Stale if it moved on."""
    image = session.get(Image, image_id, with_for_update=True, populate_existing=True)
    if image is None:
        raise Unknown(str(image_id))
    if image.state not in _BEFORE[state]:
        raise Stale(f"image {image_id} is {image.state}")
    outline = told.pop("frame", None)
    now, srid = session.execute(select(func.clock_timestamp(), Deployment.srid)).one()
    # Only now does the row change: one that is ready and not whole is never written.
    image.state, image.ended_at = state, now
    if outline is not None:
        image.geom = WKBElement(shapely.to_wkb(outline), srid)
    for name, value in told.items():
        setattr(image, name, plain(value))
    session.flush()
    return image


def frame(image: Image) -> shapely.Polygon:
    """The ground that a ready image shows, in the metric system of the deployment."""
    assert image.geom is not None
    return shapely.from_wkb(bytes(WKBElement(image.geom.data).data))


def path(folder: Path, image: Image) -> Path:
    """The cloud-optimised GeoTIFF of a ready image, in the folder of images (`Settings.folder("images")`)."""
    if image.cog_name is None:
        raise Unknown(str(image.id))
    return folder / image.cog_name


def original(folder: Path, image: Image) -> Path:
    """The file of an image as it came."""
    return folder / image.sha256


def _seen_from(scope: str) -> ColumnElement[bool]:
    """The condition that somebody who answers for an area sees an image: it shows part of it, or it is part of that."""
    around = [scope[:length] for length in range(len(scope) + 1)]
    return or_(Image.scope.startswith(scope, autoescape=True), Image.scope.in_(around))
