"""The defects of one delivery, from wherever each is kept: in groups, and a group's rows a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session

from data.sql import read_sql
from data.store import places

#: A picture of where the defects lie has so many squares along its longer side.
SQUARES = 48
#: What makes defects one group, as a short name that can stand in an address.
_GROUP = "left(md5(concat_ws('/', kind, rule, layer, reason, severity)), 16)"


@dataclass(frozen=True)
class Asked:
    """Which defects are asked for; nothing asks for all."""

    severity: str = ""
    rule: str = ""
    village: str = ""


def overview(session: Session, upload_id: int, asked: Asked, first: int) -> dict[str, Any]:
    """Give `total`, `groups` (each with its `first` rows), `facets` and `squares` (counts by place in each system).

    However many defects there are, what comes back is bounded by rules, fields and squares.
    """
    values = {"severity": asked.severity, "rule": asked.rule, "first": first, "squares": SQUARES}
    return _run(session, "overview", upload_id, asked.village, values)[0]


def rows(
    session: Session, upload_id: int, group: str, village: str = "", *, after: str = "", limit: int = 100
) -> list[dict[str, Any]]:
    """Give defects of one group behind a place in its order (`ord` of the last one seen)."""
    return _run(session, "rows", upload_id, village, {"id": group, "after": after, "most": limit})


def _run(session: Session, name: str, upload_id: int, village: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    areas: Sequence[str] = places.prefixes(session, [village]) if village else []
    words = {"{defect}": read_sql("defects/defect.sql"), "{group}": _GROUP}
    query = read_sql(f"defects/{name}.sql")
    for word, meant in words.items():
        query = query.replace(word, meant)
    given = {"upload": upload_id, "anywhere": not village, "villages": list(areas), **values}
    statement = text(query).bindparams(bindparam("villages", type_=ARRAY(TEXT)))
    return [dict(row) for row in session.execute(statement, given).mappings()]


def ground(session: Session, villages: Sequence[str]) -> list[tuple[float, float]]:
    """Where parcels of these villages lie, a point a square, in the metric system."""
    statement = text(read_sql("defects/ground.sql")).bindparams(bindparam("villages", type_=ARRAY(TEXT)))
    return [(x, y) for x, y in session.execute(statement, {"villages": list(villages), "squares": SQUARES})]
