"""Read a delivery again with other decisions: a new delivery of the same bytes, in the place of the one that waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.errors import Conflict
from api.office import Office
from api.people import Person
from api.work import decisions, queue, receive
from data.store import uploads

#: From here on nothing of a delivery was stored, and it is not being worked on.
OPEN = ("awaiting_acceptance", "refused", "withdrawn")


def again(office: Office, person: Person, upload_id: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Queue the kept original to be read with decisions made anew; it waits for its surveyor whatever comes out.

    The one that waited is withdrawn. Decisions that change nothing lead back to it.
    """
    with office.begin() as session:
        before = receive.seen(session, person, upload_id)
        if before.state not in OPEN:
            raise Conflict(code="stale")
        decided = decisions.revised(person, before.decisions, given)
        upload, is_new = uploads.start(
            session,
            sha256=before.sha256,
            filename=before.filename,
            size_bytes=before.size_bytes,
            scope=decided.scope,
            decisions=decided.identity(),
            uploader_id=person.id,
            surveyed_on=before.surveyed_on,
        )
        if is_new and before.state == "awaiting_acceptance":
            uploads.move(session, before.id, "withdrawn")
        if is_new:
            queue.enqueue(session, upload.id, accept=False, ask=True)
    return {"id": upload.id, "state": upload.state, "url": f"/uploads/{upload.id}"}
