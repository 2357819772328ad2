"""Images of the ground: enter one with its job, take it in, show it in tiles, say what lies under a parcel."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from sqlalchemy import func, select

from api import people, stream
from api.errors import Conflict, NotAllowed, TooLarge, Unusable
from api.office import Office
from api.people import Person
from api.work import queue
from api.work.receive import FAILED
from data.store import errors, images
from data.store.versions import then
from data.tables import Image, Parcel
from data.tables.images import KINDS
from geo import crs as systems
from geo.imagery import tiles
from geo.imagery.confined import LIMITS, WORKING, pictured
from geo.imagery.picture import NONE, Picture
from geo.imagery.shares import class_shares
from geo.intake.errors import IntakeError
from geo.outlines import outlines_of

FOLDER = "images"
FIELDS = {"kind", "taken_on", "crs", "nodata", "scope"}
KNOWN = Conflict(
    "同一文件已入库，且说明（日期、类型、坐标系等）不同；请先撤回原来的那一幅。",
    "The same file is here already, and something else was said of it (day, kind, system); withdraw that first.",
    "image_known",
)
#: Between places whose position is computed, the frame of an image is drawn straight.
_STEPS = 16


def hand_in(office: Office, person: Person, delivery: stream.Delivery) -> dict[str, Any]:
    """Enter an image that lies on the disk: its row and its job are committed together, or it was not received."""
    said = _said(person, delivery.fields)
    with office.begin() as session:
        try:
            image, is_new = images.start(
                session,
                sha256=delivery.sha256,
                filename=delivery.filename,
                size_bytes=delivery.size,
                uploader_id=person.id,
                **said,
            )
        except errors.Stale:
            raise KNOWN from None
        if is_new:
            queue.enqueue_image(session, image.id)
    return {"id": image.id, "state": image.state, "url": f"/images#{image.id}"}


def hand_in_file(office: Office, username: str, source: Path, fields: dict[str, str]) -> dict[str, Any]:
    """Receive an image that lies on this machine, in the name of an account."""
    with office.begin() as session:
        person = people.named(session, username)
    if person is None or person.role not in ("surveyor", "admin"):
        raise NotAllowed(f"没有可以上传的账户 {username}。", f"No account {username} that may upload.", "no_account")
    if source.stat().st_size > stream.PACKAGE_BYTES:
        raise TooLarge
    folder = office.settings.folder(FOLDER)
    with source.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    path = folder / sha256
    if not path.exists():
        stream.copy(source, path)
    name = stream.shown_name(source.name)
    return hand_in(office, person, stream.Delivery(fields, name, path, sha256, path.stat().st_size))


def take_in(office: Office, image_id: int) -> None:
    """Do the work on an image: look at it and convert it in the cell, keep what was made, and only then say so.

    The file stands whole under its name before the row speaks of it; killed in between, the next attempt makes the same
    file again.
    """
    with office.begin() as session:
        image = images.get(session, image_id)
        if image.state != "received":
            return
    folder = office.settings.folder(FOLDER)
    _clear(folder)
    asked = {"kind": image.kind, "crs": image.asked.get("crs"), "nodata": image.asked.get("nodata")}
    try:
        with pictured(images.original(folder, image), folder, **asked) as (picture, look, made):
            told = _told_of(picture, look, CRS.from_epsg(office.settings.srid)) | _kept(folder, image, made)
        state = "ready"
    except IntakeError as refused:
        state, told = "refused", {"error": {"code": refused.code, "zh": refused.zh, "en": refused.en}}
    # another worker may have been faster, with the same outcome; or a person took the image back
    with contextlib.suppress(errors.Stale), office.begin() as session:
        images.move(session, image_id, state, **told)


def give_up(office: Office, image_id: int, why: str) -> None:
    """End an image that cannot be worked on; people see that it failed."""
    with office.begin() as session:
        if images.get(session, image_id).state == "received":
            images.move(session, image_id, "failed", error={"code": "internal", "why": why, **FAILED})


def listing(office: Office, person: Person, kind: str | None, state: str | None) -> dict[str, Any]:
    """List the images of a person's area by the day they were taken, the latest first."""
    with office.begin() as session:
        found = images.listing(session, person.scope, kind=kind, state=state)
    return {"items": [_line(office, image) for image in found]}


