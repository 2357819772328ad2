"""The bad inputs by number: what is wrong, the file built from code, and what must become of it.

A number is a case that is built here, or it is held by another test, or it belongs to work that is not done yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geo.imagery import cog
from geo.imagery.confined import pictured
from geo.imagery.picture import looked
from geo.intake import IntakeError, Reading, read_confined
from geo.intake.errors import table


@dataclass(frozen=True)
class Case:
    """One bad input: what it is, how it is built, and its outcome.

    `code` refuses the file, rejects `rows` or is told as a note, as the table of errors has it; None where it is read
    like any other. `findings` are the rules that must speak of it, `stored` how many rows are stored.
    """

    number: int
    zh: str
    en: str
    build: Callable[[Path], Path]
    code: str | None
    rows: tuple[int, ...] = ()
    stored: int = 0
    findings: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    #: an image of this kind is read, not a delivery; `stored` is then 1 where it is taken in
    kind: str | None = None

    @property
    def name(self) -> str:
        """What the test is called."""
        return f"{self.number}-{self.en.replace(' ', '_')}"


@dataclass(frozen=True)
class Elsewhere:
    """A bad input that another test holds, for it needs a house, a queue or a page."""

    number: int
    zh: str
    en: str
    test: str


#: What concerns accounts, tokens and the protocol comes with the work that brings it.
LATER = dict.fromkeys(range(103, 109), "accounts and protocol")
NUMBERS = range(1, 109)
#: Said of every file that is built here, which have only the columns that they need.
ORDINARY = ("columns_missing",)


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the code at its level with both sentences, the rows and places of it, what is stored."""

    code: str | None
    zh: str
    en: str
    rows: tuple[int, ...]
    places: tuple[tuple[float, float] | None, ...]
    stored: int
    frame: pd.DataFrame | None

    @property
    def level(self) -> str:
        """File, row or note; none where there is nothing to tell."""
        return table()[self.code]["level"] if self.code else ""


def outcome(case: Case, reader: Callable[..., Reading], path: Path) -> Outcome:
    """Read a bad input and look for what it was expected to lead to; else the first thing that is told."""
    if case.kind:
        return _taken_in(case, path, confined=reader is read_confined)
    try:
        found = reader(path, **case.asked)
    except IntakeError as refused:
        return Outcome(refused.code, refused.zh, refused.en, (), (), 0, None)
    (layer,) = found.layers
    rows = tuple(row.row for row in layer.rejected)
    places = tuple(row.place for row in layer.rejected)
    said = [(row.code, row.zh, row.en) for row in layer.rejected]
    said += [(note["code"], note["zh"], note["en"]) for note in (*found.notes, *layer.notes)]
    told = [one for one in said if one[0] not in ORDINARY]
    code, zh, en = next((one for one in told if one[0] == case.code), told[0] if told else (None, "", ""))
    return Outcome(code, zh, en, rows, places, len(layer.frame), layer.frame)


def _taken_in(case: Case, path: Path, confined: bool) -> Outcome:
    """Take in an image, in the cell or here."""
    try:
        if confined:
            with pictured(path, path.parent, kind=case.kind, **case.asked) as (picture, _, _):
                notes = picture.notes
        else:
            picture = looked(path, case.kind, **case.asked)
            cog.make(path, picture, path.parent)
            notes = picture.notes
    except IntakeError as refused:
        return Outcome(refused.code, refused.zh, refused.en, (), (), 0, None)
    said = next((one for one in notes if one["code"] == case.code), {"code": None, "zh": "", "en": ""})
    return Outcome(said["code"], said["zh"], said["en"], (), (), 1, None)


def cases() -> list[Case]:
    """All that are built from code, by number."""
    from tests.badinput import archives, ground, rasters, rows, shapefiles

    found = [*archives.CASES, *shapefiles.CASES, *ground.CASES, *rows.CASES, *rasters.CASES]
    return sorted(found, key=lambda case: case.number)
