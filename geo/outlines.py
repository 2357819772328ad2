"""Outlines: the polygons of a layer as flat columns of coordinates, with no object for each of them.

The layout is that of a GeoArrow multipolygon: features hold parts, a part is a shell followed by its holes, a ring
repeats its first vertex. Shells run counter-clockwise and holes clockwise, whichever way they were delivered; the first
vertex of a ring stays the first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.engines.local import in_parts
from geo.kernel import wkb
from geo.kernel.rings import areas, boxes, orient, slants
from geo.model import Shapes

Floats = NDArray[np.float64]
Starts = NDArray[np.int64]


@dataclass(frozen=True)
class Outlines:
    """Polygons of one layer in metres of one metric CRS; what is missing or empty has no parts.

    `xy` (vertices, 2); `rings` where each ring begins in `xy`, `parts` where each part begins in `rings`, `features`
    where each feature begins in `parts`, each with the end of the last one behind it.
    """

    xy: Floats
    rings: Starts
    parts: Starts
    features: Starts

    def __len__(self) -> int:
        return len(self.features) - 1

    @cached_property
    def spans(self) -> Starts:
        """Where each feature begins in `rings`, with the end of the last one behind it."""
        return self.parts[self.features]

    @cached_property
    def boxes(self) -> Floats:
        """West, south, east and north of every feature; NaN where there is none."""
        return self._measured(boxes)

    @cached_property
    def slants(self) -> Floats:
        """The box of every feature along the diagonals: least and most of x + y and of x - y, a rounding wider."""
        return self._measured(slants)

    def _measured(self, loop: Callable[..., None]) -> Floats:
        """Four numbers of every feature, by all cores."""
        out = np.empty((len(self), 4))
        in_parts(lambda start, end: loop(self.xy, self.rings, self.spans, out, start, end), len(self))
        return out

    @cached_property
    def areas(self) -> Floats:
        """Area (m²) of every feature, holes taken off, measured from the first vertex of each ring."""
        return self.areas_of(np.arange(len(self)))

    def areas_of(self, rows: NDArray[np.integer]) -> Floats:
        """Area (m²) of the features of some rows."""
        return areas(self.xy, self.rings, self.spans, rows.astype(np.int64))

    @cached_property
    def most_vertices(self) -> int:
        """The most vertices that one feature has."""
        return int(np.diff(self.rings[self.spans]).max(initial=0))

    def taken(self, rows: NDArray[np.integer]) -> "Outlines":
        """The features of some rows, in their order; a row may be taken more than once."""
        features, parts = _ranges(self.features, np.asarray(rows))
        part_starts, rings = _ranges(self.parts, parts)
        ring_starts, vertices = _ranges(self.rings, rings)
        return Outlines(self.xy[vertices], ring_starts, part_starts, features)

    def between(self, start: int, end: int) -> "Outlines":
        """The features of neighbouring rows, from `start` to before `end`, without copying a vertex."""
        p0, p1 = self.features[start], self.features[end]
        r0, r1 = self.parts[p0], self.parts[p1]
        v0, v1 = self.rings[r0], self.rings[r1]
        rings, parts = self.rings[r0 : r1 + 1] - v0, self.parts[p0 : p1 + 1] - r0
        return Outlines(self.xy[v0:v1], rings, parts, self.features[start : end + 1] - p0)

    def with_copies(self, rows: NDArray[np.integer], copies: "Outlines") -> "Outlines":
        """Other features in the place of some rows (in rising order), one copy for each."""
        pieces, after = [], 0
        for copy, row in enumerate(rows.tolist()):
            pieces += [self.between(after, row), copies.between(copy, copy + 1)]
            after = row + 1
        return stacked([*pieces, self.between(after, len(self))])

    def shapes(self) -> Shapes:
        """The features as objects, for what only GEOS does: polygons, multipolygons, and empty polygons for none."""
        polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, self.xy, (self.rings, self.parts))
        many = np.diff(self.features)
        made = np.full(len(self), shapely.Polygon(), dtype=object)
        made[many == 1] = polygons[self.features[:-1][many == 1]]
        for feature in np.flatnonzero(many > 1):
            made[feature] = shapely.MultiPolygon(polygons[self.features[feature] : self.features[feature + 1]])
        return made


def stacked(pieces: Sequence[Outlines]) -> Outlines:
    """All features of some outlines, one behind the other."""
    return Outlines(
        np.concatenate([piece.xy for piece in pieces]),
        _stacked([piece.rings for piece in pieces]),
        _stacked([piece.parts for piece in pieces]),
        _stacked([piece.features for piece in pieces]),
    )


def _stacked(columns: list[Starts]) -> Starts:
    """Where everything begins once the contents of some columns lie one behind the other."""
    counts = np.concatenate([np.diff(starts) for starts in columns])
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])


def _ranges(starts: Starts, rows: NDArray[np.integer]) -> tuple[Starts, Starts]:
    """Where the contents of some rows begin once they lie one behind the other, and which contents these are."""
    counts = starts[rows + 1] - starts[rows]
    begins: Starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return begins, np.repeat(starts[rows] - begins[:-1], counts) + np.arange(begins[-1])


def outlines_of(shapes: Shapes) -> Outlines:
    """Lay polygons and multipolygons out flat; raises ValueError for any other kind of shape."""
    if not len(shapes):
        return outlines_of_wkb([])
    known = shapes.copy()
    known[shapely.is_missing(known)] = shapely.Polygon()
    kind, xy, offsets = shapely.to_ragged_array(shapely.force_2d(known), include_z=False)
    if kind == shapely.GeometryType.POLYGON:
        rings, features = offsets
        parts, features = features, np.arange(len(features), dtype=features.dtype)
    elif kind == shapely.GeometryType.MULTIPOLYGON:
        rings, parts, features = offsets
    else:
        raise ValueError(f"only polygons have outlines, not {kind}")
    return laid_out(xy, rings, parts, features)


def laid_out(
    xy: Floats, rings: NDArray[np.integer], parts: NDArray[np.integer], features: NDArray[np.integer]
) -> Outlines:
    """Make outlines of columns as delivered: turn rings that run the wrong way (in place)."""
    whole = [np.ascontiguousarray(starts, dtype=np.int64) for starts in (rings, parts, features)]
    xy = np.ascontiguousarray(xy, dtype=np.float64)
    orient(xy, whole[0], whole[1])
    return Outlines(xy, *whole)


def outlines_of_wkb(pieces: Iterable[tuple[NDArray[np.uint8], Starts]]) -> Outlines:
    """Lay out polygons and multipolygons from buffers of well-known binary and the places where each begins.

    Extended forms, heights and measures are read past. Raises ValueError for anything else, and for a cut-off buffer.
    """
    xy, rings, parts, features = np.empty((0, 2)), *(np.zeros(1, np.int64) for _ in range(3))
    none = np.empty(0, dtype=np.int64)
    for data, begins in pieces:
        vertices, more_rings, more_parts = wkb.laid(data, begins, xy[:0], none, none, none, fill=False)
        if vertices < 0:
            raise ValueError("only polygons in little-endian well-known binary have outlines")
        xy, v0 = _longer(xy, vertices)
        rings, r0 = _longer(rings, more_rings)
        parts, p0 = _longer(parts, more_parts)
        features, f0 = _longer(features, len(begins))
        wkb.laid(data, begins, xy[v0:], rings[r0 - 1 :], parts[p0 - 1 :], features[f0 - 1 :], fill=True)
        rings[r0 - 1 :] += v0
        parts[p0 - 1 :] += r0 - 1
        features[f0 - 1 :] += p0 - 1
    return laid_out(xy, rings, parts, features)


def _longer(column: NDArray[Any], more: int) -> tuple[NDArray[Any], int]:
    """Make room behind a column, in place where the machine allows: a million outlines are never held twice."""
    before = len(column)
    column.resize((before + more, *column.shape[1:]), refcheck=False)
    return column, before
