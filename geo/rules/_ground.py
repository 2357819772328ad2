"""Ground that rules on papers look at: pieces of it less what was approved on a day."""

from collections.abc import Collection

import numpy as np
import pandas as pd
import shapely

from geo.model import Shapes
from geo.rules._reading import dates, texts


def unapproved(
    shapes: Shapes, days: pd.Series, approval: pd.DataFrame | None, kinds: Collection[str] | None = None
) -> Shapes:
    """What of each shape no approval covered on its day; with `kinds`, only approvals of these, or of no known kind.

    An approval is valid from its first day to before its last; without either it is open on that side.
    """
    if approval is None or approval.empty:
        return shapes
    kind = texts(approval, "kind")
    known = approval if kinds is None else approval[(kind.isna() | kind.isin(kinds)).to_numpy(dtype=bool)]
    since = dates(known, "valid_from").fillna(np.datetime64("0001-01-01", "s")).to_numpy()
    until = dates(known, "valid_to").fillna(np.datetime64("9999-12-31", "s")).to_numpy()
    covers = known["judged"].to_numpy(dtype=object)
    when, left = days.to_numpy(dtype="datetime64[s]"), shapes.copy()
    at, cover = shapely.STRtree(covers).query(shapes, predicate="intersects")
    valid = (since[cover] <= when[at]) & (when[at] < until[cover])
    for row in np.unique(at[valid]):
        left[row] = shapely.difference(left[row], shapely.union_all(covers[cover[valid & (at == row)]]))
    return left
