"""What is judged of a cut, and by the law of which day: approvals are taken away in space and in time."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.model import Shapes
from geo.rules import Laid, Rule
from geo.rules._approvals import ends_on


def without_approved(cuts: Shapes, days: pd.Series, approvals: pd.DataFrame | None, today: date) -> Shapes:
    """Subtract from every cut the approvals valid on its survey day (today where the survey has no date).

    Columns of approvals: judged, valid_from, valid_to (both may be absent or null: open on that side; half-open). Only
    temporary land that names no end has one all the same, by law.
    """
    if approvals is None or len(approvals) == 0 or len(cuts) == 0:
        return cuts
    result = cuts.copy()
    when = days.fillna(np.datetime64(today, "s")).to_numpy(dtype="datetime64[s]")
    begins = _dates(approvals, "valid_from", "0001-01-01")
    ends = _dates(approvals.assign(ends=ends_on(approvals)), "ends", "9999-12-31")
    shapes = approvals["judged"].to_numpy(dtype=object)
    cut_at, approval_at = _sorted(*shapely.STRtree(shapes).query(cuts))
    valid = (begins[approval_at] <= when[cut_at]) & (when[cut_at] < ends[approval_at])
    for at, covers in _by_cut(cut_at[valid], shapes[approval_at[valid]]):
        result[at] = shapely.difference(cuts[at], shapely.union_all(covers))
    return result


def laid_over(
    cuts: Shapes, pairs: pd.DataFrame, rows: pd.DataFrame, laid: Laid
) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Which cuts, by position, meet which shapes of a further layer; only rows that go with their pair count."""
    shapes = rows["judged"].to_numpy(dtype=object)
    cut_at, row_at = _sorted(*shapely.STRtree(shapes).query(cuts, predicate="intersects"))
    if laid.beside and len(cut_at):
        sides = (table.iloc[at].reset_index(drop=True) for table, at in ((pairs, cut_at), (rows, row_at)))
        together = np.asarray(laid.beside(*sides), dtype=bool)
        cut_at, row_at = cut_at[together], row_at[together]
    return cut_at, shapes[row_at]


def under(cuts: Shapes, cut_at: NDArray[np.intp], shapes: Shapes) -> Shapes:
    """Keep of every cut what lies under any of its shapes: `cut_at` says whose each one is."""
    result = np.full(len(cuts), shapely.Polygon(), dtype=object)
    # most cuts lie wholly under one shape, which a prepared one tells without looking at all its corners
    shapely.prepare(shapes)
    whole = np.unique(cut_at[shapely.covers(shapes, cuts[cut_at])])
    result[whole] = cuts[whole]
    rest = ~np.isin(cut_at, whole)
    for at, some in _by_cut(cut_at[rest], shapes[rest]):
        result[at] = shapely.intersection(cuts[at], some[0] if len(some) == 1 else _joined_near(cuts[at], some))
    return result


def _sorted(cut_at: NDArray[np.intp], row_at: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs in the order of their rows, so that shapes are joined alike whatever else stood in the tree."""
    order = np.lexsort((row_at, cut_at))
    return cut_at[order], row_at[order]


def _joined_near(cut: Any, shapes: Shapes) -> Any:
    """Join shapes around a cut only: the whole of large ones would take a hundred times as long."""
    west, south, east, north = shapely.bounds(cut)
    return shapely.union_all(shapely.intersection(shapes, shapely.box(west - 1, south - 1, east + 1, north + 1)))


def _by_cut(cut_at: NDArray[np.intp], shapes: Shapes) -> Iterator[tuple[int, Shapes]]:
    """The shapes of each cut that has any."""
    order = np.argsort(cut_at, kind="stable")
    whose, begins = np.unique(cut_at[order], return_index=True)
    return zip(whose.tolist(), np.split(shapes[order], begins[1:]) if len(whose) else [], strict=True)


def of_its_day(rule: Rule, verdict: pd.DataFrame, asked: pd.DataFrame, today: date) -> pd.DataFrame:
    """Keep those suspicions whose act fell on a day on which the rule was in force, and write that day down.

    The day stands in the answer's own column `acted_on`, or in the column of the subject that the rule names.
    """
    if rule.acted and rule.acted in asked.columns and "acted_on" not in verdict.columns and asked.index.is_unique:
        verdict = verdict.assign(acted_on=asked[rule.acted].reindex(verdict.index))
    if "acted_on" not in verdict.columns:
        return verdict
    days = pd.to_datetime(verdict["acted_on"].astype(object), errors="coerce").astype("datetime64[s]")
    acted = [None if pd.isna(day) else day.date() for day in days]
    kept = np.array([rule.in_force(day or today) for day in acted], dtype=bool)
    said = pd.Series([day.isoformat() if day else None for day in acted], index=verdict.index, dtype=object)
    return verdict.assign(acted_on=said)[kept]


def _dates(frame: pd.DataFrame, name: str, missing: str) -> Any:
    """A column of dates, with a date that stands for an open side where there is none."""
    if name not in frame.columns:
        return np.full(len(frame), np.datetime64(missing, "s"))
    return frame[name].astype("datetime64[s]").fillna(np.datetime64(missing, "s")).to_numpy(dtype="datetime64[s]")
