"""Which polygons of a layer are valid, with GEOS's verdict for each and without an object for most."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.kernel.validity import DOUBTFUL, INVALID, judge
from geo.model import Shapes
from geo.outlines import Outlines, Starts

#: Vertices that are judged in one go: some milliseconds, so that threads end together.
VERTICES_AT_ONCE = 500_000


def invalid(outlines: Outlines) -> NDArray[np.bool_]:
    """Tell of each polygon whether it breaks the rules of a polygon, as GEOS would; what is missing breaks none.

    The compiled loops judge what they are certain of. What they leave open, rings that touch each other or lie within
    rounding, GEOS is asked; a polygon that GEOS stumbles over is invalid.
    """
    found = verdicts(outlines)
    bad: NDArray[np.bool_] = found == INVALID
    doubtful = np.flatnonzero(found == DOUBTFUL)
    bad[doubtful] = _invalid_to_geos(chosen(outlines, doubtful).shapes())
    return bad


def _invalid_to_geos(shapes: Shapes) -> NDArray[np.bool_]:
    """Ask GEOS; if it stumbles over one of several, ask of each half."""
    try:
        return ~np.asarray(shapely.is_valid(shapes), dtype=np.bool_)
    except shapely.GEOSException:
        if len(shapes) == 1:
            return np.ones(1, dtype=np.bool_)
        return np.concatenate([_invalid_to_geos(half) for half in np.array_split(shapes, 2)])


def verdicts(outlines: Outlines) -> NDArray[np.int8]:
    """Judge each polygon without GEOS: VALID, INVALID or DOUBTFUL of `geo.kernel.validity`; on all processors."""
    out = np.empty(len(outlines), dtype=np.int8)
    begins = outlines.rings[outlines.spans]
    wanted = np.arange(0, len(outlines.xy), VERTICES_AT_ONCE)
    cuts = np.unique(np.r_[0, np.searchsorted(begins, wanted), len(outlines)])

    def some(first: int, end: int) -> None:
        judge(outlines.xy, outlines.rings, outlines.parts, outlines.features, first, end, out)

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(some, cuts[:-1], cuts[1:]))
    return out


def chosen(outlines: Outlines, rows: NDArray[np.int64]) -> Outlines:
    """The outlines of some rows alone, in the order asked."""
    parts, features = _runs(outlines.features, rows)
    rings, part_starts = _runs(outlines.parts, parts)
    vertices, ring_starts = _runs(outlines.rings, rings)
    return Outlines(outlines.xy[vertices], ring_starts, part_starts, features)


def _runs(starts: Starts, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Starts]:
    """What lies in the runs of these rows, run after run, and where each run then begins."""
    sizes = starts[rows + 1] - starts[rows]
    begins = np.r_[0, np.cumsum(sizes)]
    return np.arange(begins[-1]) + np.repeat(starts[rows] - begins[:-1], sizes), begins
