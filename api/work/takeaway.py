"""Take away: any layer, table or list as a file, of one's own area, with names only for those who need them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from api.errors import NotFound, TooLarge, Unusable
from api.office import Office
from api.people import Person, within
from api.work import publish, receive, report
from api.work.certify import bound
from data.delivery import registry
from data.delivery.extract import extract
from data.delivery.kept import area
from data.session import srid_of
from data.store import uploads
from data.store.findings import Filters
from geo.crs import CrsRefused, from_epsg
from geo.delivery import formats, shapefile, sheets
from geo.delivery.defects import Defect
from geo.delivery.formats import Listed
from geo.fields import Field, layers
from geo.masks import mask_id, mask_name

#: More rows than a page should wait for; the command line writes any number.
MOST = 200_000
MEDIA = {
    ".gpkg": "application/geopackage+sqlite3",
    ".geojson": "application/geo+json",
    ".zip": "application/zip",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".dxf": "image/vnd.dxf",
}
#: Names of people, by our names of fields; contractors and members are named by `name`.
_NAMES = ("holder", "head_name", "collector_name", "neighbour_holder", "neighbour_witness", "boundary_witness")
_NAMED = ("contractor", "member")
_NEEDS_NAMES = ("official", "admin")
#: What a shapefile calls those columns of findings that are too long for it.
_SHORT = {"village_name": "vill_name", "sentence_zh": "sent_zh", "sentence_en": "sent_en"}
_NUMBERS = ("shared_m2", "firm_m2", "width_m", "share_a", "share_b", "lon", "lat")
UPLOAD = ("id", "filename", "state", "scope", "size_bytes", "sha256", "received_at", "accepted_at", "ended_at")
REJECTED = ("layer", "row", "code", "parcel_code", "reason_zh", "reason_en", "x", "y")
_WHOLE = ("id", "size_bytes", "row", "read", "stored", "rejected", "findings")


@dataclass(frozen=True)
class Asked:
    """What is asked for: `what` by our name or the standard's, its format, where, and in which system."""

    what: str
    form: str
    #: The beginning of the codes; the person's whole area where it is empty.
    scope: str = ""
    system: int | None = None
    upload: int | None = None
    #: Filters of findings, by name.
    findings: Any = None


def body(office: Office, person: Person, asked: Asked) -> tuple[str, str, bytes]:
    """Give a file of one's own area: its name, its kind and its bytes; NotFound for what one may not see."""
    with tempfile.TemporaryDirectory(prefix="dingxin-out-") as folder:
        path, _, _ = written(office, person, asked, Path(folder), MOST)
        return path.name, MEDIA[path.suffix], path.read_bytes()


def written(
    office: Office, person: Person | None, asked: Asked, folder: Path, most: int | None = None
) -> tuple[Path, int, list[Defect]]:
    """Write a file into a folder; gives it, its rows, and what it could not hold.

    At the machine itself nobody is asked who they are.
    """
    scope = asked.scope or (person.scope if person else "")
    if person is not None and not within(scope, person.scope):
        raise NotFound
    with office.begin() as session:
        listed = _listed(session, person, replace(asked, scope=scope), most)
    if listed.shapes is not None:
        listed = _in_system(listed, asked)
    try:
        path, defects = formats.write(listed, asked.form, folder)
    except formats.NoShapes:
        raise Unusable("这份清单没有图形。", "This list has no shapes.", "no_shapes") from None
    except sheets.TooLong:
        raise TooLarge("XLSX 放不下，请用 CSV。", "XLSX has no room for this; take CSV.", "too_long") from None
    return path, len(listed.frame), defects


def _in_system(listed: Listed, asked: Asked) -> Listed:
    """Shapes in the system asked for; else GeoJSON in degrees, drawings in metres, and all others as delivered."""
    system = f"EPSG:{asked.system}" if asked.system else formats.DEGREES if asked.form == "geojson" else listed.crs
    try:
        if asked.system:
            from_epsg(asked.system)
        return formats.in_system(listed, system) if system else listed
    except CrsRefused:
        raise Unusable("不能换算到这个坐标系。", "No way leads to that system of coordinates.", "crs") from None


