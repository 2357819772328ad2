"""Comparisons of two images: started by an official, done in the cell, handed in as a delivery of change patches."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy.orm import Session

from api import people, stream
from api.errors import NotAllowed, NotFound, Unusable
from api.office import Office
from api.people import Person
from api.work import images as pictures
from api.work import queue, receive, shown
from api.work.walk import walk
from data.session import srid_of
from data.store import comparisons, errors, images, uploads
from data.tables import Account, Comparison, Image, SurveyFeature
from geo import crs as systems
from geo.imagery.compared import LIMITS, WORKING, Compared, compared
from geo.imagery.layer import as_layer, written
from geo.imagery.settings import ChangeSettings
from geo.imagery.settled import WrongSetting, settled
from geo.intake.errors import IntakeError
from geo.model import Shapes
from geo.repair import repaired

LAYER = comparisons.LAYER
#: What is compared so far; classes of two days are not.
KIND = "orthophoto"
OUTSIDE = NotAllowed(
    "两幅影像的共同范围超出您的辖区，须由管辖整个范围的人员发起比较。",
    "The common ground of both images reaches beyond your area; whoever answers for all of it may compare them.",
    "outside_scope",
)
NO_GROUND = Unusable("两幅影像没有共同范围。", "The images have no ground in common.", "images_no_common_ground")
OTHER_KIND = Unusable(
    "请选两幅正射影像；分类栅格不能这样比较。",
    "Choose two orthophotos; rasters of classes are not compared in this way.",
    "images_other_kind",
)
NOT_LATER = Unusable("后时相的日期须晚于前时相。", "The later image must be of a later day.", "images_not_later")


def start(office: Office, person: Person, before_id: int, after_id: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a comparison with its job, both in one transaction; the same one is entered once."""
    chosen = _settled(settings)
    with office.begin() as session:
        before, after = (_ready(session, person, one) for one in (before_id, after_id))
        if (before.kind, after.kind) != (KIND, KIND):
            raise OTHER_KIND
        if before.taken_on >= after.taken_on:
            raise NOT_LATER
        ground = images.frame(before).intersection(images.frame(after))
        if ground.area <= 0:
            raise NO_GROUND
        comparison, is_new = comparisons.start(
            session,
            before_id=before.id,
            after_id=after.id,
            scope=_scope(session, person, (before, after), ground),
            settings=chosen.told(),
            ground=ground,
            asked_by=person.id,
        )
        if is_new:
            queue.enqueue_comparison(session, comparison.id)
        state = _state(session, comparison)
    return {"id": comparison.id, "state": state, "url": f"/images#comparison-{comparison.id}"}