def told(office: Office, person: Person | None, image_id: int) -> dict[str, Any]:
    """Tell everything about one image; nobody is asked who they are at the machine itself."""
    with office.begin() as session:
        image = images.get(session, image_id, person.scope if person else "")
    return _line(office, image)


def withdraw(office: Office, person: Person, image_id: int) -> dict[str, Any]:
    """Take an image back: it is shown no more; its row and its files stay."""
    with office.begin() as session:
        image = images.get(session, image_id, person.scope)
        if not people.within(image.scope, person.scope):
            raise NotAllowed
        return _line(office, images.move(session, image_id, "withdrawn"))


def original(office: Office, person: Person, image_id: int) -> tuple[Path, str]:
    """The file as it came, and the name it came with."""
    with office.begin() as session:
        image = images.get(session, image_id, person.scope)
    path = images.original(office.settings.folder(FOLDER), image)
    if not path.is_file():
        raise errors.Unknown(str(image_id))
    return path, image.filename


def tile(
    office: Office, person: Person, image_id: int, address: tuple[int, int, int], form: tiles.Form, seen: list[str]
) -> tuple[str, bytes | None]:
    """One tile of the map: its mark, and its content unless the caller has seen it already."""
    image = _ready(office, person, image_id)
    etag = hashlib.sha256(f"{tiles.EDITION} {image.cog_sha256} {image.look} {address} {form}".encode()).hexdigest()[:32]
    if etag in seen:
        return etag, None
    drawn = tiles.drawn(images.path(office.settings.folder(FOLDER), image), image.look or {}, *address)
    return etag, tiles.empty(form) if drawn is None else tiles.encoded(drawn, form)


def shares(office: Office, person: Person, image_id: int, code: str) -> dict[str, Any]:
    """How much of a parcel of today lies on each class of an image, exact to the part of a pixel."""
    if not person.covers(code):
        raise errors.Unknown(code)
    image = _ready(office, person, image_id)
    if image.kind != "classes":
        raise Unusable("这幅影像没有类别。", "This image holds no classes.", "not_classes")
    with office.begin() as session:
        query = select(func.ST_AsBinary(Parcel.geom), Parcel.area_m2).where(Parcel.code == code, *then(Parcel))
        row = session.execute(query).first()
    if row is None:
        raise errors.Unknown(code)
    shape = shapely.from_wkb(bytes(row[0]))
    system = CRS.from_user_input(image.crs)
    go = systems.way(CRS.from_epsg(office.settings.srid), system)
    moved = shapely.transform(shape, lambda points: np.column_stack(go(points[:, 0], points[:, 1])))
    found = pd.DataFrame(columns=["class", "m2", "share"])
    if moved.is_valid:
        outlines = outlines_of(np.array([moved], dtype=object))
        found = class_shares(outlines, system, images.path(office.settings.folder(FOLDER), image))
    colours = {one["value"]: one["colour"] for one in (image.look or {})["classes"]}
    return {
        "image": image.id,
        "taken_on": image.taken_on,
        "parcel": code,
        "area_m2": row[1],
        "measured": bool(moved.is_valid),
        "covered_m2": float(found["m2"].sum()),
        "classes": [
            {"value": int(value), "colour": colours.get(int(value)), "m2": float(m2), "share": float(share)}
            for value, m2, share in zip(found["class"], found["m2"], found["share"], strict=True)
        ],
    }


def _ready(office: Office, person: Person, image_id: int) -> Image:
    """An image that can be looked at; one that is not, is not there."""
    with office.begin() as session:
        image = images.get(session, image_id, person.scope)
    if image.state != "ready":
        raise errors.Unknown(str(image_id))
    return image


