"""Guesses at what a stranger's columns mean: offered to a person with the reason, never taken by themselves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from geo import codes
from geo.fields import Field, Matching, fields
from geo.intake.decided import Alternative, Decision, decision
from geo.intake.errors import Said
from geo.vocabulary import rows

#: Of the values that are there, so many must have a shape for a column to be taken for codes of that shape.
_MOST: Final = 0.9
#: Names less alike than this (difflib's ratio) are not worth showing.
_ALIKE: Final = 0.75
#: Names of three letters are alike by chance.
_SHORTEST_NAME: Final = 4
#: What a column holds can be told by its values for these fields: our name in a layer, and the shape.
_CONTENT: Final = {"contractor_code": "contractor", "parcel_code": "parcel", "issuer_code": "issuer"}


@dataclass(frozen=True)
class Guess:
    """A field of the standard, the column that may hold it, and why; `firm` is more than alike names."""

    standard: str
    theirs: str
    why: Said
    firm: bool


def guess(layer: str, missing: Sequence[Field], free: Mapping[str, Sequence[str]]) -> list[Guess]:
    """Guess which of the `free` columns (name: some values) hold the `missing` fields of a layer; each is used once.

    What the values say counts more than a known other name, and that more than a name that is alike.
    """
    found: dict[str, Guess] = {}
    for way in (_by_content, _by_name, _by_likeness):
        taken = {one.theirs for one in found.values()}
        for known in (one for one in missing if one.standard not in found):
            left = {name: values for name, values in free.items() if name not in taken}
            if one := way(layer, known, left):
                found[known.standard] = one
                taken.add(one.theirs)
    return [found[known.standard] for known in missing if known.standard in found]


def columns_decided(layer: str, matching: Matching, values: Mapping[str, Sequence[str]], given: bool) -> Decision:
    """The decision about a layer's columns; it is not sure where a column without a field may hold a missing one."""
    standard = {known.name: known.standard for known in fields(layer)}
    chosen = {standard[ours]: theirs for ours, theirs in matching.columns.items()}
    free = {name: held for name, held in values.items() if name not in matching.columns.values()}
    guessed = guess(layer, [known for known in fields(layer) if known.name not in matching.columns], free)
    needed = {known.standard for known in matching.missing}
    sure = given or not any(one.firm and one.standard in needed for one in guessed)
    mapped = [{"zh": "字段对照由人指定", "en": "a person mapped columns"}] if given else []
    others: list[Alternative] = [
        {"value": {one.standard: one.theirs}, "zh": one.why["zh"], "en": one.why["en"], "firm": one.firm}
        for one in guessed
    ]
    return decision("columns", chosen, sure, [_matched(len(chosen), len(values)), *mapped], others)


def _matched(found: int, there: int) -> Said:
    return {
        "zh": f"文件有 {there} 个字段，{found} 个与标准字段同名或已对照",
        "en": f"of {there} columns, {found} bear a name of the standard or are mapped",
    }


def likely_layers(columns: Sequence[str], values: Mapping[str, Sequence[str]], among: Sequence[str]) -> list[str]:
    """The layers that a file's columns speak for, the likeliest first: by names of the standard, then by guesses."""
    upper = {name.upper() for name in columns}
    worth: dict[str, float] = {}
    for layer in among:
        known = fields(layer)
        named = [one for one in known if upper & {one.standard, *one.aliases}]
        guessed = [one for one in guess(layer, [one for one in known if one not in named], values) if one.firm]
        worth[layer] = (len(named) + 0.5 * len(guessed)) / max(len(known), 1)
    return sorted((layer for layer in among if worth[layer] > 0), key=lambda layer: -worth[layer])


def _by_content(layer: str, known: Field, free: Mapping[str, Sequence[str]]) -> Guess | None:
    """A column whose values have the shape that the field's codes have, or are identity numbers."""
    of = layer if known.name == "code" else _CONTENT.get(known.name)
    shape = codes.SHAPES.get(of or "")
    for theirs, values in free.items():
        there = [value for value in values if value]
        if not there:
            continue
        if known.name == "id_number":
            fitting = sum(codes.valid_id(value) for value in there)
        elif shape is not None:
            fitting = sum(bool(shape.fullmatch(value)) for value in there)
        else:
            return None
        if fitting >= _MOST * len(there):
            why = {
                "zh": f"猜测（按内容）：{theirs} 的值符合“{known.zh}”的格式",
                "en": f"a guess by content: the values of {theirs} have the form of a {known.en}",
            }
            return Guess(known.standard, theirs, why, firm=True)
    return None


def _by_name(layer: str, known: Field, free: Mapping[str, Sequence[str]]) -> Guess | None:
    """A column that bears another known name of the field, or what the field is called in words."""
    names = {_plain(name) for name in (known.zh, known.en, *_aliases().get(known.name, ()))}
    theirs = next((theirs for theirs in free if _plain(theirs) in names), None)
    if theirs is None:
        return None
    why = {
        "zh": f"猜测（按名称）：{theirs} 是“{known.zh}”的常见叫法",
        "en": f"a guess by name: {theirs} is a common name of the {known.en}",
    }
    return Guess(known.standard, theirs, why, firm=True)


def _by_likeness(layer: str, known: Field, free: Mapping[str, Sequence[str]]) -> Guess | None:
    """The column whose name is most like one of the field's names."""
    names = [_plain(name) for name in (known.standard, known.zh, known.en, *_aliases().get(known.name, ()))]
    best = max(((_alike(theirs, names), theirs) for theirs in free), default=(0.0, ""))
    if best[0] < _ALIKE:
        return None
    why = {
        "zh": f"猜测（名称相近）：{best[1]} 与“{known.zh}”（{known.standard}）相近",
        "en": f"a guess by likeness: {best[1]} is like {known.standard}, the {known.en}",
    }
    return Guess(known.standard, best[1], why, firm=False)


def _alike(theirs: str, names: Sequence[str]) -> float:
    plain = _plain(theirs)
    long = [name for name in names if min(len(name), len(plain)) >= _SHORTEST_NAME]
    return max((SequenceMatcher(None, plain, name).ratio() for name in long), default=0.0)


def _plain(name: str) -> str:
    """A name without case, blanks, brackets and the marks between its words."""
    return re.sub(r"[\W_]+", "", name).lower()


@cache
def _aliases() -> dict[str, list[str]]:
    """Other names that fields go by, by our name."""
    known: dict[str, list[str]] = {}
    for row in rows("aliases.csv"):
        known.setdefault(row["name"], []).append(row["alias"])
    return known
