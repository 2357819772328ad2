"""Which polygons of a layer are valid, with GEOS's verdict for each and without an object for most."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.engines.local import cores
from geo.kernel.validity import DOUBTFUL, INVALID, judge
from geo.model import Shapes
from geo.outlines import Outlines

#: Vertices that are judged in one go: a few milliseconds, so that threads end together.
VERTICES_AT_ONCE = 100_000


def invalid(outlines: Outlines, *, threads: int = 0) -> NDArray[np.bool_]:
    """Tell of each polygon whether it breaks the rules of a polygon, as GEOS would; what is missing breaks none.

    The compiled loops judge what they are certain of. What they leave open, rings that touch each other or lie within
    rounding, GEOS is asked; a polygon that GEOS stumbles over is invalid. By default all cores are at work.
    """
    found = verdicts(outlines, threads=threads)
    bad: NDArray[np.bool_] = found == INVALID
    doubtful = np.flatnonzero(found == DOUBTFUL)
    bad[doubtful] = _invalid_to_geos(outlines.taken(doubtful).shapes())
    return bad


def _invalid_to_geos(shapes: Shapes) -> NDArray[np.bool_]:
    """Ask GEOS; if it stumbles over one of several, ask of each half."""
    try:
        return ~np.asarray(shapely.is_valid(shapes), dtype=np.bool_)
    except shapely.GEOSException:
        if len(shapes) == 1:
            return np.ones(1, dtype=np.bool_)
        return np.concatenate([_invalid_to_geos(half) for half in np.array_split(shapes, 2)])


def verdicts(outlines: Outlines, *, threads: int = 0) -> NDArray[np.int8]:
    """Judge each polygon without GEOS: VALID, INVALID or DOUBTFUL of `geo.kernel.validity`."""
    out = np.empty(len(outlines), dtype=np.int8)
    begins = outlines.rings[outlines.spans]
    wanted = np.arange(0, len(outlines.xy), VERTICES_AT_ONCE)
    cuts = np.unique(np.r_[0, np.searchsorted(begins, wanted), len(outlines)])

    def some(first: int, end: int) -> None:
        judge(outlines.xy, outlines.rings, outlines.parts, outlines.features, first, end, out)

    with ThreadPoolExecutor(threads or cores()) as pool:
        list(pool.map(some, cuts[:-1], cuts[1:]))
    return out