def _said(person: Person, fields: dict[str, str]) -> dict[str, Any]:
    """Read the fields of a form; a scope outside of the sender's own is not theirs to deliver for."""
    given = {name: value.strip() for name, value in fields.items() if value.strip()}
    if set(given) - FIELDS:
        raise Unusable(code="unknown_field")
    scope, kind = given.get("scope", person.scope), given.get("kind", KINDS[0])
    crs, nodata = given.get("crs", "").upper().removeprefix("EPSG:"), given.get("nodata")
    if not re.fullmatch(r"[0-9]{0,14}", scope, re.ASCII):
        raise Unusable(code="scope")
    if not scope.startswith(person.scope) and not person.covers(scope):
        raise NotAllowed("所选范围不在您的辖区内。", "That scope is outside your area.", "outside_scope")
    if kind not in KINDS:
        raise Unusable(code="kind")
    if crs and not re.fullmatch(r"[0-9]{4,5}", crs, re.ASCII):
        raise Unusable(code="crs")
    if nodata is not None and not re.fullmatch(rf"{NONE}|[0-9]{{1,5}}", nodata, re.ASCII):
        raise Unusable(code="nodata")
    asked = {name: value for name, value in (("crs", int(crs) if crs else None), ("nodata", nodata)) if value}
    return {"kind": kind, "taken_on": _day(given.get("taken_on")), "scope": scope, "asked": asked}


def _day(text: str | None) -> date:
    if text is None:
        raise Unusable("请说明影像的拍摄日期。", "Say on which day the picture was taken.", "taken_on")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unusable(code="taken_on") from None
    if not date(1900, 1, 1) <= day <= date.today():
        raise Unusable(code="taken_on")
    return day


def _told_of(picture: Picture, look: dict[str, Any], metric: CRS) -> dict[str, Any]:
    """What the books say of an image that was taken in."""
    west, south, east, north = picture.frame
    go = systems.way(picture.system, metric)
    edges = shapely.segmentize(shapely.box(west, south, east, north), max(east - west, north - south) / _STEPS)
    return {
        "crs": systems.named(picture.system),
        "wide": picture.wide,
        "high": picture.high,
        "bands": picture.bands,
        "dtype": picture.dtype,
        "nodata": picture.nodata,
        "pixel_m": picture.pixel_m,
        "look": look,
        "notes": [*picture.notes, *({"code": "crs", **one} for one in picture.evidence)],
        "frame": shapely.transform(edges, lambda points: np.column_stack(go(points[:, 0], points[:, 1]))),
    }


def _kept(folder: Path, image: Image, made: Path) -> dict[str, Any]:
    """Put the file that was made in its place, whole and on the disk; the same image makes the same name."""
    said = hashlib.sha256(f"{image.kind} {sorted(image.asked.items())}".encode()).hexdigest()[:12]
    name = f"{image.sha256}-{said}.tif"
    with made.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    size = made.stat().st_size
    made.chmod(0o400)
    os.replace(made, folder / name)
    stream.sync_folder(folder)
    return {"cog_name": name, "cog_sha256": digest, "cog_bytes": size}


def _clear(folder: Path) -> None:
    """Clear away what was left by a machine that stopped in the middle: folders older than a child may live."""
    old = time.time() - timedelta(seconds=2 * LIMITS.seconds).total_seconds()
    for left in folder.glob(f"{WORKING}*"):
        if left.stat().st_mtime < old:
            shutil.rmtree(left, ignore_errors=True)


def _box(office: Office, image: Image) -> list[float] | None:
    """The frame of an image as a box of degrees."""
    if image.geom is None:
        return None
    go = systems.way(CRS.from_epsg(office.settings.srid), CRS.from_epsg(4490))
    points = shapely.get_coordinates(images.frame(image))
    east, north = go(points[:, 0], points[:, 1])
    return [float(side) for side in (east.min(), north.min(), east.max(), north.max())]


def _line(office: Office, image: Image) -> dict[str, Any]:
    """One image as people see it."""
    look = image.look or {}
    return {
        "id": image.id,
        "filename": image.filename,
        "sha256": image.sha256,
        "size_bytes": image.size_bytes,
        "kind": image.kind,
        "taken_on": image.taken_on,
        "scope": image.scope,
        "asked": image.asked,
        "state": image.state,
        "error": image.error,
        "notes": image.notes or [],
        "crs": image.crs,
        "size": [image.wide, image.high] if image.wide else None,
        "bands": image.bands,
        "dtype": image.dtype,
        "nodata": image.nodata,
        "pixel_m": image.pixel_m,
        "classes": look.get("classes", []),
        "bbox": _box(office, image),
        "tiles": f"/api/v1/images/{image.id}/tiles/{{z}}/{{x}}/{{y}}.png" if image.state == "ready" else None,
        "received_at": image.received_at,
    }
