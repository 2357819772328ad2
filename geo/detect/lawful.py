"""What approvals make lawful: they are taken away in space, and in time at the date of the survey."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.model import Shapes


def without_approved(cuts: Shapes, days: pd.Series, approvals: pd.DataFrame | None, today: date) -> Shapes:
    """Subtract from every cut the approvals valid on its survey day (today where the survey has no date).

    Columns of approvals: judged, valid_from, valid_to (both may be absent or null: open on that side; half-open).
    """
    if approvals is None or len(approvals) == 0 or len(cuts) == 0:
        return cuts
    result = cuts.copy()
    when = days.fillna(np.datetime64(today, "s")).to_numpy(dtype="datetime64[s]")
    begins = _dates(approvals, "valid_from", "0001-01-01")
    ends = _dates(approvals, "valid_to", "9999-12-31")
    shapes = approvals["judged"].to_numpy(dtype=object)
    cut_at, approval_at = shapely.STRtree(shapes).query(cuts)
    valid = (begins[approval_at] <= when[cut_at]) & (when[cut_at] < ends[approval_at])
    for at in np.unique(cut_at[valid]):
        covers = shapes[approval_at[valid & (cut_at == at)]]
        result[at] = shapely.difference(cuts[at], shapely.union_all(covers))
    return result


def _dates(frame: pd.DataFrame, name: str, missing: str) -> Any:
    """A column of dates, with a date that stands for an open side where there is none."""
    if name not in frame.columns:
        return np.full(len(frame), np.datetime64(missing, "s"))
    return frame[name].astype("datetime64[s]").fillna(np.datetime64(missing, "s")).to_numpy(dtype="datetime64[s]")
