"""Comparisons of images: asked for once, brought to an end once, and the patches that they brought into the books."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from geoalchemy2.elements import WKBElement
from sqlalchemy import func, literal, not_, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from data.session import srid_of
from data.sql import read_sql
from data.store import locks, places
from data.store.errors import Stale, Unknown
from data.store.plain import plain
from data.tables import Comparison, Parcel, SurveyFeature, Upload

#: A listing ends here.
MOST = 200
LAYER = "change_patch"
#: From where each state can be reached; whoever comes too late is Stale.
_BEFORE = {
    "comparing": ("received", "comparing"),
    "compared": ("comparing",),
    "refused": ("comparing",),
    "failed": ("received", "comparing"),
    "withdrawn": ("received", "comparing"),
}


def start(
    session: Session,
    *,
    before_id: int,
    after_id: int,
    scope: str,
    settings: Mapping[str, Any],
    ground: shapely.Geometry,
    asked_by: int,
) -> tuple[Comparison, bool]:
    """Enter a comparison; gives it and whether it is new.

    The same images with the same settings are one comparison while it is under way, and as long as no other delivery
    for its scope, a part of it or more than it, has been accepted since.
    """
    digest = hashlib.sha256(json.dumps(plain(settings), sort_keys=True).encode()).hexdigest()
    locks.lock(session, f"comparison:{before_id}:{after_id}")
    known = _same(session, before_id, after_id, digest, scope)
    if known is not None:
        return known, False
    comparison = Comparison(
        before_id=before_id,
        after_id=after_id,
        scope=scope,
        settings=plain(settings),
        digest=digest,
        geom=WKBElement(shapely.to_wkb(ground), srid_of(session)),
        asked_by=asked_by,
        state="received",
    )
    session.add(comparison)
    session.flush()
    return comparison, True


def _same(session: Session, before_id: int, after_id: int, digest: str, scope: str) -> Comparison | None:
    """The comparison that this one would repeat, if any."""
    same = {"before_id": before_id, "after_id": after_id, "digest": digest, "scope": scope}
    wanted = Comparison.state.in_(("received", "comparing", "compared"))
    known = session.scalars(select(Comparison).filter_by(**same).where(wanted).order_by(Comparison.id.desc())).first()
    if known is None or known.state != "compared":
        return known
    own = session.get(Upload, known.upload_id) if known.upload_id else None
    if own is not None and own.state in ("refused", "failed", "withdrawn"):
        return None
    meets = or_(Upload.scope.startswith(known.scope), literal(known.scope).startswith(Upload.scope))
    later = select(Upload.id).where(meets, Upload.accepted_at > known.begun_at, Upload.id != (known.upload_id or 0))
    return None if session.scalar(later.limit(1)) else known


def get(session: Session, comparison_id: int) -> Comparison:
    """One comparison; Unknown where there is none."""
    found = session.get(Comparison, comparison_id)
    if found is None:
        raise Unknown(str(comparison_id))
    return found


def listing(session: Session, scope: str = "", limit: int = MOST) -> list[Comparison]:
    """The comparisons of an area, the newest first."""
    query = select(Comparison).where(Comparison.scope.startswith(scope, autoescape=True))
    return list(session.scalars(query.order_by(Comparison.id.desc()).limit(max(1, min(limit, MOST)))))


def move(session: Session, comparison_id: int, state: str, **told: Any) -> Comparison:
    """Bring a comparison to its next state, with whatever there is to tell; Stale if it moved on."""
    found = session.get(Comparison, comparison_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Unknown(str(comparison_id))
    if found.state not in _BEFORE[state]:
        raise Stale(f"comparison {comparison_id} is {found.state}")
    now = session.scalar(select(func.clock_timestamp()))
    for name, value in told.items():
        setattr(found, name, plain(value))
    found.state = state
    if state == "comparing":
        found.begun_at = now
    else:
        found.ended_at, found.progress = now, None
    session.flush()
    return found


def progress(session: Session, comparison_id: int, zh: str, en: str, done: int, total: int) -> None:
    """Tell how far the work on a comparison is."""
    found = get(session, comparison_id)
    if found.state == "comparing":
        found.progress = {"step_zh": zh, "step_en": en, "done": done, "total": total}
        session.flush()


def of_upload(session: Session, upload_id: int) -> Comparison | None:
    """The comparison whose patches a delivery brings, if it is one."""
    wanted = select(Comparison).where(Comparison.upload_id == upload_id).order_by(Comparison.id)
    return session.scalars(wanted.limit(1)).first()


def uploads_of_pair(session: Session, comparison: Comparison) -> list[int]:
    """The deliveries that comparisons of the same two images became."""
    pair = {"before_id": comparison.before_id, "after_id": comparison.after_id}
    wanted = select(Comparison.upload_id).filter_by(**pair).where(Comparison.upload_id.is_not(None))
    return list(session.scalars(wanted.distinct()))


def ground(comparison: Comparison) -> shapely.Geometry:
    """The ground that is compared, in the metric system of the deployment."""
    return shapely.from_wkb(bytes(WKBElement(comparison.geom.data).data))


def parcels_on(session: Session, where: shapely.Geometry) -> list[bytes]:
    """The outlines of the parcels of today on some ground, well-known binary, in the order of their codes."""
    rows = session.scalars(
        select(func.ST_AsBinary(Parcel.geom)).where(*_standing_on(session, where)).order_by(Parcel.code)
    )
    return [bytes(wkb) for wkb in rows]


def parcels_within(session: Session, where: shapely.Geometry, scope: str) -> tuple[int, int]:
    """How many parcels of today on some ground belong to an area, and how many to others."""
    theirs = places.under(Parcel.code, places.prefixes(session, [scope]))
    counted = select(func.count().filter(theirs), func.count().filter(not_(theirs)))
    inside, outside = session.execute(counted.select_from(Parcel).where(*_standing_on(session, where))).one()
    return inside, outside


def _standing_on(session: Session, where: shapely.Geometry) -> list[Any]:
    shape = func.ST_GeomFromWKB(shapely.to_wkb(where), srid_of(session))
    return [
        func.upper_inf(Parcel.known),
        Parcel.valid.op("@>")(func.current_date()),
        Parcel.geom.op("&&")(shape),
        func.ST_Intersects(Parcel.geom, shape),
    ]


def patches(session: Session, comparison: Comparison, method: str) -> Sequence[tuple[SurveyFeature, bool]]:
    """The patches that a comparison brought into the books, and whether each still stands there, by their names."""
    wanted = (
        SurveyFeature.layer == LAYER,
        SurveyFeature.geom.op("&&")(comparison.geom),
        SurveyFeature.attributes["method"].astext == method,
    )
    stands = (func.upper_inf(SurveyFeature.known) & func.upper_inf(SurveyFeature.valid)).label("stands")
    query = (
        select(SurveyFeature, stands)
        .where(*wanted)
        .ext(distinct_on(SurveyFeature.code))
        .order_by(SurveyFeature.code, func.lower(SurveyFeature.known).desc(), func.lower(SurveyFeature.valid).desc())
    )
    return [(feature, bool(now)) for feature, now in session.execute(query)]


def resting(session: Session, comparison: Comparison, refs: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """The findings that stand and rest on patches of a comparison: of each patch, their keys and rules."""
    told = {"ground": shapely.to_wkb(ground(comparison)), "srid": srid_of(session), "refs": list(refs)}
    found: dict[str, list[dict[str, str]]] = {}
    for ref, key, rule in session.execute(text(read_sql("comparisons/resting.sql")), told):
        found.setdefault(ref, []).append({"key": key, "rule": rule})
    return found


def of_patches(session: Session, refs: Sequence[str]) -> list[tuple[Comparison, set[str]]]:
    """The comparisons that patches came from, as the books know these patches last, each with its patches."""
    codes = [ref.partition(":")[2] for ref in refs]
    latest = (
        select(SurveyFeature.code, SurveyFeature.upload_id)
        .where(SurveyFeature.layer == LAYER, SurveyFeature.code.in_(codes))
        .ext(distinct_on(SurveyFeature.code))
        .order_by(SurveyFeature.code, func.lower(SurveyFeature.known).desc(), func.lower(SurveyFeature.valid).desc())
    )
    brought: dict[int, set[str]] = {}
    for code, upload_id in session.execute(latest):
        brought.setdefault(upload_id, set()).add(f"{LAYER}:{code}")
    found = [(of_upload(session, upload_id), mine) for upload_id, mine in sorted(brought.items())]
    return [(comparison, mine) for comparison, mine in found if comparison is not None]
