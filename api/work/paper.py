"""The report of a delivery on paper: the office's account of it, printed."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from api.errors import Unusable
from api.office import Office
from api.people import Person
from api.work import receive
from api.work.defects import grouped
from api.work.shown import degrees
from data.session import srid_of
from data.store import defects, uploads
from data.tables import Account, Upload, UploadLayer
from web import delivery_paper, labels, press

LAYER = ("layer", "source", "read", "rejected", "encoding", "encoding_evidence", "crs", "crs_evidence")


def printed(office: Office, person: Person, upload_id: int, lang: str) -> bytes:
    """Print the report of a delivery that a person may see."""
    with office.begin() as session:
        account = _account(session, receive.seen(session, person, upload_id), lang)
    try:
        return delivery_paper.pdf(account, lang)
    except press.FontMissing as error:
        raise Unusable(error.zh, error.en, error.code) from None


def _account(session: Session, upload: Upload, lang: str) -> delivery_paper.Account:
    told = grouped(session, upload.id, first=delivery_paper.FIRST)
    layers = uploads.layers(session, upload.id)
    sender = session.get_one(Account, upload.uploader_id)
    system = f"EPSG:{srid_of(session)}"
    ground = [degrees(x, y, system) for x, y in defects.ground(session, (upload.report or {}).get("villages", []))]
    return delivery_paper.Account(
        filename=upload.filename,
        facts=_facts(upload, layers, sender.username, lang),
        layers=[_layer(layer, upload.accepted_at is None) for layer in layers],
        groups=told["groups"],
        squares=told["squares"],
        ground=[place for place in ground if place],
        as_of=(upload.ended_at or upload.received_at).date(),
    )


def _facts(upload: Upload, layers: list[UploadLayer], sender: str, lang: str) -> list[tuple[str, str]]:
    read, rejected = (sum(getattr(layer, name) for layer in layers) for name in ("read", "rejected"))
    balance = "paper.balance" if upload.accepted_at else "paper.balance_waiting"
    asked = {name: value for name, value in upload.decisions.items() if value and name != "scope"}
    error = (upload.error or {}).get(lang)
    facts = [
        ("sha256", upload.sha256),
        ("size", f"{upload.size_bytes:,} B"),
        ("by", sender),
        ("received", upload.received_at.strftime("%Y-%m-%d %H:%M UTC")),
        ("state", " · ".join(filter(None, (labels.text(lang, f"upload_state.{upload.state}"), error)))),
        ("counts", labels.text(lang, balance, read=read, stored=read - rejected, rejected=rejected)),
        ("scope", upload.scope or "—"),
        ("surveyed", upload.surveyed_on.isoformat() if upload.surveyed_on else ""),
        ("said_by_sender", json.dumps(asked, ensure_ascii=False) if asked else ""),
    ]
    return [fact for fact in facts if fact[1]]


def _layer(layer: UploadLayer, waiting: bool) -> dict[str, Any]:
    stored = layer.read - layer.rejected if waiting else layer.stored
    return {name: getattr(layer, name) for name in LAYER} | {"stored": stored}