def start_as(
    office: Office, username: str, before_id: int, after_id: int, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Start a comparison at the machine itself, in the name of an account."""
    with office.begin() as session:
        person = people.named(session, username)
    if person is None or person.role not in ("official", "admin"):
        raise NotAllowed(
            f"没有可以发起比较的账户 {username}。", f"No account {username} that may compare.", "no_account"
        )
    return start(office, person, before_id, after_id, settings)


def work(office: Office, comparison_id: int) -> None:
    """Do the work on a comparison: compare in the cell, then hand its patches in, in one transaction with the outcome.

    Killed anywhere before that transaction, it begins again and nothing of it is in the books.
    """
    try:
        with office.begin() as session:
            comparison = comparisons.move(session, comparison_id, "comparing")
            before, after = (images.get(session, one) for one in (comparison.before_id, comparison.after_id))
            parcels = comparisons.parcels_on(session, comparisons.ground(comparison))
    except errors.Stale:
        return
    _tell(office, comparison_id, "比较影像", "comparing the images", 0)
    folder = office.settings.folder(pictures.FOLDER)
    _clear(folder)
    try:
        found = compared(
            images.path(folder, before),
            images.path(folder, after),
            folder,
            ChangeSettings(**comparison.settings),
            _outlines(parcels, office.settings.srid, CRS.from_user_input(after.crs)),
            (before.filename, after.filename),
        )
    except IntakeError as refused:
        error = {"code": refused.code, "zh": refused.zh, "en": refused.en}
        # another worker may have been faster, with the same outcome; or a person took it back
        with contextlib.suppress(errors.Stale), office.begin() as session:
            comparisons.move(session, comparison_id, "refused", error=error)
        return
    _tell(office, comparison_id, "交付图斑", "handing the patches in", 1)
    _end(office, comparison, before, after, found)


def finish(office: Office, comparison_id: int) -> dict[str, Any]:
    """Do all of the work on a comparison here, unless a worker was faster, and tell what became of it."""
    work(office, comparison_id)
    with office.begin() as session:
        upload_id = comparisons.get(session, comparison_id).upload_id
    if upload_id:
        walk(office, upload_id, accept=True)
    return told(office, None, comparison_id)


def give_up(office: Office, comparison_id: int, why: str) -> None:
    """End a comparison that cannot be worked on; people see that it failed."""
    error = {"code": "internal", "why": why, **receive.FAILED}
    with contextlib.suppress(errors.Stale), office.begin() as session:
        comparisons.move(session, comparison_id, "failed", error=error)


def withdraw(office: Office, person: Person, comparison_id: int) -> dict[str, Any]:
    """Call a comparison off before it was handed in; what is found of it meanwhile is thrown away."""
    with office.begin() as session:
        _seen(session, person, comparison_id)
        return _line(session, comparisons.move(session, comparison_id, "withdrawn", withdrawn_by=person.id))


def listing(office: Office, person: Person) -> dict[str, Any]:
    """List the comparisons of a person's area, the newest first."""
    with office.begin() as session:
        return {"items": [_line(session, one) for one in comparisons.listing(session, person.scope)]}


def told(office: Office, person: Person | None, comparison_id: int) -> dict[str, Any]:
    """Tell everything about one comparison; nobody is asked who they are at the machine itself."""
    with office.begin() as session:
        return _line(session, _seen(session, person, comparison_id))


def patches(office: Office, person: Person, comparison_id: int) -> dict[str, Any]:
    """The patches that a comparison brought into the books, as GeoJSON, the largest first."""
    with office.begin() as session:
        comparison = _seen(session, person, comparison_id)
        method = (comparison.found or {}).get("method")
        found = comparisons.patches(session, comparison, method) if method else []
        refs = [f"{LAYER}:{feature.code}" for feature, stands in found if stands]
        resting = comparisons.resting(session, comparison, refs) if refs else {}
        srid = srid_of(session)
    found = sorted(found, key=lambda one: (-one[0].area_m2, one[0].code))
    return {
        "type": "FeatureCollection",
        "features": [_patch(feature, stands, srid, resting) for feature, stands in found],
    }


def named(session: Session, image_id: int) -> dict[str, Any]:
    """An image as a comparison names it."""
    image = images.get(session, image_id)
    return {"id": image.id, "filename": image.filename, "taken_on": image.taken_on, "sha256": image.sha256}


def _ready(session: Session, person: Person, image_id: int) -> Image:
    image = images.get(session, image_id, person.scope)
    if image.state != "ready":
        raise NotFound
    return image


def _settled(given: Mapping[str, Any]) -> ChangeSettings:
    try:
        return settled(given)
    except WrongSetting as wrong:
        raise Unusable(f"参数不可用：{wrong}", f"Not a usable setting: {wrong}", "setting") from None


def _scope(session: Session, person: Person, both: tuple[Image, Image], ground: shapely.Geometry) -> str:
    """The area whose ground is compared, if this person answers for all of it.

    Every parcel on the common ground must be theirs; where no parcel lies there, the area that an image was handed in
    for must be.
    """
    narrow, wide = sorted((image.scope for image in both), key=len, reverse=True)
    if not narrow.startswith(wide):
        raise OUTSIDE
    inside, outside = comparisons.parcels_within(session, ground, person.scope)
    if outside or not (inside or people.within(narrow, person.scope)):
        raise OUTSIDE
    return narrow if people.within(narrow, person.scope) else person.scope


def _seen(session: Session, person: Person | None, comparison_id: int) -> Comparison:
    """One comparison, if it is of this person's area."""
    comparison = comparisons.get(session, comparison_id)
    if person is not None and not people.within(comparison.scope, person.scope):
        raise errors.Unknown(str(comparison_id))
    return comparison


def _outlines(parcels: list[bytes], srid: int, system: CRS) -> Shapes:
    """The outlines of parcels in the system of an image, as repaired copies where they are invalid."""
    shapes = np.array(shapely.from_wkb(parcels), dtype=object)
    if not len(shapes):
        return shapes
    go = systems.way(CRS.from_epsg(srid), system)
    moved = shapely.transform(shapes, lambda points: np.column_stack(go(points[:, 0], points[:, 1])))
    bad = ~shapely.is_valid(moved)
    moved[bad] = repaired(moved[bad])
    return np.array([shape for shape in moved if shape is not None], dtype=object)


def _end(office: Office, comparison: Comparison, before: Image, after: Image, found: Compared) -> None:
    """Keep the patches as a file, and enter it as a delivery together with the outcome."""
    source = {
        role: {"image": image.id, "sha256": image.sha256, "taken_on": image.taken_on.isoformat()}
        for role, image in (("before", before), ("after", after))
    }
    method = found.method | {"images": source}
    outcome = {
        "counted": found.counted,
        "seen_m2": found.seen_m2,
        "unseen_m2": found.unseen_m2,
        "method": written(method),
        "version": version("dingxin"),
    }
    suspected = found.suspected
    content = None
    if len(suspected):
        layer = as_layer(suspected, method, before.taken_on, after.taken_on)
        content = _geojson(layer, office.settings.srid)
        _keep(office, content)
    with contextlib.suppress(errors.Stale), office.begin() as session:
        upload_id = None if content is None else _handed_in(session, comparison, after, content, office.settings.srid)
        comparisons.move(session, comparison.id, "compared", found=outcome, upload_id=upload_id)


def _geojson(layer: gpd.GeoDataFrame, srid: int) -> bytes:
    """The layer in the metric system of the deployment, as a file that is the same bytes for the same patches."""
    text = json.loads(systems.reprojected(layer, CRS.from_epsg(srid)).to_json(drop_id=True))
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{srid}"}}
    told = {"type": "FeatureCollection", "name": "JCTB", "crs": crs, "features": text["features"]}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def _keep(office: Office, content: bytes) -> None:
    """Put the file where deliveries are kept, whole and on the disk, under its digest."""
    path = office.settings.folder(receive.FOLDER) / hashlib.sha256(content).hexdigest()
    if path.exists():
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        stream.copy(Path(file.name), path)


def _handed_in(session: Session, comparison: Comparison, after: Image, content: bytes, srid: int) -> int:
    """Enter the file as a delivery of whoever asked for the comparison, with its job."""
    upload, is_new = uploads.start(
        session,
        sha256=hashlib.sha256(content).hexdigest(),
        filename=f"影像比较-{comparison.before_id}-{comparison.after_id}.geojson",
        size_bytes=len(content),
        scope=comparison.scope,
        decisions={"scope": comparison.scope, "layer": LAYER, "crs": srid, "encoding": None, "columns": None},
        uploader_id=comparison.asked_by,
        surveyed_on=after.taken_on,
    )
    if is_new:
        queue.enqueue(session, upload.id, accept=True)
    return upload.id


def _tell(office: Office, comparison_id: int, zh: str, en: str, done: int) -> None:
    """Tell how far the work is, in a transaction of its own: people look while the work goes on."""
    with office.begin() as session:
        comparisons.progress(session, comparison_id, zh, en, done, 2)


def _clear(folder: Path) -> None:
    """Clear away what was left by a machine that stopped in the middle: folders older than a child may live."""
    old = time.time() - timedelta(seconds=2 * LIMITS.seconds).total_seconds()
    for left in folder.glob(f"{WORKING}*"):
        if left.stat().st_mtime < old:
            shutil.rmtree(left, ignore_errors=True)


def _state(session: Session, comparison: Comparison) -> str:
    """Where a comparison stands: once handed in, where its delivery stands."""
    if comparison.state != "compared":
        return comparison.state
    return uploads.get(session, comparison.upload_id).state if comparison.upload_id else "done"


def _line(session: Session, comparison: Comparison) -> dict[str, Any]:
    """One comparison as people see it."""
    found = comparison.found or {}
    upload = uploads.get(session, comparison.upload_id) if comparison.upload_id else None
    counts = upload.counts if upload else None
    asked_by, withdrawn_by = (
        session.get_one(Account, one).username if one else None
        for one in (comparison.asked_by, comparison.withdrawn_by)
    )
    return {
        "id": comparison.id,
        "url": f"/images#comparison-{comparison.id}",
        "before": named(session, comparison.before_id),
        "after": named(session, comparison.after_id),
        "scope": comparison.scope,
        "settings": comparison.settings,
        "asked_by": asked_by,
        "asked_at": comparison.asked_at,
        "withdrawn_by": withdrawn_by,
        "state": _state(session, comparison),
        "progress": comparison.progress or (upload.progress if upload else None),
        "error": comparison.error or (upload.error if upload else None),
        "patches": [{"kind": kind, **one} for kind, one in sorted(found.get("counted", {}).items())],
        "seen_m2": found.get("seen_m2"),
        "unseen_m2": found.get("unseen_m2"),
        "method": json.loads(found["method"]) if found else None,
        "version": found.get("version"),
        "upload": comparison.upload_id,
        "counts": counts,
        "ended_at": upload.ended_at if upload else comparison.ended_at,
    }


def _patch(
    feature: SurveyFeature, stands: bool, srid: int, resting: Mapping[str, list[dict[str, str]]]
) -> dict[str, Any]:
    """One patch as GeoJSON, with the findings of today that rest on it."""
    said, ref = feature.attributes, f"{LAYER}:{feature.code}"
    wkb = bytes(feature.geom.data)
    return {
        "type": "Feature",
        "geometry": shown.in_degrees(wkb, srid),
        "properties": {
            "ref": ref,
            "name": feature.name,
            "class_code": feature.class_code,
            "before_on": said.get("before_on"),
            "after_on": feature.surveyed_on,
            "area_m2": feature.area_m2,
            "width_m": said.get("width_m"),
            "confidence": said.get("confidence"),
            "stands": stands,
            "findings": resting.get(ref, []) if stands else [],
        },
    }
