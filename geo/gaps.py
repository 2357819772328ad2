"""Gaps between neighbours: little ground that nobody's outline covers, closed all around.

Neighbours are not required to tile the land. What is looked for are slips of drawing: closed voids that are small and
thin. Points nearer to each other than a tolerance are taken as one, and points that near to a foreign edge as lying on
it; what is left of edges that nobody shares closes to rings. Each ring is then cut against the features by GEOS: a
gap is what the shapes as delivered leave free. Beside an overlap, where edges cross, no ring closes: there the overlap
is the finding.
"""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.boxes import Meeting
from geo.kernel import rims
from geo.model import Shapes
from geo.near import near_features
from geo.outlines import Outlines, outlines_of
from geo.repair import repaired
from geo.shapes import AREA_DECIMALS, inside, moved, origins, polygonal

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def gaps(outlines: Outlines, closed_m: float, most_m2: float, most_m: float, least_m2: float) -> pd.DataFrame:
    """Find gaps of at least `least_m2` and less than `most_m2` that are less than `most_m` wide on average (2A/P).

    `closed_m` is how near points must be to be one. Returns row_a and row_b (the two features that most of the rim
    belongs to; row_b is -1 where there is only one), gaps, gap_m2, mean_width_m, cut, place: a row for each pair.
    """
    rim = _edges(outlines, closed_m)
    start, end = rim["end"].to_numpy(), rim["start"].to_numpy()
    order = np.argsort(start, kind="stable")
    edges = np.empty(len(rim), dtype=np.int64)
    begins = rims.small_rims(outlines.xy, start, end, order, start[order], most_m2, most_m, edges)
    rings = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    kept = rim.iloc[edges[: begins[-1]]].assign(ring=rings)
    voids = _free(outlines, kept["end"].to_numpy(), begins)
    area, length = np.round(shapely.area(voids), AREA_DECIMALS), shapely.length(voids)
    real = (area >= least_m2) & (area < most_m2) & (2 * area < most_m * length)
    table = _sides(kept, len(voids)).assign(cut=voids, gap_m2=area, length_m=length)
    return _by_pair(table[real])


def _edges(outlines: Outlines, closed_m: float) -> pd.DataFrame:
    """The edges that nobody shares, from node to node, each with its feature and its length."""
    near = near_features(outlines, closed_m)
    node = rims.same_points(outlines.xy)
    rims.merged(outlines.xy, node, *(near.nodes[:, side].astype(np.int64) for side in (0, 1)))
    by, cut = (near.on[:, side].astype(np.int64) for side in (0, 1))
    along = np.hypot(*(outlines.xy[by] - outlines.xy[cut]).T)
    order = np.lexsort((along, cut))
    columns = np.empty((3, len(outlines.xy) + len(cut)), dtype=np.int64)
    many = rims.half_edges(outlines.rings, outlines.spans, node, cut[order], by[order], *columns)
    columns = columns[:, :many]
    start, end, whose = columns[:, rims.unshared(columns[0], columns[1])]
    length = np.hypot(*(outlines.xy[start] - outlines.xy[end]).T)
    return pd.DataFrame({"start": start, "end": end, "row": whose, "length_m": length})


def _free(outlines: Outlines, vertices: Indices, begins: Indices) -> Shapes:
    """What no feature covers of the rings that run over some vertices."""
    if len(begins) < 2:
        return np.empty(0, dtype=object)
    rings = np.split(vertices, begins[1:-1])
    drawn = np.array([shapely.Polygon(outlines.xy[[*ring, ring[0]]]) for ring in rings], dtype=object)
    bad = ~shapely.is_valid(drawn)
    mended = repaired(drawn[bad])  # in a child that may be killed: a ring may be as tangled as what was delivered
    mended[shapely.is_missing(mended)] = shapely.Polygon()
    drawn[bad] = polygonal(mended)
    meeting = Meeting.of(outlines_of(drawn), outlines, 0.0)
    pairs = [meeting.pairs(tile) for tile in meeting.tiles(len(outlines))]
    ring, row = (np.concatenate(column) for column in zip(*pairs, strict=True))
    origin = origins(drawn)
    free = moved(drawn, -origin)
    order = np.argsort(ring, kind="stable")
    ring, row = ring[order], row[order]
    covering = moved(outlines.taken(row).shapes(), -origin[ring])
    for at, some in zip(np.unique(ring), np.split(covering, np.flatnonzero(np.diff(ring)) + 1), strict=False):
        free[at] = shapely.difference(free[at], shapely.union_all(some))
    return moved(polygonal(free), origin)


def _sides(kept: pd.DataFrame, rings: int) -> pd.DataFrame:
    """The two features that most of each rim belongs to, the lower position first; -1 where there is only one."""
    shares = kept.groupby(["ring", "row"], as_index=False)["length_m"].sum().round({"length_m": 6})
    shares = shares.sort_values(["ring", "length_m"], ascending=[True, False], kind="stable")
    ranks = shares.groupby("ring").cumcount()
    two = np.full((2, rings), -1, dtype=np.int64)
    for rank in (0, 1):
        these = shares[ranks == rank]
        two[rank, these["ring"]] = these["row"]
    only = two[1] < 0
    low, high = two.min(axis=0), two.max(axis=0)
    return pd.DataFrame({"row_a": np.where(only, high, low), "row_b": np.where(only, -1, high)})


def _by_pair(table: pd.DataFrame) -> pd.DataFrame:
    """All gaps between two features as one row; its place lies in the largest."""
    table = table.sort_values(["row_a", "row_b", "gap_m2"], ascending=[True, True, False], kind="stable")
    pairs = table.groupby(["row_a", "row_b"], as_index=False)
    told = pairs.agg(gaps=("gap_m2", "size"), gap_m2=("gap_m2", "sum"), length_m=("length_m", "sum"))
    largest = pairs["cut"].first()["cut"].to_numpy(dtype=object)
    cuts = [shapely.union_all(some.to_numpy(dtype=object)) for _, some in pairs["cut"]]
    width = (2 * told["gap_m2"] / told.pop("length_m")).round(6)
    return told.assign(mean_width_m=width, cut=pd.Series(cuts, dtype=object), place=inside(largest))
