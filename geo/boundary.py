"""Whether outlines have their boundary points and boundary lines (界址点, 界址线) where they have corners and edges."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.boxes import Meeting
from geo.kernel.cover import left_bare, nearest_points
from geo.model import Shapes
from geo.near import feature_of
from geo.outlines import Outlines

Floats = NDArray[np.float64]
#: Codes and numbers of several things in one field; the standard has the stroke, real files have commas too.
SEPARATORS = r"[/,，、;；]"
#: What a text field of the standard holds; what is as long may have been cut off in the middle of its last word.
LONGEST = 254


def corners_without_point(outlines: Outlines, points: Shapes, within_m: float) -> pd.DataFrame:
    """Count the corners of features and those with no point within a distance (m): corners, missing, place (the first).

    The index are the positions of all features that have corners; `place` is None where no point is missing.
    """
    at = _corners(outlines)
    known = points[shapely.get_type_id(points) == shapely.GeometryType.POINT]
    missing = nearest_points(outlines.xy[at], shapely.get_coordinates(known), within_m) < 0
    return _by_feature(outlines, at, missing, outlines.xy[at], "corners").drop(columns="bare_m")


def edges_without_line(outlines: Outlines, lines: Shapes, within_m: float) -> pd.DataFrame:
    """Count the edges of features and those no line runs along within a distance (m): edges, missing, bare_m, place.

    A stretch that is no longer than the distance may be bare. `place` is the middle of the first edge.
    """
    at = _corners(outlines)
    ends = np.c_[outlines.xy[at], outlines.xy[at + 1]]
    some = (ends[:, :2] != ends[:, 2:]).any(axis=1) & np.isfinite(ends).all(axis=1)
    at, ends = at[some], ends[some]
    straight = _segments(lines)
    meeting = Meeting.of(_flat(ends), _flat(straight), 0.0, within_m)
    pairs = [meeting.pairs(tile) for tile in meeting.tiles(max(len(ends), len(straight), 1))]
    which, beside = (np.concatenate(column) for column in zip(*pairs, strict=True))
    order = np.argsort(which, kind="stable")
    bare = left_bare(ends, straight, which[order], beside[order], within_m)
    middle = (ends[:, :2] + ends[:, 2:]) / 2
    return _by_feature(outlines, at, bare > 0, middle, "edges", bare)


def _corners(outlines: Outlines) -> NDArray[np.int64]:
    """All vertices but those that close a ring."""
    return np.setdiff1d(np.arange(len(outlines.xy)), outlines.rings[1:] - 1, assume_unique=True)


def _segments(lines: Shapes) -> Floats:
    """The straight pieces of lines, x and y of both ends."""
    xy, owner = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = np.flatnonzero(np.diff(owner) == 0)
    pieces = np.c_[xy[same], xy[same + 1]]
    return np.ascontiguousarray(pieces[np.isfinite(pieces).all(axis=1)])


def _flat(ends: Floats) -> Outlines:
    """Straight pieces as features of two vertices, of which only the boxes are asked."""
    many = np.arange(len(ends) + 1, dtype=np.int64)
    return Outlines(ends.reshape(-1, 2), 2 * many, many, many)


def _by_feature(
    outlines: Outlines,
    at: NDArray[np.int64],
    missing: NDArray[np.bool_],
    spots: Floats,
    all_of: str,
    metres: Floats | None = None,
) -> pd.DataFrame:
    """Add up by feature, and tell where the first one that is missing lies."""
    owner = feature_of(outlines, at)
    metres = np.zeros(len(at)) if metres is None else metres
    sums = pd.DataFrame({"owner": owner, "missing": missing, "bare_m": metres}).groupby("owner").sum()
    sums[all_of] = np.bincount(owner, minlength=len(outlines))[sums.index]
    gone = np.flatnonzero(missing)
    who, first = np.unique(owner[gone], return_index=True)
    places = pd.Series(shapely.points(spots[gone[first]]), index=who, dtype=object)
    told = sums.assign(place=places.reindex(sums.index).to_numpy(dtype=object), bare_m=sums["bare_m"].round(3))
    told["place"] = told["place"].where(told["place"].notna(), None)
    return told.astype({"missing": np.int64, all_of: np.int64})
