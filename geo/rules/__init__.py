"""The rule book: one small file a rule, found by looking, so that nobody keeps a list.

A rule declares what it looks at and judges a table; it opens no file, no connection and no clock.

- rows: `subject` alone. The function takes the rows of that layer or table. Several subjects, or `EVERY` layer and
  table of the dictionary, are judged one by one, those that were given; a parameter `layer` is told which it is.
- pairs: `subject` and `against`. The function takes a table of pairs that share ground, with `shared_m2`, `firm_m2`,
  `share_a`, `share_b` and both sides' columns as `a_…`, `b_…`. `only` keeps some rows of the other side (as of
  the day of judging, where it asks for `day`), `union` joins them into one cut a subject, and then `also` names further
  layers whose features are joined to those of `against`. `within` keeps what also lies under further layers, each
  `Laid` or its name; of several in a list one is enough. `minus` takes approvals away that were valid at the survey's
  date; with `rest` a rule is asked only about pairs on which no other rule of the same two layers fired.
- outlines: `subject` and `flat`. The function takes the outlines (`geo.outlines`) of the layer, "drawn" as delivered or
  "judged" with invalid shapes repaired, and answers by position; only rows that fire are ever read. With `against`, the
  same layer again, it answers with neighbours: `row_a` and `row_b` are the positions of both sides, in any order.
- groups: `subject` and `by` (the layer that the group's codes belong to). The function answers with one row a group,
  indexed by the group's code, or by a whole reference (`contractor:…`) where it is of another layer.

It answers with a Series of bool, a Series of severities ("" where it does not fire), or a DataFrame with one row for
each finding, whose columns `severity`, `place`, `cut` (the ground shown) and, of pairs, measures of that cut are taken
as such and all others as evidence; sums show their summands there as `parts`, and families of articles that one finding
rests on besides the rule's are its `cites`. Parameters after the first two name the further tables it needs; with a
default they are optional. One named `day` is the day of judging. A rule that sees what another sees, only from another
side, `echoes` it: where both fire on one subject, its finding names the other's as `same_as`. What was done on a day is
judged by the law of that day: `acted` names the subject's column that holds it, or the answer has a column `acted_on`.
Acts of days on which the rule was not in force yet, or no more, are no findings; an act without a day is judged by
today's law.

`requires` lists columns as `transfer.term_to`; of `transfer.kind|method` one is enough. Of several subjects, one
without its columns is left out; columns that it can do without, and that it says were missing, are `better_with`. A
function that cannot be asked here raises `NotRun`; what a rule never looks at, though one might think so, it declares
as `leaves_out`.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import pandas as pd

from geo.fields import layers
from geo.finding import CATEGORIES, SEVERITIES

#: The thresholds in force, as attributes (`p.min_area_m2`).
Thresholds = SimpleNamespace
#: Every layer and table that the dictionary knows.
EVERY: Final = tuple(dict.fromkeys(known.layer for known in layers()))
_FOUND: dict[str, "Rule"] = {}
#: Parameters of a judge that are no tables.
_TOLD = ("day", "layer")


class UnknownThreshold(Exception):
    """A threshold or rule that the book does not hold."""


class NotRun(Exception):
    """A rule finds that it cannot be asked here; says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = {"zh": zh, "en": en}


class Laid(NamedTuple):
    """A further layer that is laid over, or beside, the two of a rule.

    `only` keeps some of its rows. `beside` is told rows of pairs and rows of this layer, one of each side by side, and
    keeps those that go together, as a survey goes with an earlier one.
    """

    layer: str
    only: Callable[..., pd.Series] | None = None
    beside: Callable[[pd.DataFrame, pd.DataFrame], pd.Series] | None = None

    def kept(self, rows: pd.DataFrame, day: date) -> pd.Series:
        """Which of its rows a rule looks at on a day."""
        assert self.only is not None
        return self.only(rows, day) if "day" in inspect.signature(self.only).parameters else self.only(rows)


