"""Publish as OGC API Features: what a program may ask of a collection, and the documents that answer it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from pyproj import CRS, Transformer
from sqlalchemy.orm import Session

from api.errors import NotFound, Refused
from api.office import Office
from api.people import Person
from data.session import srid_of
from data.store import published
from data.store.findings import DEGREES
from data.store.published import COLLECTIONS, Asked

_CLASSES = "http://www.opengis.net/spec/ogcapi-features-{}"
CONFORMS_TO = (
    _CLASSES.format("1/1.0/conf/core"),
    _CLASSES.format("1/1.0/conf/geojson"),
    _CLASSES.format("2/1.0/conf/crs"),
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}"
#: CGCS2000 and WGS 84 in degrees, and the map's own; the deployment's metric system comes first.
_FURTHER = (4490, 4326, 3857)
PAGE, MOST = 1000, 10_000
#: A millionth of a degree is a decimetre, so nine decimals are a tenth of a millimetre; metres come as they are kept.
_DIGITS_OF_DEGREES, _DIGITS_OF_METRES = 9, 15
_KNOWN = ("limit", "bbox", "bbox-crs", "crs", "datetime", "after", "f")
TITLES = {
    "parcels": ("承包地块", "Contracted parcels"),
    "reserved_land": ("留用地", "Reserved land"),
    "findings": ("疑似线索：争议地面", "Findings: the ground in dispute"),
    "finding_points": ("疑似线索：位置", "Findings: where they are"),
}


@dataclass(frozen=True)
class Page:
    """A document and the system that its coordinates are in."""

    body: bytes
    crs: str


@dataclass(frozen=True)
class _System:
    """A system that coordinates are given or wanted in; `flip` where it names the north first."""

    uri: str
    srid: int
    flip: bool
    digits: int


def landing(root: str) -> dict[str, Any]:
    """Say what this API is and where to go on."""
    return {
        "title": "定心 Dingxin",
        "description": "已发布的地块、留用地与疑似线索。 Parcels, reserved land and findings as published.",
        "links": [
            _link(root, "self", "application/json"),
            _link(f"{root}/conformance", "conformance", "application/json"),
            _link(f"{root}/collections", "data", "application/json"),
            _link(f"{root.removesuffix('/ogc')}/api/v1/openapi.json", "service-desc", "application/json"),
        ],
    }


def collections(office: Office, person: Person, root: str) -> dict[str, Any]:
    """Describe every collection as this person sees it."""
    with office.begin() as session:
        told = [_told(session, person, name, root) for name in COLLECTIONS]
    return {"links": [_link(f"{root}/collections", "self", "application/json")], "collections": told}


def collection(office: Office, person: Person, name: str, root: str) -> dict[str, Any]:
    """Describe one collection; NotFound where there is none of that name."""
    _expect(name)
    with office.begin() as session:
        return _told(session, person, name, root)


def items(office: Office, person: Person, name: str, given: Sequence[tuple[str, str]], root: str) -> Page:
    """Give one page of a collection; Refused for a parameter that is unknown, repeated or no value of its kind."""
    _expect(name)
    asked = _once(given, (*_KNOWN, *COLLECTIONS[name]))
    limit = min(_whole(asked.get("limit", str(PAGE))), MOST)
    with office.begin() as session:
        systems = _systems(srid_of(session))
        system = _chosen(systems, asked, "crs")
        wanted = Asked(
            person.scope,
            _box(asked["bbox"], _chosen(systems, asked, "bbox-crs")) if "bbox" in asked else None,
            _days(asked["datetime"]) if "datetime" in asked else None,
            {key: value for key, value in asked.items() if key in COLLECTIONS[name]},
        )
        shape = {"srid": system.srid, "flip": system.flip, "digits": system.digits}
        rows = published.items(session, name, wanted, **shape, limit=limit, after=asked.get("after"))
        matched = published.count(session, name, wanted)
    here = f"{root}/collections/{name}/items"
    links = [_link(_with(here, asked), "self", "application/geo+json")]
    links.append(_link(f"{root}/collections/{name}", "collection", "application/json"))
    if len(rows) > limit:
        following = asked | {"after": rows[limit - 1]["id"], "limit": str(limit)}
        links.append(_link(_with(here, following), "next", "application/geo+json"))
    told = {"links": links, "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    told |= {"numberReturned": min(limit, len(rows))} | ({} if matched is None else {"numberMatched": matched})
    shown = ",".join(_feature(name, row) for row in rows[:limit])
    head = json.dumps({"type": "FeatureCollection"} | told, ensure_ascii=False)
    return Page(f'{head[:-1]}, "features": [{shown}]}}'.encode(), system.uri)


def item(office: Office, person: Person, name: str, id: str, given: Sequence[tuple[str, str]], root: str) -> Page:
    """Give one feature; NotFound where there is none in the person's area."""
    _expect(name)
    asked = _once(given, ("crs", "f"))
    with office.begin() as session:
        system = _chosen(_systems(srid_of(session)), asked, "crs")
        shape = {"srid": system.srid, "flip": system.flip, "digits": system.digits}
        row = published.item(session, name, id, Asked(person.scope), **shape)
    if row is None:
        raise NotFound
    here = f"{root}/collections/{name}"
    links = [_link(f"{here}/items/{id}", "self", "application/geo+json"), _link(here, "collection", "application/json")]
    return Page(f'{_feature(name, row)[:-1]}, "links": {json.dumps(links)}}}'.encode(), system.uri)


