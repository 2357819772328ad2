"""Deliveries from the first byte to the last finding: what counts as the same one, and every state it passes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from data.store import locks
from data.store.errors import Stale, Unknown
from data.store.plain import plain
from data.tables import RejectedRow, Upload, UploadLayer
from data.tables.deliveries import ENDED, UNDER_WAY

MOST = 500
#: From where each state can be reached; whoever comes too late is Stale.
_BEFORE = {
    "reading": ("received", "reading"),
    "awaiting_acceptance": ("reading",),
    "storing": ("awaiting_acceptance", "storing"),
    "detecting": ("storing", "detecting"),
    "done": ("detecting",),
    "refused": ("received", "reading"),
    "withdrawn": ("awaiting_acceptance",),
    "failed": UNDER_WAY,
}


@dataclass(frozen=True)
class LayerReport:
    """What was read of one layer or table; `rejected` are rows of `RejectedRow`, by its column names."""

    layer: str
    source: str
    read: int
    stored: int
    rejected: Sequence[Mapping[str, Any]]
    crs: str | None = None
    crs_evidence: Sequence[Any] = ()
    encoding: str | None = None
    encoding_evidence: Sequence[Any] = ()
    columns: Mapping[str, str] | None = None
    ignored: Sequence[str] = ()
    notes: Sequence[Any] = ()


def start(
    session: Session,
    *,
    sha256: str,
    filename: str,
    size_bytes: int,
    scope: str,
    decisions: Mapping[str, Any],
    uploader_id: int,
    surveyed_on: date | None = None,
) -> tuple[Upload, bool]:
    """Enter a delivery; gives it and whether it is new.

    The same bytes with the same decisions are one import while it is under way, and as long as no other delivery
    for its scope, a part of it or more than it, has been accepted since. Two at once get the same one.
    """
    fingerprint = hashlib.sha256(
        json.dumps(plain(decisions), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    locks.lock(session, f"upload:{sha256}:{fingerprint}")
    known = _same(session, sha256, fingerprint)
    if known is not None:
        return known, False
    upload = Upload(
        sha256=sha256,
        filename=filename,
        size_bytes=size_bytes,
        scope=scope,
        decisions=plain(decisions),
        fingerprint=fingerprint,
        uploader_id=uploader_id,
        surveyed_on=surveyed_on,
        state="received",
    )
    session.add(upload)
    session.flush()
    return upload, True


def _same(session: Session, sha256: str, fingerprint: str) -> Upload | None:
    """The delivery that this one would repeat, if any."""
    same = (Upload.sha256 == sha256, Upload.fingerprint == fingerprint)
    query = select(Upload).where(*same, Upload.state.in_((*UNDER_WAY, "done"))).order_by(Upload.id.desc()).limit(1)
    known = session.scalars(query).first()
    if known is None or known.state != "done":
        return known
    meets = or_(Upload.scope.startswith(known.scope), literal(known.scope).startswith(Upload.scope))
    later = select(Upload.id).where(meets, Upload.accepted_at > known.accepted_at).limit(1)
    return None if session.scalar(later) else known


def get(session: Session, upload_id: int) -> Upload:
    """One delivery; Unknown where there is none."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise Unknown(str(upload_id))
    return upload


def move(session: Session, upload_id: int, state: str, **told: Any) -> Upload:
    """Bring a delivery to its next state, with whatever there is to tell (columns of Upload); Stale if it moved on."""
    upload = session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
    if upload is None:
        raise Unknown(str(upload_id))
    if upload.state not in _BEFORE[state]:
        raise Stale(f"upload {upload_id} is {upload.state}")
    upload.state = state
    if state == "storing" and upload.accepted_at is None:
        upload.accepted_at = session.scalar(select(func.clock_timestamp()))
    if state in ENDED:
        upload.ended_at = session.scalar(select(func.clock_timestamp()))
        upload.progress = None
    for name, value in told.items():
        setattr(upload, name, plain(value))
    session.flush()
    return upload


def progress(session: Session, upload_id: int, zh: str, en: str, done: int, total: int) -> None:
    """Tell how far the work on a delivery is."""
    upload = get(session, upload_id)
    if upload.state in UNDER_WAY:
        upload.progress = {"step_zh": zh, "step_en": en, "done": done, "total": total}
        session.flush()


def report(
    session: Session,
    upload_id: int,
    layers: Iterable[LayerReport],
    summary: Mapping[str, Any],
    preview: Sequence[Any] = (),
) -> Upload:
    """Write down once what was read, and wait for the surveyor."""
    upload = move(session, upload_id, "awaiting_acceptance", report=summary, preview=preview, progress=None)
    for position, told in enumerate(layers):
        facts = {name: plain(value) for name, value in vars(told).items() if name != "rejected"}
        session.add(UploadLayer(upload_id=upload_id, position=position, rejected=len(told.rejected), **facts))
        session.add_all(RejectedRow(upload_id=upload_id, layer=told.layer, **row) for row in told.rejected)
    session.flush()
    return upload


def layers(session: Session, upload_id: int) -> list[UploadLayer]:
    """What was read of each layer, in the order of the file."""
    return list(session.scalars(select(UploadLayer).filter_by(upload_id=upload_id).order_by(UploadLayer.position)))


def rejected(session: Session, upload_id: int, limit: int | None = None) -> list[RejectedRow]:
    """The rows that could not be stored, layer by layer in the order of the file."""
    query = select(RejectedRow).filter_by(upload_id=upload_id).order_by(RejectedRow.id)
    return list(session.scalars(query.limit(limit)))


def listing(session: Session, scope: str = "", *, limit: int = 50, before: int | None = None) -> list[Upload]:
    """Deliveries for an area, the newest first; `before` is the number of the last one already seen."""
    query = select(Upload).where(Upload.scope.startswith(scope, autoescape=True)).order_by(Upload.id.desc())
    if before is not None:
        query = query.where(Upload.id < before)
    return list(session.scalars(query.limit(max(1, min(limit, MOST)))))