@dataclass(frozen=True)
class Rule:
    """One rule as its file declares it; identifiers are printed on notices and never reused."""

    id: str
    category: str
    severity: str
    subject: str
    basis: tuple[str, ...]
    since: date
    title: tuple[str, str]
    zh: str
    en: str
    judge: Callable[..., Any]
    doc: str
    subjects: tuple[str, ...]
    against: str | None = None
    by: str | None = None
    only: Callable[..., pd.Series] | None = None
    union: bool = False
    flat: str | None = None
    minus: str | None = None
    #: What a cut must lie under: something of each of these.
    within: tuple[tuple[Laid, ...], ...] = ()
    also: tuple[Laid, ...] = ()
    acted: str | None = None
    echo: bool = False
    echoes: str | None = None
    rest: bool = False
    until: date | None = None
    requires: tuple[str, ...] = ()
    better_with: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    may_use: tuple[str, ...] = ()
    dated: bool = False
    layered: bool = False
    leaves_out: tuple[str, str] | None = None
    thresholds: Mapping[str, float] = field(default_factory=dict)

    @property
    def relation(self) -> tuple[str, str] | None:
        """The two layers whose common ground is judged, if it is a rule on pairs."""
        return (self.subject, self.against) if self.against and not self.flat else None

    @property
    def looks_at(self) -> set[str]:
        """The layers and tables that it may ask for."""
        laid = (one.layer for one in (*self.also, *chain.from_iterable(self.within)))
        named = (self.against, self.by, self.minus, *laid)
        return {*self.subjects, *self.needs, *self.may_use, *filter(None, named)}

    def settings(self, overrides: Mapping[str, float] | None = None) -> Thresholds:
        """Give the thresholds in force as attributes; UnknownThreshold for a name that the rule does not have."""
        values = dict(self.thresholds)
        for name, value in (overrides or {}).items():
            if name not in values:
                raise UnknownThreshold(f"{self.id} has no threshold {name}; it has {', '.join(values) or 'none'}")
            values[name] = float(value)
        return Thresholds(**values)

    def in_force(self, day: date) -> bool:
        """Tell whether the rule itself is in force on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def rule(
    id: str,
    *,
    category: str,
    severity: str,
    subject: str | tuple[str, ...],
    basis: tuple[str, ...],
    since: str,
    title: tuple[str, str],
    zh: str,
    en: str,
    until: str | None = None,
    within: tuple[str | Laid | list[str | Laid], ...] = (),
    also: tuple[Laid, ...] = (),
    **options: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function into the rule book; every option that is a number is one of its thresholds."""
    if category not in CATEGORIES or severity not in SEVERITIES:
        raise ValueError(f"{id}: unknown category or severity")
    thresholds = {
        name: float(value)
        for name, value in options.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    subjects = (subject,) if isinstance(subject, str) else subject
    declared = {name: value for name, value in options.items() if name not in thresholds}

    def enter(judge: Callable[..., Any]) -> Callable[..., Any]:
        if id in _FOUND and _FOUND[id].judge.__code__.co_filename != judge.__code__.co_filename:
            raise ValueError(f"{id} is declared twice")
        parameters = list(inspect.signature(judge).parameters.values())[2:]
        names = {p.name for p in parameters}
        further = [p for p in parameters if p.name not in _TOLD]
        _FOUND[id] = Rule(
            id=id,
            category=category,
            severity=severity,
            subject=subjects[0],
            subjects=subjects,
            basis=basis,
            since=date.fromisoformat(since),
            until=date.fromisoformat(until) if until else None,
            within=tuple(tuple(map(_laid, each if isinstance(each, list) else [each])) for each in within),
            also=also,
            title=title,
            zh=zh,
            en=en,
            judge=judge,
            doc=inspect.getdoc(judge) or "",
            needs=tuple(p.name for p in further if p.default is p.empty),
            may_use=tuple(p.name for p in further if p.default is not p.empty),
            dated="day" in names,
            layered="layer" in names,
            thresholds=thresholds,
            **declared,
        )
        return judge

    return enter


def _laid(told: str | Laid) -> Laid:
    return Laid(told) if isinstance(told, str) else told


@cache
def book() -> Mapping[str, Rule]:
    """Read every rule file below this folder; a module whose name begins with `_` is no rule."""
    for found in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not found.name.rsplit(".", 1)[-1].startswith("_"):
            importlib.import_module(found.name)
    return dict(sorted(_FOUND.items()))
