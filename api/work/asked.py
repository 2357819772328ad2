"""Which rules were asked over a person's area, which were not, and why: what was not judged is never called clean."""

from __future__ import annotations

from typing import Any

from api.office import Office
from api.people import Person
from api.work import shown
from data.store import runs
from geo.rules import book


def rules(office: Office, person: Person) -> dict[str, Any]:
    """Every rule of the book with what became of it when it was last asked over the person's area."""
    with office.begin() as session:
        told = runs.of_rules(session, person.scope)
    items = [_line(rule_id, *told.get(rule_id, (None, {}))) for rule_id in book()]
    return {"items": items, "not_run": sum(line["status"] == "skipped" for line in items)}


def _line(rule_id: str, run: Any, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": rule_id,
        "title": shown.title(rule_id),
        "status": entry.get("status", "never"),
        "reason": entry.get("reason"),
        "findings": entry.get("findings"),
        "without": entry.get("without", []),
        "run": run.id if run else None,
        "day": run.day if run else None,
    }
