"""Lines between the two borders of a disputed piece of ground, from one border gradually over to the other.

The cut of two parcels is bordered by a's line, which runs inside b, and by b's line, which runs inside a. It is laid
out in triangles whose corners lie on these lines; a height rises from 0 on b's line to 1 on a's line, evenly over each
triangle. Every height gives a line through the cut: one half the line in the middle, any other a share of the ground.
Ground below the line, on the side of b's line, falls to a: it goes on from there into a's own ground.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Numbers = NDArray[np.float64]

#: How near a vertex of the cut must be to a parcel's edge to lie on it (m): corners of a cut are rounded to about 1e-9.
ON_THE_EDGE_M: Final = 1e-6
#: Vertices that are put onto the borders of one part, so that the lines follow them closely.
MOST_VERTICES: Final = 600
#: What a line may be off after vertices that say nothing are left out: a millimetre, or a part of the mean width where
#: the ground is wide.
STRAIGHT_M: Final = 0.001
STRAIGHT_SHARE: Final = 0.05


class Undividable(Exception):
    """Only one of two parcels has a line here: one lies inside the other, or both are the same."""


@dataclass(frozen=True)
class Between:
    """The triangles of one cut: corners (n, 3, 2), heights (n, 3) in rising order; vertices are `step_m` apart."""

    cut: BaseGeometry
    step_m: float
    corners: NDArray[np.float64]
    heights: NDArray[np.float64]

    @classmethod
    def of(cls, a: BaseGeometry, b: BaseGeometry, cut: BaseGeometry) -> "Between":
        """Lay triangles between both lines of a cut; Undividable where one of its parts has no two lines."""
        edge_a, edge_b = shapely.boundary(a), shapely.boundary(b)
        corners, heights = [], []
        step = max(shapely.length(cut) / MOST_VERTICES, ON_THE_EDGE_M)
        for part in shapely.get_parts(cut):
            ours, high = _triangles(shapely.segmentize(part, step), edge_a, edge_b)
            corners.append(ours)
            heights.append(high)
        laid, high = np.concatenate(corners), np.concatenate(heights)
        rising = np.argsort(high, axis=1, kind="stable")
        laid = np.take_along_axis(laid, rising[:, :, None], axis=1)
        return cls(cut, step, laid, np.take_along_axis(high, rising, axis=1))

    def area_below(self, height: float) -> float:
        """The ground that falls to a when the line runs at this height."""
        low, middle, high = self.heights.T
        areas = _areas(self.corners)
        with np.errstate(divide="ignore", invalid="ignore"):
            lower = (height - low) ** 2 / ((middle - low) * (high - low))
            upper = 1 - (high - height) ** 2 / ((high - middle) * (high - low))
        share = np.select([height >= high, height <= low, height <= middle], [1.0, 0.0, lower], upper)
        return float((areas * share).sum())

    def height_for(self, area_m2: float) -> float:
        """The height at which so much ground falls to a; the nearest where no line gives just that."""
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.area_below(middle) < area_m2 else (low, middle)
        return (low + high) / 2

    def line(self, height: float) -> BaseGeometry:
        """The line at a height, as one or several lines that reach a millimetre beyond the cut at their ends."""
        low, middle, high = self.heights.T
        crossed = (low < height) & (height < high)
        first = _at(self.corners, self.heights, 0, 2, height)
        second = np.where(
            (height < middle)[:, None],
            _at(self.corners, self.heights, 0, 1, height),
            _at(self.corners, self.heights, 1, 2, height),
        )
        pieces = shapely.linestrings(np.stack([first, second], axis=1)[crossed])
        pieces = pieces[shapely.length(pieces) > 0]
        whole = shapely.line_merge(shapely.union_all(pieces)) if len(pieces) else shapely.LineString()
        straight = shapely.simplify(whole, max(STRAIGHT_M, min(self.step_m, STRAIGHT_SHARE * _mean_width(self.cut))))
        return shapely.MultiLineString([_longer(one) for one in shapely.get_parts(straight) if not one.is_empty])

    def heights_at(self, spots: Numbers) -> Numbers:
        """The height at places inside of the cut, from the triangle that each lies in or nearest to."""
        tree = shapely.STRtree(np.asarray(shapely.polygons(self.corners), dtype=object))
        found = np.asarray(tree.nearest(shapely.points(spots)))
        p, q, r = (self.corners[found, n] for n in range(3))
        whole = _cross(q - p, r - p)
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = np.column_stack([_cross(q - spots, r - spots), _cross(r - spots, p - spots)]) / whole[:, None]
        weights = np.column_stack([weights, 1 - weights.sum(axis=1)])
        return np.asarray((weights * self.heights[found]).sum(axis=1), dtype=np.float64)


def _triangles(part: shapely.Polygon, edge_a: BaseGeometry, edge_b: BaseGeometry) -> tuple[Numbers, Numbers]:
    """The triangles of one part of a cut, and the heights of their corners."""
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(part)]
    places: Numbers = np.concatenate(rings)
    heights = np.concatenate([_along(ring, edge_a, edge_b) for ring in rings])
    if np.isnan(heights).any() or not (heights == 0).any() or not (heights == 1).any():
        raise Undividable
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(part))
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    named = {(x, y): at for at, (x, y) in enumerate(places.tolist())}
    who = np.array([named[x, y] for x, y in corners.reshape(-1, 2).tolist()]).reshape(-1, 3)
    return corners, heights[who]


def _along(ring: Numbers, edge_a: BaseGeometry, edge_b: BaseGeometry) -> Numbers:
    """Heights along one ring: 1 on a's line, 0 on b's, and where both share an edge evenly from one to the other.

    A ring that lies on both is NaN throughout.
    """
    points = shapely.points(ring)
    on_a, on_b = (np.asarray(shapely.distance(points, edge) <= ON_THE_EDGE_M) for edge in (edge_a, edge_b))
    before, after = (np.roll(on_a != on_b, by) for by in (1, -1))
    begins, ends = before & ~after, after & ~before  # a shared edge begins at the height of the line that leads to it
    on_a = np.select([on_a != on_b, begins, ends], [on_a, np.roll(on_a, 1), np.roll(on_a, -1)], on_a)
    told = np.flatnonzero((on_a != on_b) | begins | ends)
    if not len(told):
        return np.full(len(ring), np.nan)
    steps = np.hypot(*np.diff(ring, axis=0, append=ring[:1]).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    here = way[told]
    known = on_a[told].astype(float)
    round_about = np.concatenate([[here[-1] - way[-1]], here, [here[0] + way[-1]]])
    heights: Numbers = np.interp(way[:-1], round_about, np.concatenate([known[-1:], known, known[:1]]))
    return heights


def _at(corners: Numbers, heights: Numbers, start: int, end: int, height: float) -> Numbers:
    """Where a height lies on one side of every triangle; the same bits from both triangles of a side."""
    p, q, low, high = corners[:, start], corners[:, end], heights[:, start], heights[:, end]
    with np.errstate(divide="ignore", invalid="ignore"):  # of triangles that it does not cross
        there: Numbers = p + ((height - low) / (high - low))[:, None] * (q - p)
    return there


def _mean_width(cut: BaseGeometry) -> float:
    return float(2 * cut.area / cut.length)


def _areas(corners: Numbers) -> Numbers:
    p, q, r = corners[:, 0], corners[:, 1], corners[:, 2]
    areas: Numbers = np.abs(_cross(q - p, r - p)) / 2
    return areas


def _cross(u: Numbers, v: Numbers) -> Any:
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


def _longer(line: shapely.LineString) -> shapely.LineString:
    """A line a little longer at both ends, so that it meets the border that it ends on."""
    places = shapely.get_coordinates(line)
    if (places[0] == places[-1]).all():
        return line
    over = STRAIGHT_M
    first, last = places[0] - places[1], places[-1] - places[-2]
    places[0] += first / np.hypot(*first) * over
    places[-1] += last / np.hypot(*last) * over
    return shapely.LineString(places)
