"""What of a delivered row may be shown: no person's number or name in full, no mark that a page cannot show."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from geo.codes import valid_id
from geo.fields import Field, UnknownLayer, fields
from geo.intake import chinese
from geo.intake.decided import Alternative
from geo.masks import mask_id, mask_name

#: Tables in which a name is that of a person, and fields that hold one in others.
_OF_PEOPLE: Final = ("contractor", "member")
_NAMES: Final = ("boundary_witness", "neighbour_witness", "neighbour_holder", "head_name", "surveyor", "collector_name")
#: Longer texts are cut for the page.
_LONGEST_TEXT: Final = 80


def printable(value: Any) -> Any:
    """Plain data in which every character can be shown, and kept as JSON: control marks give way to one sign."""
    if isinstance(value, Mapping):
        return {printable(name): printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in value)


def kind_of(layer: str | None, standard: str | None) -> str:
    """Whose a column is: a `number` or `name` of a person, a `bound` that may name a neighbour, or `plain`."""
    try:
        known: Field | None = next((one for one in fields(layer or "") if one.standard == standard), None)
    except UnknownLayer:
        known = None
    if known is None:
        return "plain"
    if known.name.endswith("id_number") or known.name == "phone":
        return "number"
    if known.name.startswith("bound_"):
        return "bound"
    return "name" if known.name in _NAMES or (known.name == "name" and layer in _OF_PEOPLE) else "plain"


def alternative_masked(other: Alternative, kinds: Sequence[str]) -> Alternative:
    """Another value of a decision, with its rows masked like the others."""
    return {**other, "rows": rows_masked(other["rows"], kinds)} if "rows" in other else other


def rows_masked(rows: Sequence[Sequence[str | None]], kinds: Sequence[str]) -> list[list[str | None]]:
    """Rows in which no person's number or name stands in full; long texts are cut for the page."""
    return [[_shown(text, kind) for text, kind in zip(row, kinds, strict=True)] for row in rows]


def _shown(text: str | None, kind: str) -> str | None:
    if text is None:
        return None
    if kind == "number" or valid_id(text):
        return mask_id(text)
    short = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    if kind == "bound":
        kind = "plain" if chinese.found(text, chinese.words()) else "name"
    return mask_name(short) if kind == "name" else short
