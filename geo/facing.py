"""Who lies on which side of whom: neighbours in the four directions of 四至, by the length over which they face."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.boxes import Meeting
from geo.engines.local import cores, in_parts
from geo.kernel import facing as loops
from geo.model import Shapes
from geo.outlines import Outlines

#: The sides as they are counted: the direction in which an edge looks out.
SIDES = ("east", "north", "west", "south")
#: Features whose neighbours are looked at in one go.
FEATURES_A_TILE = 20_000
#: Edges face each other that run against each other within 45°.
_AGAINST = float(np.cos(np.pi / 4))


def neighbours(outlines: Outlines, within_m: float, sector_deg: float) -> pd.DataFrame:
    """Tell on which sides features have which others near by: row, other, side (of `SIDES`), facing_m.

    A side is what looks no more than half of `sector_deg` aside from its direction; sectors wider than 90° overlap, and
    an edge between two directions belongs to both. A foreign edge no further off than `within_m` counts.
    """
    meeting = Meeting.of(outlines, None, 0.0, within_m)
    sector = _cosine(sector_deg)

    def looked(tile: tuple[bool, NDArray[np.int64]]) -> tuple[NDArray[Any], ...]:
        a, b = meeting.pairs(tile)
        flat = (outlines.xy, outlines.rings, outlines.spans, outlines.boxes, a, b)
        metres = loops.facing(*flat, within_m, _AGAINST, sector, outlines.most_vertices)
        pair, side = np.nonzero(metres)
        swap = side > 3
        row, other = np.where(swap, b[pair], a[pair]), np.where(swap, a[pair], b[pair])
        return row, other, side % 4, metres[pair, side]

    with ThreadPoolExecutor(cores()) as pool:
        parts = [(*(np.empty(0, np.int32),) * 3, np.empty(0)), *pool.map(looked, meeting.tiles(FEATURES_A_TILE))]
    row, other, side, metres = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pd.DataFrame({"row": row, "other": other, "side": side, "facing_m": metres})


def side_lengths(outlines: Outlines, sector_deg: float) -> NDArray[np.float64]:
    """For each feature and side: metres of its edges that look there, metres of the longest, x and y of its middle."""
    out = np.zeros((len(outlines), 4, 4))
    flat, sector = (outlines.xy, outlines.rings, outlines.spans), _cosine(sector_deg)
    in_parts(lambda start, end: loops.sides(*flat, sector, out, start, end), len(outlines))
    return out


def towards(
    outlines: Outlines,
    row: NDArray[np.int64],
    other: NDArray[np.int64],
    side: NDArray[np.int64],
    within_m: float,
    sector_deg: float,
) -> NDArray[np.bool_]:
    """Tell of each pair whether the other's box is near, and its centre lies to a side of the first one's centre."""
    a, b = outlines.boxes[row], outlines.boxes[other]
    near = ((a[:, :2] - within_m <= b[:, 2:]) & (b[:, :2] - within_m <= a[:, 2:])).all(axis=1)
    near &= row != other
    centres = [shapely.get_coordinates(_centres(outlines.taken(rows[near]))) for rows in (row, other)]
    east, north = (centres[1] - centres[0]).T
    forward = np.choose(side[near], [east, north, -east, -north])
    near[near] = forward >= _cosine(sector_deg) * np.hypot(east, north)
    return np.asarray(near, dtype=np.bool_)


def _centres(outlines: Outlines) -> Shapes:
    """The centre of each feature; of one without ground, nowhere in particular."""
    shapes = outlines.shapes()
    shapes[shapely.is_empty(shapes)] = shapely.Point(0, 0)
    return np.asarray(shapely.centroid(shapes), dtype=object)


def _cosine(sector_deg: float) -> float:
    """The cosine of half a sector, a rounding wider."""
    return float(np.cos(np.radians(sector_deg / 2))) - 1e-9