def _listed(session: Session, person: Person | None, asked: Asked, most: int | None) -> Listed:
    lists: dict[str, Callable[..., Listed]] = {
        "findings": _findings,
        "uploads": _uploads,
        "rejected": _rejected,
        "registry": _registry,
    }
    if asked.what in lists:
        return lists[asked.what](session, person, asked)
    tables = [known.table for known in layers() if asked.what in (known.layer, known.table)]
    if not tables:
        raise NotFound
    where = area(session, asked.scope)
    found = [extract(session, where, table) for table in tables]
    found = [one for one in found if one.rows] or found[:1]
    if most is not None and sum(one.rows for one in found) > most:
        raise TooLarge(f"超过 {most} 行，请选一个村。", f"Over {most} rows; choose a village.", "too_many_rows")
    main = found[0]
    parts = [part for one in found for part in one.batches(session)]
    fields = list({one.standard: one for each in found for one in each.fields}.values())
    frame = pd.concat([frame for frame, _ in parts], ignore_index=True) if parts else pd.DataFrame()
    drawn = main.layer.geometry is not None
    return Listed(
        main.layer.table,
        fields,
        _masked(frame, fields, person),
        date.today(),
        np.concatenate([shapes for _, shapes in parts] or [np.empty(0, dtype=object)]) if drawn else None,
        shapefile.KINDS.get(main.shape or "", shapefile.POLYGON),
        (main.crs or f"EPSG:{where.srid}") if drawn else None,
        next((one.standard for one in fields if one.name in ("code", "number")), None),
    )


def _masked(frame: pd.DataFrame, fields: Iterable[Field], person: Person | None) -> pd.DataFrame:
    """ID numbers without their digits for everybody; names, phones and neighbours only for those who need them."""
    needs = person is None or person.role in _NEEDS_NAMES
    for one in fields:
        if one.standard not in frame:
            continue
        mask = mask_id if one.name.endswith("id_number") else None
        if not needs and (one.name in _NAMES or (one.name == "name" and one.layer in _NAMED)):
            mask = mask_name
        elif not needs and one.name == "phone":
            mask = mask_id
        elif not needs and one.name.startswith("bound_"):
            mask = bound
        if mask:
            frame[one.standard] = [mask(value) if value else value for value in frame[one.standard]]
    return frame


def _findings(session: Session, person: Person | None, asked: Asked) -> Listed:
    """Findings with the filters of the list; the cut, or the point of those that have none."""
    only = {"village": asked.scope} | (asked.findings or {})
    rows = publish.flat_rows(session, Filters(scope=person.scope if person else "", **only))
    shapes = shapely.from_wkb([row["geom_wkb"] or row["point_wkb"] for row in rows])
    frame, fields = _frame(rows, publish.COLUMNS, _SHORT if asked.form == "shp" else {})
    system = f"EPSG:{srid_of(session)}"
    return Listed("findings", fields, frame, date.today(), np.asarray(shapes, dtype=object), crs=system, code="rule")


def _uploads(session: Session, person: Person | None, asked: Asked) -> Listed:
    """All deliveries for an area, the newest first."""
    found, before = [], None
    while page := uploads.listing(session, asked.scope, limit=uploads.MOST, before=before):
        found += [report.short(session, one) for one in page]
        before = page[-1].id
    sums = ("read", "stored", "rejected")
    rows = [one | {name: sum(layer[name] for layer in one["layers"]) for name in sums} for one in found]
    frame, fields = _frame(rows, (*UPLOAD, *sums, "findings"))
    return Listed("uploads", fields, frame, date.today())


def _rejected(session: Session, person: Person | None, asked: Asked) -> Listed:
    """The rows of a delivery that could not be stored."""
    if asked.upload is None:
        raise Unusable("请指明哪一次上传。", "Say which upload.", "which_upload")
    receive.seen(session, person, asked.upload)
    rows = [{name: getattr(row, name) for name in REJECTED} for row in uploads.rejected(session, asked.upload)]
    frame, fields = _frame(rows, REJECTED)
    return Listed("rejected", fields, frame, date.today())


def _registry(session: Session, person: Person | None, asked: Asked) -> Listed:
    """The rights of an area for the real-estate register: at the machine with ID numbers, which it must have."""
    frame = registry.registry(session, area(session, asked.scope))
    fields = registry.fields()
    masked = frame if person is None else _masked(frame, fields, person)
    return Listed("registry", fields, masked, date.today())


def _frame(rows: list[dict[str, Any]], names: Iterable[str], short: dict[str, str] | None = None) -> Any:
    """Rows of a list of ours as a frame, and its fields: numbers as numbers, all else as text."""
    fields, columns = [], {}
    for name in names:
        called = (short or {}).get(name, name)
        kind = "int" if name in _WHOLE else "float" if name in (*_NUMBERS, "x", "y") else "char"
        length, decimals = (254, None) if kind == "char" else (15, 6 if kind == "float" else None)
        fields.append(Field("", "", called, name, "", "", kind, length, decimals, "O", None, True))
        values = [row[name] for row in rows]
        columns[called] = [None if v is None else str(v) for v in values] if kind == "char" else values
    return pd.DataFrame(columns, dtype=object), fields
