"""Detect: judge the ground of some areas as the books have it now, and merge what was found."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from datetime import date
from importlib.metadata import version

import pyproj
import shapely
from sqlalchemy.orm import Session

from api.office import Office
from data.store import ground, locks, merge, places, runs
from geo.detect import detect
from geo.intake.ground import names_of

#: Called with a step in both languages, what is done and what there is to do.
Tell = Callable[[str, str, int, int], None]


def silent(_zh: str, _en: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def everything(office: Office, prefix: str = "", tell: Tell = silent) -> dict[str, int]:
    """Detect again over all that the books hold under a code."""
    with office.begin() as session:
        return over(session, [prefix], tell=tell)


def over(
    session: Session, prefixes: Iterable[str], upload_id: int | None = None, tell: Tell = silent
) -> dict[str, int]:
    """Detect over these areas in the caller's transaction, after the delivery was committed.

    The lock comes before the ground is loaded: of several deliveries the last one then sees all of them, and no run
    calls gone what another has just found.
    """
    areas = sorted(set(prefixes))
    locks.detection(session)
    day = date.today()
    run_id = runs.begin(session, areas, day, versions=versions(), upload_id=upload_id)
    tell("读取现状", "loading the ground", 0, 3)
    known = ground.load(session, prefixes=areas)
    tell("逐条规则检测", "judging by every rule", 1, 3)
    found = detect(known, day=day, names=places.names(session) | names_of(known))
    tell("合并线索", "merging what was found", 2, 3)
    counts = merge.merge(session, run_id, found, areas)
    runs.end(session, run_id, found, counts)
    return counts


def versions() -> dict[str, str]:
    """What judged: this program and the libraries that measure."""
    return {
        "dingxin": version("dingxin"),
        "geos": shapely.geos_version_string,
        "shapely": shapely.__version__,
        "proj": pyproj.proj_version_str,
        "python": platform.python_version(),
    }
