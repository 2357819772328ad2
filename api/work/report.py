"""Tell a delivery as the surveyor reads it: what was understood, what was rejected and where, what was found."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.work import repairs, vanished
from api.work.shown import degrees
from data.store import compare, uploads
from data.tables import RejectedRow, Upload, UploadLayer

#: Rejected rows told in full; the layer of defects to take away holds all.
SHOWN = 2000
LAYER = ("layer", "source", "read", "stored", "rejected")
EVIDENCE = ("encoding", "encoding_evidence", "crs", "crs_evidence", "columns", "ignored", "notes")
STANDING = ("new", "still", "changed", "reopened")


def short(session: Session, upload: Upload) -> dict[str, Any]:
    """One line of the list of deliveries."""
    layers = uploads.layers(session, upload.id)
    counts = upload.counts
    return {
        "id": upload.id,
        "url": f"/uploads/{upload.id}",
        "filename": upload.filename,
        "sha256": upload.sha256,
        "size_bytes": upload.size_bytes,
        "state": upload.state,
        "scope": upload.scope,
        "progress": upload.progress,
        "error": upload.error,
        "counts": counts,
        "findings": sum(counts[name] for name in STANDING) if counts else None,
        "received_at": upload.received_at,
        "accepted_at": upload.accepted_at,
        "ended_at": upload.ended_at,
        "layers": [{name: getattr(layer, name) for name in LAYER} for layer in layers],
    }


def full(session: Session, upload: Upload) -> dict[str, Any]:
    """Everything about one delivery."""
    layers = uploads.layers(session, upload.id)
    systems = {layer.layer: layer.crs for layer in layers}
    return short(session, upload) | {
        "decisions": upload.decisions,
        "survey_date": upload.surveyed_on,
        "notes": (upload.report or {}).get("notes", []),
        "vanished": vanished.told(session, upload),
        "repairs": repairs.told(session, upload, systems),
        "previous": compare.previous(session, upload),
        "package": (upload.report or {}).get("package"),
        "layers": [_layer(layer) | _entered(upload, layer) | _seen(upload, layer.position) for layer in layers],
        "previews": [] if layers else [_refused(seen) for seen in upload.preview or []],
        "rejected": [_row(row, systems.get(row.layer)) for row in uploads.rejected(session, upload.id, SHOWN)],
    }


def _layer(layer: UploadLayer) -> dict[str, Any]:
    return {name: getattr(layer, name) for name in (*LAYER, *EVIDENCE)}


def _entered(upload: Upload, layer: UploadLayer) -> dict[str, Any]:
    """What storing a layer did to the books; sheets of one layer are entered together."""
    return {"entered": (upload.report or {}).get("entered", {}).get(layer.layer)}


def _seen(upload: Upload, position: int) -> dict[str, Any]:
    """What a person looks at of one layer before it is stored."""
    previews = upload.preview or []
    seen = previews[position] if position < len(previews) else {}
    return {"sample": seen.get("sample"), "decisions": seen.get("decisions", []), "outlines": seen.get("outlines")}


def _refused(seen: dict[str, Any]) -> dict[str, Any]:
    """What was seen of a layer of a file that was refused."""
    return {name: seen[name] for name in ("layer", "source", "sample", "decisions", "outlines")}


def _row(row: RejectedRow, crs: str | None) -> dict[str, Any]:
    return {
        "layer": row.layer,
        "row": row.row,
        "code": row.code,
        "parcel_code": row.parcel_code,
        "reason": {"zh": row.reason_zh, "en": row.reason_en},
        "place": degrees(row.x, row.y, crs),
    }
