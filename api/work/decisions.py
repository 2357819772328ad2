"""What the sender of a delivery decided about it: part of its identity, so read strictly and kept in one form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.errors import NotAllowed, Unusable
from api.people import Person
from data.tables import FACTS
from geo.intake.units import PER_M2
from geo.model import DETAIL_LAYERS, SURVEY_LAYERS

FIELDS = {"layer", "crs", "encoding", "columns", "units", "scope", "accept", "survey_date"}
#: What a person may decide anew about a delivery that was read.
REVISED = ("layer", "crs", "encoding", "columns", "units")
COLUMNS_LIMIT = 200


@dataclass(frozen=True)
class Decisions:
    """The decisions that make a delivery what it is, and those that do not: acceptance, a wish to look, and date."""

    scope: str
    layer: str | None
    crs: int | None
    encoding: str | None
    columns: dict[str, str] | None
    units: dict[str, str] | None
    accept: bool
    ask: bool
    surveyed_on: date | None

    def identity(self) -> dict[str, object]:
        """The part that, with the bytes, makes two deliveries one import."""
        return {
            "scope": self.scope,
            "layer": self.layer,
            "crs": self.crs,
            "encoding": self.encoding,
            "columns": self.columns,
            **({"units": self.units} if self.units else {}),
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
    if layer is not None and layer not in (*FACTS, *SURVEY_LAYERS, *DETAIL_LAYERS):
        raise Unusable(code="layer")
    crs = given.get("crs")
    return Decisions(
        scope=scope,
        layer=layer,
        crs=int(_matching("crs", crs.upper().removeprefix("EPSG:"), r"[0-9]{4,5}")) if crs else None,
        encoding=_matching("encoding", given["encoding"], r"[A-Za-z0-9_\-]{1,20}") if "encoding" in given else None,
        columns=_columns(given.get("columns")),
        units=_units(given.get("units")),
        accept=_matching("accept", given.get("accept", "ask"), "valid_rows|ask") == "valid_rows",
        ask=given.get("accept") == "ask",
        surveyed_on=_day(given.get("survey_date")),
    )


def _matching(name: str, value: str, pattern: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII):
        raise Unusable(code=name)
    return value


def revised(person: Person, kept: Mapping[str, Any], given: Mapping[str, Any]) -> Decisions:
    """The decisions of a delivery with some of them made anew; null takes one back, and the file decides again."""
    made = {"scope": kept["scope"]} | {name: given.get(name, kept.get(name)) for name in REVISED}
    return read(person, {name: _as_field(value) for name, value in made.items() if value is not None})


def _as_field(value: Any) -> str:
    return json.dumps(value) if isinstance(value, Mapping) else str(value)


def _units(text: str | None) -> dict[str, str] | None:
    """Read {OUR: unit}; an empty map is no map."""
    given = _object("units", text)
    if not all(re.fullmatch(r"[A-Z]{2,12}", name) and unit in PER_M2 for name, unit in given.items()):
        raise Unusable(code="units")
    return given or None


def _object(name: str, text: str | None) -> dict[str, Any]:
    """Read an object of JSON."""
    try:
        given = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise Unusable(code=name) from None
    if not isinstance(given, dict):
        raise Unusable(code=name)
    return given


def _columns(text: str | None) -> dict[str, str] | None:
    """Read {OUR: THEIR}; an empty map is no map."""
    given = _object("columns", text)
    if len(given) > COLUMNS_LIMIT or not all(
        isinstance(their, str) and 0 < len(their) <= 60 for their in given.values()
    ):
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
