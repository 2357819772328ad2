"""Which features come near each other without sharing ground: vertices that nearly meet, vertices on foreign edges.

Coordinates are compared as they are and distances (m) rounded to a micrometre, so that results are the same bits whole,
tiled, shuffled and with any number of threads. A vertex counts once for each neighbour: with the nearest vertex of it,
else with the nearest of its edges. Broken shapes are compared as they are, and nothing is raised for them.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.boxes import Meeting
from geo.engines.local import cores
from geo.kernel.near import near
from geo.outlines import Outlines

Floats = NDArray[np.float64]
#: Features whose neighbours are looked at in one go.
FEATURES_A_TILE = 20_000
#: Vertices near others or on edges that a pair may have before room is made for more.
EXPECTED = 1


@dataclass(frozen=True)
class Near:
    """What lies near, in rows of two vertices and the metres between.

    `nodes`: vertices of two features, each the other's nearest and not the same point, the western one first. `on`: a
    vertex and the foreign edge that it lies on, by the edge's first vertex.
    """

    nodes: Floats
    on: Floats


def near_features(outlines: Outlines, within_m: float, *, threads: int = 0) -> Near:
    """Find all vertices no further than `within_m` from a vertex, or from an edge, of another feature."""
    meeting = Meeting.of(outlines, None, 0.0, within_m)

    def looked(tile: tuple[bool, NDArray[np.int64]]) -> tuple[Floats, Floats]:
        row_a, row_b = meeting.pairs(tile)
        flat = (outlines.xy, outlines.rings, outlines.spans, outlines.boxes, row_a, row_b)
        room = (EXPECTED * len(row_a), EXPECTED * len(row_a))
        while True:
            nodes, on = (np.empty((size, 3)) for size in room)
            found = near(*flat, within_m, outlines.most_vertices, nodes, on)
            if found[0] <= room[0] and found[1] <= room[1]:
                return nodes[: found[0]], on[: found[1]]
            room = found

    with ThreadPoolExecutor(threads or cores()) as pool:
        parts = [(np.empty((0, 3)), np.empty((0, 3))), *pool.map(looked, meeting.tiles(FEATURES_A_TILE))]
    nodes, on = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Near(_from_west(outlines, nodes), on)


def _from_west(outlines: Outlines, nodes: Floats) -> Floats:
    """Put the vertex that lies further west, or south of the other, first."""
    (ax, ay), (bx, by) = (outlines.xy[nodes[:, side].astype(np.int64)].T for side in (0, 1))
    swap = (bx < ax) | ((bx == ax) & (by < ay))
    return np.where(swap[:, None], nodes[:, [1, 0, 2]], nodes)


def by_pair(outlines: Outlines, spots: Floats) -> pd.DataFrame:
    """Gather spots (two vertices, metres) by pairs of features: row_a, row_b, spots, distance_m, place.

    The spot described is the one with the greatest distance, of equal ones the most western and southern; its place is
    that of the first vertex.
    """
    one, other = spots[:, 0].astype(np.int64), spots[:, 1].astype(np.int64)
    rows = np.sort(np.stack([feature_of(outlines, one), feature_of(outlines, other)]), axis=0)
    x, y = outlines.xy[one].T
    order = np.lexsort((y, x, -spots[:, 2], rows[1], rows[0]))
    rows, x, y, apart = rows[:, order], x[order], y[order], spots[order, 2]
    first = np.flatnonzero(np.r_[len(order) > 0, np.any(np.diff(rows, axis=1) != 0, axis=0)])
    return pd.DataFrame(
        {
            "row_a": rows[0, first],
            "row_b": rows[1, first],
            "spots": np.diff(np.r_[first, len(order)]),
            "distance_m": apart[first],
            "place": shapely.points(x[first], y[first]),
        }
    )


def feature_of(outlines: Outlines, vertices: NDArray[np.int64]) -> NDArray[np.intp]:
    """The feature that each vertex belongs to."""
    ends = outlines.rings[outlines.spans[1:]]
    return np.searchsorted(ends, vertices, side="right")
