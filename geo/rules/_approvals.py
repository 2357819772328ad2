"""Approvals as rules ask of them: until when they last, which were valid on a day, what they cover."""

import numpy as np
import pandas as pd
import shapely

from geo.model import Shapes

#: Codes of PZLX.
FACILITIES, TEMPORARY = "5", "6"
#: Years that temporary land lasts where its approval names no end: for works of energy, transport and water, and else
#: (Land Administration Law 57; its Regulations 20).
WORKS_YEARS, OTHER_YEARS = 4, 2
_WORKS = "1"


def of_kind(approvals: pd.DataFrame, kind: str) -> pd.Series:
    """Approvals of one kind."""
    return approvals.reindex(columns=["kind"])["kind"].astype("string").eq(kind).fillna(False).astype(bool)


def ends_on(approvals: pd.DataFrame, works: float = WORKS_YEARS, other: float = OTHER_YEARS) -> pd.Series:
    """The day each approval ends: the one it names, for temporary land else what the law grants; null for open ones."""
    known = approvals.reindex(columns=["valid_from", "valid_to", "purpose"])
    begins, ends = (known[name].astype("datetime64[s]") for name in ("valid_from", "valid_to"))
    unsaid = of_kind(approvals, TEMPORARY) & ends.isna()
    for_works = unsaid & known["purpose"].astype("string").eq(_WORKS).fillna(False).astype(bool)
    granted = years_after(begins.where(unsaid & ~for_works), other).fillna(years_after(begins.where(for_works), works))
    return ends.fillna(granted)


def years_after(days: pd.Series, years: float) -> pd.Series:
    """The same day so many whole years later; 1 March where that year has no 29 February."""
    later = [np.datetime64("NaT", "s") if pd.isna(day) else _later(day, int(years)) for day in days]
    return pd.Series(np.array(later, dtype="datetime64[s]"), index=days.index)


def _later(day: pd.Timestamp, years: int) -> np.datetime64:
    # what runs for good ends on the last day that a calendar holds
    month = np.datetime64(f"{min(day.year + years, 9999):04d}-{day.month:02d}", "M")
    return np.datetime64(month.astype("datetime64[D]") + np.timedelta64(day.day - 1, "D"), "s")


def comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that have a shape to compare."""
    shapes = rows["judged"].to_numpy(dtype=object)
    return rows[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]


def valid_on(approvals: pd.DataFrame, day: object) -> pd.Series:
    """Approvals that are in force on a day: from the first of their days to before the last."""
    at = np.datetime64(day, "s")  # type: ignore[call-overload]
    begins = approvals.reindex(columns=["valid_from"])["valid_from"].astype("datetime64[s]")
    ends = ends_on(approvals)
    return (begins.isna() | (begins <= at)) & (ends.isna() | (at < ends))


def near(shapes: Shapes, others: Shapes, within_m: float) -> list[list[int]]:
    """For each shape the positions of those others that lie no further off than this."""
    found: list[list[int]] = [[] for _ in shapes]
    for at, other in zip(*shapely.STRtree(others).query(shapes, predicate="dwithin", distance=within_m), strict=True):
        found[at].append(int(other))
    return [sorted(some) for some in found]
