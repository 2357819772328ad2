"""Decisions about a delivery as plain data: what was chosen, how sure that is, why, and what else could be chosen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from geo.intake.errors import Said

#: What is decided about a layer, in the order in which people look at it.
ORDER: Final = ("layer", "encoding", "crs", "columns", "units")


class Alternative(TypedDict, total=False):
    """Another value that a decision could have, in words.

    `rows` are the five rows read with it; a `firm` guess rests on more than alike names.
    """

    value: Any
    zh: str
    en: str
    firm: bool
    rows: list[list[str | None]]


class Decision(TypedDict):
    """One thing that had to be decided about a layer; `sure` is false where a person should look."""

    name: str
    chosen: Any
    sure: bool
    evidence: list[Said]
    alternatives: list[Alternative]


def decision(
    name: str, chosen: Any, sure: bool, evidence: Sequence[Said], alternatives: Sequence[Alternative] = ()
) -> Decision:
    """A decision as plain data."""
    return Decision(name=name, chosen=chosen, sure=sure, evidence=list(evidence), alternatives=list(alternatives))


def all_sure(previews: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every decision about every layer is sure, so that no person needs to look first."""
    return all(made["sure"] for preview in previews for made in preview["decisions"])


def doubted(preview: Mapping[str, Any], name: str, why: Said) -> dict[str, Any]:
    """A preview in which one decision is not sure any more, and why."""
    return {
        **preview,
        "decisions": [
            made | {"sure": False, "evidence": [*made["evidence"], why]} if made["name"] == name else made
            for made in preview.get("decisions", [])
        ],
    }
