"""What the sender of a delivery decided about it: part of its identity, so read strictly and kept in one form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from api.errors import NotAllowed, Unusable
from api.people import Person
from data.tables import FACTS
from geo.model import SURVEY_LAYERS

FIELDS = {"layer", "crs", "encoding", "columns", "scope", "accept", "survey_date"}
COLUMNS_LIMIT = 200


@dataclass(frozen=True)
class Decisions:
    """The decisions that make a delivery what it is, and the two that do not: acceptance and date."""

    scope: str
    layer: str | None
    crs: int | None
    encoding: str | None
    columns: dict[str, str] | None
    accept: bool
    surveyed_on: date | None

    def identity(self) -> dict[str, object]:
        """The part that, with the bytes, makes two deliveries one import."""
        return {
            "scope": self.scope,
            "layer": self.layer,
            "crs": self.crs,
            "encoding": self.encoding,
            "columns": self.columns,
        }


def read(person: Person, fields: dict[str, str]) -> Decisions:
    """Read the fields of a form; a scope outside of the sender's own is not theirs to deliver for."""
    given = {name: value.strip() for name, value in fields.items() if value.strip()}
    unknown = set(given) - FIELDS
    if unknown:
        raise Unusable(code="unknown_field")
    scope = _matching("scope", given.get("scope", person.scope), r"[0-9]{0,14}")
    if not scope.startswith(person.scope) and not person.covers(scope):
        raise NotAllowed("所选范围不在您的辖区内。", "That scope is outside your area.", "outside_scope")
    layer = given.get("layer")
    if layer is not None and layer not in (*FACTS, *SURVEY_LAYERS):
        raise Unusable(code="layer")
    crs = given.get("crs")
    return Decisions(
        scope=scope,
        layer=layer,
        crs=int(_matching("crs", crs.upper().removeprefix("EPSG:"), r"[0-9]{4,5}")) if crs else None,
        encoding=_matching("encoding", given["encoding"], r"[A-Za-z0-9_\-]{1,20}") if "encoding" in given else None,
        columns=_columns(given.get("columns")),
        accept=_matching("accept", given.get("accept", "valid_rows"), "valid_rows") == given.get("accept"),
        surveyed_on=_day(given.get("survey_date")),
    )


def _matching(name: str, value: str, pattern: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII):
        raise Unusable(code=name)
    return value


def _columns(text: str | None) -> dict[str, str] | None:
    """Read {OUR: THEIR}; an empty map is no map."""
    if not text:
        return None
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise Unusable(code="columns") from None
    right = isinstance(given, dict) and len(given) <= COLUMNS_LIMIT
    if not right or not all(isinstance(their, str) and 0 < len(their) <= 60 for their in given.values()):
        raise Unusable(code="columns")
    if any("\0" in name or not name.isprintable() for pair in given.items() for name in pair):
        raise Unusable(code="columns")
    return given or None


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unusable(code="survey_date") from None
    if not date(1900, 1, 1) <= day <= date.today():
        raise Unusable(code="survey_date")
    return day
