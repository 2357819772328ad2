"""The waist: which features stand on the same ground, and how much of it. It knows no threshold and no law.

The area that two polygons have in common is the sum, over all pairs of their edges, of the signed ground under both
edges: a closed form in the coordinates. No topology is built, so that nothing throws, noise of δ moves an area by about
δ times the shared boundary, and holes and parts come by the sense of their rings. Rings must be simple: invalid shapes
are compared as repaired copies.

Error bound: coordinates are taken from the first vertex of side a, which subtracts exactly or to half a unit in the
last place. A term under two edges over a width w and below a height h is off by at most 16 u w h (u = 2⁻⁵³: each height
costs four roundings; the smaller, the crossing and the product cost the rest), and adding up N terms by at most N u
times the sum of their sizes. With at most k edges of each side above any point, both within W by H metres:
|error| ≤ (16 + N) u k² W H. Two parcels of 100 m with 40 vertices: 2e-8 m² at worst, 1e-11 m² as seen.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.boxes import Meeting
from geo.engines.local import cores
from geo.kernel.common import shared_areas
from geo.model import Shapes
from geo.outlines import Outlines
from geo.shapes import in_common, moved, origins

Rows = NDArray[np.int32]
#: Common ground of this and less is none (m²): rounding leaves about a tenth of it of the border between two fields.
NOTHING_M2 = 1e-10
#: Features whose pairs are found and measured in one go: what is in work fits a core's share of memory.
FEATURES_A_TILE = 20_000
NOTHING = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))


def shared_ground(
    a: Outlines,
    refs_a: NDArray[Any],
    b: Outlines | None = None,
    refs_b: NDArray[Any] | None = None,
    *,
    more_than_m2: float = NOTHING_M2,
    threads: int = 0,
) -> pd.DataFrame:
    """Find every pair of valid polygons that share ground.

    Without `b`, unordered pairs within `a`, the lower reference first; with `b`, pairs across. Returns row_a, row_b
    (positions), shared_m2, area_a, area_b, in the order of the rows. Areas are the same bits whole, tiled, shuffled and
    with any number of threads (all cores by default); the bound of their error stands above.
    """
    other = a if b is None else b
    meeting = Meeting.of(a, b, more_than_m2)
    measure = partial(_measured, meeting, a, refs_a, other, refs_a if refs_b is None else refs_b, more_than_m2)
    with ThreadPoolExecutor(threads or cores()) as pool:
        parts = [NOTHING, *pool.map(measure, meeting.tiles(FEATURES_A_TILE))]
    row_a, row_b, shared = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((row_b, row_a))
    row_a, row_b, shared = row_a[order], row_b[order], shared[order]
    return pd.DataFrame(
        {
            "row_a": row_a,
            "row_b": row_b,
            "shared_m2": shared,
            "area_a": a.areas_of(row_a),
            "area_b": other.areas_of(row_b),
        }
    )


def _measured(
    meeting: Meeting,
    a: Outlines,
    refs_a: NDArray[Any],
    b: Outlines,
    refs_b: NDArray[Any],
    more_than_m2: float,
    tile: tuple[bool, NDArray[np.int64]],
) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """The pairs of one tile; those within one layer are measured again in canonical order where they share ground."""
    row_a, row_b = meeting.pairs(tile)
    shared = _areas(a, row_a, b, row_b)
    if a is b:
        some = shared > more_than_m2 / 2
        row_a, row_b = row_a[some], row_b[some]
        swap = refs_a[row_a] > refs_b[row_b]
        row_a, row_b = np.where(swap, row_b, row_a), np.where(swap, row_a, row_b)
        shared = _areas(a, row_a, b, row_b)
    enough = shared > more_than_m2
    return row_a[enough], row_b[enough], shared[enough]


def _areas(a: Outlines, row_a: Rows, b: Outlines, row_b: Rows) -> NDArray[np.float64]:
    """Ask the compiled kernel."""
    edges = (a.most_vertices, b.most_vertices)
    return shared_areas(a.xy, a.rings, a.spans, a.boxes, b.xy, b.rings, b.spans, b.boxes, row_a, row_b, edges)


def with_cuts(pairs: pd.DataFrame, a: Outlines, b: Outlines) -> pd.DataFrame:
    """Add to a table of pairs the ground itself, as GEOS cuts it.

    Columns cut, x0, y0: the cut in coordinates whose origin is the first vertex of side a.
    """
    side_a, side_b = a.taken(pairs["row_a"].to_numpy()).shapes(), b.taken(pairs["row_b"].to_numpy()).shapes()
    origin = origins(side_a)
    cuts = in_common(moved(side_a, -origin), moved(side_b, -origin), pairs["shared_m2"].to_numpy(dtype=np.float64))
    return pairs.assign(cut=cuts, x0=origin[:, 0], y0=origin[:, 1])


def on_the_ground(pairs: pd.DataFrame) -> Shapes:
    """Give the cuts of a table of pairs at their place."""
    return moved(pairs["cut"].to_numpy(dtype=object), pairs[["x0", "y0"]].to_numpy(dtype=float))