def _told(session: Session, person: Person, name: str, root: str) -> dict[str, Any]:
    zh, en = TITLES[name]
    here = f"{root}/collections/{name}"
    metric = _EPSG.format(srid_of(session))
    box = published.extent(session, name, Asked(person.scope))
    return {
        "id": name,
        "title": f"{zh} {en}",
        "itemType": "feature",
        "links": [
            _link(here, "self", "application/json"),
            _link(f"{here}/items", "items", "application/geo+json"),
        ],
        "crs": list(_systems(srid_of(session))),
        "storageCrs": metric,
    } | ({"extent": {"spatial": {"bbox": [list(box)], "crs": CRS84}}} if box else {})


def _feature(name: str, row: Mapping[str, Any]) -> str:
    """One feature as GeoJSON text; its shape, if it has one, came as text from the database and is not read again."""
    said = json.dumps({one: _plain(row[one]) for one in COLLECTIONS[name]}, ensure_ascii=False)
    shape = row["geometry"] or "null"
    return f'{{"type": "Feature", "id": {json.dumps(row["id"])}, "geometry": {shape}, "properties": {said}}}'


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@cache
def _systems(metric: int) -> dict[str, _System]:
    """The systems in which coordinates can be had, by their names."""
    named = {CRS84: _System(CRS84, DEGREES, False, _DIGITS_OF_DEGREES)}
    for srid in dict.fromkeys((metric, *_FURTHER)):
        known, uri = CRS.from_epsg(srid), _EPSG.format(srid)
        digits = _DIGITS_OF_METRES if known.is_projected else _DIGITS_OF_DEGREES
        named[uri] = _System(uri, srid, known.axis_info[0].direction == "north", digits)
    return named


def _chosen(systems: Mapping[str, _System], asked: Mapping[str, str], parameter: str) -> _System:
    try:
        return systems[asked.get(parameter, CRS84)]
    except KeyError:
        raise _wrong(parameter) from None


def _once(given: Iterable[tuple[str, str]], known: Sequence[str]) -> dict[str, str]:
    """The parameters by name; one that is not known, or comes twice, is refused."""
    asked: dict[str, str] = {}
    for name, value in given:
        if name not in known or name in asked:
            raise _wrong(name)
        asked[name] = value
    if asked.pop("f", "json") not in ("json", "geojson"):
        raise _wrong("f")
    return asked


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) >= 1):
        raise _wrong("limit")
    return int(text)


def _box(text: str, system: _System) -> published.Box:
    """A box of any system as a box in degrees; heights are passed over."""
    try:
        numbers = [float(part) for part in text.split(",")] if len(text) <= 200 and text.isascii() else []
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(math.isfinite(number) for number in numbers):
        raise _wrong("bbox")
    half = len(numbers) // 2
    low, high = numbers[:2], numbers[half : half + 2]
    if system.flip:
        low, high = low[::-1], high[::-1]
    if low[0] > high[0] or low[1] > high[1]:
        raise _wrong("bbox")
    west, south, east, north = _degrees(system.srid).transform_bounds(*low, *high)
    if not all(math.isfinite(number) for number in (west, south, east, north)):
        raise _wrong("bbox")
    # The map ends at 85 degrees; nothing of ours lies beyond.
    west, south, east, north = max(west, -180.0), max(south, -85.0), min(east, 180.0), min(north, 85.0)
    if west > east or south > north:
        raise _wrong("bbox")
    return west, south, east, north


@cache
def _degrees(srid: int) -> Transformer:
    return Transformer.from_crs(srid, DEGREES, always_xy=True)


def _days(text: str) -> tuple[date | None, date | None]:
    """An instant or an interval (RFC 3339, `..` for an open end) as days, the last one after its end."""
    first, slash, last = text.partition("/")
    begins, ends = _day(first), _day(last if slash else first)
    if (slash and begins is None and ends is None) or (begins and ends and begins > ends):
        raise _wrong("datetime")
    return begins, None if ends is None else ends + timedelta(days=1)


def _day(text: str) -> date | None:
    if text in ("", ".."):
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        raise _wrong("datetime") from None
    if not date(1900, 1, 1) <= day <= date(9998, 12, 31):
        raise _wrong("datetime")
    return day


def _expect(name: str) -> None:
    if name not in COLLECTIONS:
        raise NotFound


def _wrong(parameter: str) -> Refused:
    shown = parameter[:40] if parameter.isprintable() else "?"
    return Refused(f"参数 {shown} 无法使用。", f"The parameter {shown} cannot be used.", "parameter")


def _with(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(asked)}" if asked else url


def _link(href: str, rel: str, kind: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind}
