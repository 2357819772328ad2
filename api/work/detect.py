"""Detect: judge the ground of some areas as the books have it now, and merge what was found."""

from __future__ import annotations

import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pyproj
import shapely
from sqlalchemy.orm import Session

from api.office import Office
from api.work.works import Answer, Hands, Work, answered, by_thresholds, cut, judged, laid_down, load, whole
from data.store import locks, merge, places, runs, snapshot, thresholds
from geo.detect.joined import joined
from geo.rules import book

#: Called with a step in both languages, what is done and what there is to do.
Tell = Callable[[str, str, int, int], None]


def silent(_zh: str, _en: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def everything(
    office: Office,
    prefix: str = "",
    tell: Tell = silent,
    hands: Hands | None = None,
    answers: list[Answer] | None = None,
    rules: Sequence[str] = (),
) -> dict[str, int]:
    """Detect again over all that the books hold under a code; parameters are those of `over`."""
    with office.begin() as session:
        return over(session, [prefix], tell=tell, hands=hands, answers=answers, rules=rules)


def over(
    session: Session,
    prefixes: Iterable[str],
    upload_id: int | None = None,
    tell: Tell = silent,
    hands: Hands | None = None,
    answers: list[Answer] | None = None,
    rules: Sequence[str] = (),
) -> dict[str, int]:
    """Detect over these areas in the caller's transaction, after the delivery was committed.

    The lock comes before the ground is loaded: of several deliveries the last one then sees all of them, and no run
    calls gone what another has just found. With `hands` the works are done side by side elsewhere, all on the view of
    the books that this transaction lends; nobody but this transaction writes. `answers` takes what each of them gave.
    `rules` are asked, all by default; findings of others stay as they are.
    """
    areas = sorted(set(prefixes))
    locks.detection(session)
    view = snapshot.lend(session)
    day = date.today()
    told = thresholds.in_force(session)
    run_id = runs.begin(session, areas, day, versions=versions(), thresholds=told, upload_id=upload_id)
    given = [] if answers is None else answers
    run = by_thresholds(session, whole(session, areas, tuple(rules) or tuple(book()), day, view), told)
    if hands is None:
        given.extend(_alone(session, part, tell) for part in run)
    else:
        given.extend(_shared(session, cut(session, run), tell, hands))
    tell("合并线索", "merging what was found", len(given), len(given) + 1)
    found = joined([answer.detection for answer in given])
    counts = merge.merge(session, run_id, found, areas)
    runs.end(session, run_id, found, counts)
    return counts


def _alone(session: Session, work: Work, tell: Tell) -> Answer:
    """Do the only work here, in the transaction that is open anyway."""
    begun = time.process_time()
    tell("读取现状，逐条规则检测", "loading the ground and judging it by every rule", 0, 2)
    return answered(work, load(session, work), places.names(session), begun)


def _shared(session: Session, run: Sequence[Work], tell: Tell, hands: Hands) -> Iterator[Answer]:
    """Have the works done by these hands, and tell how far they are."""
    parcels = findings = 0
    tell("分镇检测", "judging township by township", 0, len(run) + 1)
    with _prepared(session, run, hands) as prepared:
        for done, answer in enumerate(hands.engine(judged, prepared), start=1):
            parcels, findings = parcels + answer.parcels, findings + len(answer.detection.findings)
            zh, en = f"已检测 {parcels} 宗，线索 {findings} 条", f"{parcels} parcels judged, {findings} findings"
            tell(zh, en, done, len(run) + 1)
            yield answer


@contextmanager
def _prepared(session: Session, run: Sequence[Work], hands: Hands) -> Iterator[Iterable[Work]]:
    """Tell the works where they find their ground; tiles that were laid down for them are gone afterwards."""
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    if hands.tiles is None:
        yield [replace(work, url=url if hands.ours else None) for work in run]
        return
    # made for this account alone
    folder = Path(tempfile.mkdtemp(prefix="dingxin-", dir=hands.tiles))
    try:
        yield laid_down(run, url, folder)
    finally:
        shutil.rmtree(folder)


def versions() -> dict[str, str]:
    """What judged: this program and the libraries that measure."""
    return {
        "dingxin": version("dingxin"),
        "geos": shapely.geos_version_string,
        "shapely": shapely.__version__,
        "proj": pyproj.proj_version_str,
        "python": platform.python_version(),
    }
