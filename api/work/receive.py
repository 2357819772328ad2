"""Receive a delivery: enter it with its job, tell what became of it, let its surveyor accept or withdraw it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from api import people, stream
from api.errors import NotAllowed, NotFound, TooLarge
from api.office import Office
from api.people import Person
from api.work import decisions, queue, repairs, report, vanished
from data.store import errors, uploads
from data.tables import Upload
from geo.intake import package

FOLDER = "uploads"
FAILED = {
    "zh": "处理过程中发生内部错误；原件已保存，请联系管理员。",
    "en": "An internal failure stopped the work; the original is kept. Please tell the administrator.",
}


def hand_in(office: Office, person: Person, delivery: stream.Delivery) -> dict[str, Any]:
    """Enter a delivery that lies on the disk: its row and its job are committed together, or it was not received.

    The same bytes with the same decisions are one import while it is the latest accepted for its scope; sending them
    again with `accept` accepts what waits.
    """
    decided = decisions.read(person, delivery.fields)
    with office.begin() as session:
        upload, is_new = uploads.start(
            session,
            sha256=delivery.sha256,
            filename=delivery.filename,
            size_bytes=delivery.size,
            scope=decided.scope,
            decisions=decided.identity(),
            uploader_id=person.id,
            surveyed_on=decided.surveyed_on,
        )
        if is_new:
            queue.enqueue(session, upload.id, accept=decided.accept, ask=decided.ask)
        elif decided.accept and upload.state == "awaiting_acceptance":
            _accept(session, upload.id, person, {})
    return {"id": upload.id, "state": upload.state, "url": f"/uploads/{upload.id}"}


def hand_in_file(office: Office, username: str, source: Path, fields: dict[str, str]) -> dict[str, Any]:
    """Receive a file that lies on this machine, in the name of an account; a folder becomes one archive."""
    with office.begin() as session:
        person = people.named(session, username)
    if person is None or person.role not in ("surveyor", "admin"):
        raise NotAllowed(f"没有可以上传的账户 {username}。", f"No account {username} that may upload.", "no_account")
    if source.is_dir():
        with tempfile.TemporaryDirectory(prefix="dingxin-packing-") as place:
            packed = Path(place, f"{stream.shown_name(source.resolve().name)}.zip")
            package.pack(source.resolve(), packed)
            return hand_in_file(office, username, packed, fields)
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


def listing(office: Office, person: Person, limit: int, before: int | None) -> dict[str, Any]:
    """List the deliveries for a person's area, the newest first."""
    with office.begin() as session:
        found = uploads.listing(session, person.scope, limit=limit, before=before)
        items = [report.short(session, upload) for upload in found]
        return {"items": items, "next": found[-1].id if len(found) == limit else None}


def told(office: Office, person: Person | None, upload_id: int) -> dict[str, Any]:
    """Tell everything about one delivery; nobody is asked who they are at the machine itself."""
    with office.begin() as session:
        return report.full(session, seen(session, person, upload_id))


def accept(office: Office, person: Person, upload_id: int, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Take the valid rows of a delivery that waits, and queue the rest of its work.

    `answers` say what becomes of what vanished: all of it stays, or it, or some codes of it, ends from a day on; and
    which of the proposed repairs are stored in place of what was delivered.
    """
    with office.begin() as session:
        seen(session, person, upload_id)
        repairs.expect_proposed(session, upload_id, answers)
        return report.short(session, _accept(session, upload_id, person, answers))


def left_out(office: Office, person: Person, upload_id: int, limit: int, cursor: int | None) -> dict[str, Any]:
    """List what vanished with a delivery, a page at a time."""
    with office.begin() as session:
        seen(session, person, upload_id)
        return vanished.rows(session, upload_id, limit, cursor)


def withdraw(office: Office, person: Person, upload_id: int) -> dict[str, Any]:
    """Take a waiting delivery back; nothing of it was stored."""
    with office.begin() as session:
        seen(session, person, upload_id)
        return report.short(session, uploads.move(session, upload_id, "withdrawn"))


def original(office: Office, person: Person, upload_id: int) -> tuple[Path, str]:
    """The file as it came, and the name it came with."""
    with office.begin() as session:
        upload = seen(session, person, upload_id)
        path = kept(office, upload)
    if not path.is_file():
        raise NotFound
    return path, upload.filename


def give_up(office: Office, upload_id: int, why: str) -> None:
    """End a delivery that cannot be worked on; people see that it failed."""
    with office.begin() as session:
        if uploads.get(session, upload_id).state not in uploads.ENDED:
            uploads.move(session, upload_id, "failed", error={"code": "internal", "why": why, **FAILED})


def kept(office: Office, upload: Upload) -> Path:
    """Where the original of a delivery is kept."""
    return office.settings.folder(FOLDER) / upload.sha256


def seen(session: Session, person: Person | None, upload_id: int) -> Upload:
    """One delivery, if it is for this person's area."""
    upload = uploads.get(session, upload_id)
    if person is not None and not people.within(upload.scope, person.scope):
        raise errors.Unknown(str(upload_id))
    return upload


def _accept(session: Session, upload_id: int, person: Person, answers: Mapping[str, Any]) -> Upload:
    upload = uploads.move(session, upload_id, "storing", acceptance={"by": person.username, **answers})
    queue.enqueue(session, upload_id, accept=True)
    return upload
