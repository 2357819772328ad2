"""Works: a run of detection cut by township, each done by whoever is free, on ground that it reads for itself."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.errors import traced
from api.settings import Settings
from data.store import ground, parquet, places
from data.store.snapshot import Snapshot, seen
from data.store.townships import townships
from data.tables import FACTS
from geo.codes import resolve_prefix
from geo.detect import Detection, detect
from geo.intake.ground import names_of
from geo.layer import Ground, Layer, of_frame
from geo.model import SURVEY_LAYERS, TABLES
from geo.rules import Rule, book
from geo.thresholds import CountyThresholds, Overrides

#: The layers whose rows name their township; the ground of all others is looked at from these.
OURS = ("parcel", "reserved")
#: What tells where a transfer lies, and what tells the names of places.
LINKS, NAMED = {"parcel_right", "transfer_parcel"}, {"issuer", "boundary"}
#: What tells where an expropriation lies.
TAKEN = {"approval", "reserved_grant"}


class WorkFailed(Exception):
    """A work failed where it was done; only where and how is told, since an error's words may quote somebody's data."""


@dataclass(frozen=True)
class Work:
    """One part of a run, small enough to send anywhere.

    It answers for the rows under `areas`, one township of the `scope` or all of it, by these `rules`. It reads its
    ground from the books as `view` shows them, or from the `tile` that was laid down for it.
    """

    areas: tuple[str, ...]
    scope: tuple[str, ...]
    rules: tuple[str, ...]
    day: date
    view: Snapshot
    #: What the counties of its areas have set for themselves, by rule and threshold.
    overrides: Overrides = field(default_factory=dict)
    #: Where the books are; None where whoever does the work knows its own way there.
    url: str | None = field(default=None, repr=False)
    tile: Path | None = None

    @property
    def townwise(self) -> bool:
        """Whether it answers for a part of the scope only."""
        return self.areas != self.scope


@dataclass(frozen=True)
class Answer:
    """What a work found, and what it cost: whose time, and how much ground was read."""

    detection: Detection
    parcels: int
    ground_bytes: int
    cpu_s: float
    worker: str


#: Does every work and gives the answers as they come.
Engine = Callable[[Callable[[Work], Answer], Iterable[Work]], Iterable[Answer]]


@dataclass(frozen=True)
class Hands:
    """Who does the works of a run, and how they get their ground."""

    engine: Engine
    #: Whether they are this account on this machine, so that they may be told where the books are.
    ours: bool = False
    #: A folder that all of them see, for hands that cannot reach the books; tiles are laid down there and taken away.
    tiles: Path | None = None


def whole(session: Session, areas: Sequence[str], rules: Sequence[str], day: date, view: Snapshot) -> Work:
    """A run over some areas as one work."""
    scope = tuple(places.prefixes(session, areas))
    return Work(scope, scope, tuple(rules), day, view)


def by_thresholds(session: Session, run: Work, told: CountyThresholds) -> list[Work]:
    """Divide a run among counties that have set different thresholds; mostly it stays one.

    A pair across a county line is judged by its first side's county; a group that spans such counties, in each alone.
    """
    alike: dict[str, list[str]] = {}
    for county in sorted({town[:6] for town in townships(session, run.scope, run.view.day)}):
        alike.setdefault(json.dumps(told.of(resolve_prefix(county)), sort_keys=True), []).append(county)
    if len(alike) < 2:
        return [replace(run, overrides=json.loads(overrides)) for overrides in alike or [json.dumps(told.of(""))]]
    return [
        replace(run, areas=tuple(area for county in counties for area in _within(run.scope, county)), overrides=values)
        for values, counties in ((json.loads(overrides), counties) for overrides, counties in alike.items())
    ]


def cut(session: Session, run: Sequence[Work]) -> list[Work]:
    """Cut a run into works, the largest first; ground of a single township stays in one piece.

    Rules that judge pairs, or rows by themselves, go by township. Those that relate tables look at all of the areas
    at once: what a group is, or what is missing, can only be told with all of them in hand.
    """
    return [work for part in run for work in _by_township(session, part)]


def _by_township(session: Session, run: Work) -> list[Work]:
    """The works of one part of a run."""
    towns = townships(session, run.areas, run.view.day)
    if len(towns) < 2:
        return [run]
    apart = tuple(rule_id for rule_id in run.rules if _townwise(book()[rule_id]))
    together = tuple(rule_id for rule_id in run.rules if rule_id not in apart)
    parts = [replace(run, areas=_within(run.areas, town), rules=apart) for town in towns] if apart else []
    return [replace(run, rules=together), *parts] if together else parts


def _townwise(rule: Rule) -> bool:
    """Whether a rule needs nothing but the ground of its township and what touches it, surveys of it included."""
    return set(rule.subjects) <= set(OURS) and not rule.by and {*rule.needs, *rule.may_use} <= set(SURVEY_LAYERS)


def _within(scope: Sequence[str], town: str) -> tuple[str, ...]:
    """The part of a scope that lies in a township."""
    return tuple(prefix for prefix in scope if prefix.startswith(town)) or (town,)


def laid_down(works: Iterable[Work], url: str, folder: Path) -> Iterator[Work]:
    """Lay the ground of each work down in a folder, one after the other as they are asked for."""
    for number, work in enumerate(works):
        tile = folder / f"{number:05d}-{work.areas[0] or 'all'}"
        with seen(url, work.view) as session:
            parquet.lay_down(tile, load(session, work, outlined=False), places.names(session))
        yield replace(work, tile=tile)


def judged(work: Work) -> Answer:
    """Do one work, wherever this is: read its ground, judge it, write nothing; WorkFailed says no more than where."""
    begun = time.process_time()
    try:
        with _ground_of(work) as (known, names):
            return answered(work, known, names, begun)
    except Exception as error:
        raise WorkFailed(f"{worker()}: {traced(error)}") from None


def answered(work: Work, known: Ground, names: Mapping[str, str], begun: float) -> Answer:
    """Judge a ground as a work asks, and count what it took since `begun` (seconds of this process)."""
    mine = _owned(known, work)
    told = dict(names) | names_of(known)
    overrides = {rule: values for rule, values in work.overrides.items() if rule in work.rules}
    found = detect(mine, day=work.day, only=work.rules, overrides=overrides, names=told)
    counted = work.townwise or any(_townwise(book()[rule_id]) for rule_id in work.rules)
    return Answer(
        detection=found if counted else replace(found, invalid=0),  # each township has counted its own
        parcels=int(_marks(mine["parcel"], "mine").sum()) if counted and "parcel" in mine else 0,
        ground_bytes=sum(map(_bytes, known.values())),
        cpu_s=time.process_time() - begun,
        worker=worker(),
    )


def worker() -> str:
    """Name this process among those of all machines."""
    return f"{socket.gethostname()}/{os.getpid()}"


@contextmanager
def _ground_of(work: Work) -> Iterator[tuple[Ground, dict[str, str]]]:
    """Open the ground of a work with the names of its places; it may be read on until the block ends."""
    if work.tile:
        known, names = parquet.pick_up(work.tile)
        yield {name: of_frame(frame) if name in OURS else frame for name, frame in known.items()}, names
        return
    with seen(work.url or Settings().database_url, work.view) as session:
        yield load(session, work), places.names(session)


def load(session: Session, work: Work, outlined: bool = True) -> Ground:
    """The ground of a work as a session sees it: what its rules look at, and what tells the names of places."""
    rules = [book()[rule_id] for rule_id in work.rules]
    looked_at = set[str]().union(*(_looks_at(rule) for rule in rules))
    if any(name in TABLES for rule in rules for name in rule.subjects):
        looked_at |= LINKS
    if any("expropriation" in rule.subjects for rule in rules):
        looked_at |= TAKEN
    only = sorted(looked_at | NAMED)
    return ground.load(session, prefixes=work.areas, valid_on=work.view.day, only=only, outlined=outlined)


def _looks_at(rule: Rule) -> set[str]:
    """What the books hold of what a rule looks at.

    Survey features by themselves are none of an area's own rows; grouped by who is behind them they are.
    """
    laid = {one.layer for any_of in (rule.also, *rule.within) for one in any_of}
    alone = set(SURVEY_LAYERS) - {rule.against, rule.minus, *laid, *rule.needs, *rule.may_use}
    return (rule.looks_at & {*FACTS, *SURVEY_LAYERS}) - (set() if rule.by else alone)


def _owned(known: Ground, work: Work) -> Ground:
    """Mark what a work answers for.

    Of two sides the first one's township has the pair, and a side outside of the scope has no township there: it is
    `here` in every work, where only its pairs with that township's rows (`mine`) are wanted.
    """
    if not work.townwise:
        return known
    return {name: _marked(table, work) if name in OURS else table for name, table in known.items()}


def _marked(table: pd.DataFrame | Layer, work: Work) -> pd.DataFrame | Layer:
    codes = table.order if isinstance(table, Layer) else table["code"]
    mine, inside = _under(codes, work.areas), _under(codes, work.scope)
    marks = {"mine": mine, "here": mine | ~inside}
    return replace(table, **marks) if isinstance(table, Layer) else table.assign(**marks)


def _under(codes: Iterable[object], areas: Sequence[str]) -> NDArray[np.bool_]:
    """Which codes lie in some areas."""
    return np.array([str(code).startswith(tuple(areas)) for code in codes], dtype=bool)


def _marks(table: pd.DataFrame | Layer, owner: str) -> NDArray[np.bool_]:
    return np.asarray(getattr(table, owner) if isinstance(table, Layer) else table[owner], dtype=bool)


def _bytes(table: pd.DataFrame | Layer) -> int:
    """How much memory the coordinates and columns take that were read."""
    if isinstance(table, Layer):
        return table.outlines.xy.nbytes
    return int(pd.DataFrame(table).memory_usage(deep=True).sum())
