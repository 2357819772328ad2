"""Write shapefiles batch by batch, every coordinate bit for bit as it came; a big layer becomes several.

GDAL sets neither the widths of the standard nor a fixed day, and turns rings by what it takes for inside. Here a shell
runs clockwise and a hole the other way, as the format asks; nothing else about a shape is touched.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.delivery import dbf
from geo.delivery.defects import Defect
from geo.model import Shapes

POINT, LINE, POLYGON = 1, 3, 5
#: By what a layer holds; writing, of which there is none, could be anything.
KINDS = {"Point": POINT, "Line": LINE, "Polygon": POLYGON, "Annotation": POINT}
#: The types of GEOS that each kind can hold.
_HOLDS = {POINT: (0,), LINE: (1, 5), POLYGON: (3, 6)}
#: GDAL and most of its peers stop at 2 GB.
LIMIT = 2_000_000_000
_HEAD = 100

Words = NDArray[np.uint32]
Ints = NDArray[np.int64]


@dataclass
class _Part:
    """One open set of files and what is in it so far."""

    files: dict[str, BinaryIO]
    rows: int = 0
    shp_size: int = _HEAD
    bounds: list[float] = field(default_factory=lambda: [np.inf, np.inf, -np.inf, -np.inf])


class Writer:
    """One layer on its way out: `append` its rows, then `close`; files that would pass `limit` bytes become parts.

    The parts are called `STEM-1`, `STEM-2` … as soon as there are two. `day` dates the attributes.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        kind: int,
        layout: Sequence[dbf.Column],
        *,
        encoding: str,
        prj: str,
        day: date,
        limit: int = LIMIT,
    ):
        self._folder, self._stem, self._kind, self._layout = folder, stem, kind, layout
        self._encoding, self._prj, self._day, self._limit = encoding, prj, day, limit
        self._numbers = 0
        self.rows = 0
        self._part = self._opened()

    @property
    def parts(self) -> list[str]:
        """The names of the files written, without suffix."""
        return [self._name(number) for number in range(1, self._numbers + 1)]

    def append(self, frame: pd.DataFrame, shapes: Shapes) -> list[Defect]:
        """Write rows and their shapes; what does not fit is left out and told, by its row in the layer."""
        if frame.empty:
            return []
        block, defects = dbf.records(frame, self._layout, self._encoding, self.rows)
        shapes, strange = self._fitting(shapes)
        self._put(block, shapes)
        self.rows += len(frame)
        return defects + strange

    def close(self) -> None:
        """Finish the last part."""
        self._finish()

    def _fitting(self, shapes: Shapes) -> tuple[Shapes, list[Defect]]:
        """Shapes of this kind; others become none."""
        types = shapely.get_type_id(shapes)
        strange = (types >= 0) & ~np.isin(types, _HOLDS[self._kind])
        table = self._layout[0].field.table
        defects = [
            Defect("other_shape", table, None, self.rows + int(at), value=shapes[at].geom_type)
            for at in np.flatnonzero(strange)
        ]
        fitting = shapes.copy()
        fitting[strange] = None
        return fitting, defects

    def _put(self, block: NDArray[np.uint8], shapes: Shapes) -> None:
        """Put rows into the part that has room for them: this one, the next one, or both halves where none has."""
        words, sizes = records(shapes, self._kind, self._part.rows)
        dbf_size = 33 + 32 * len(self._layout) + block.shape[1] * (self._part.rows + len(block)) + 1
        if max(self._part.shp_size + words.nbytes, dbf_size) <= self._limit:
            self._write(block, words, sizes, shapes)
        elif self._part.rows:
            self._finish()
            self._part = self._opened()
            self._put(block, shapes)
        elif len(block) == 1:
            raise ValueError("one row alone passes the limit of a shapefile")
        else:
            half = len(block) // 2
            self._put(block[:half], shapes[:half])
            self._put(block[half:], shapes[half:])

    def _write(self, block: NDArray[np.uint8], words: Words, sizes: Ints, shapes: Shapes) -> None:
        part = self._part
        part.files[".dbf"].write(block.tobytes())
        part.files[".shp"].write(words.tobytes())
        part.files[".shx"].write(_index(part.shp_size, sizes).tobytes())
        part.rows += len(block)
        part.shp_size += words.nbytes
        west, south, east, north = shapely.total_bounds(shapes)
        if west == west:
            part.bounds = [*np.minimum(part.bounds[:2], (west, south)), *np.maximum(part.bounds[2:], (east, north))]

    def _opened(self) -> _Part:
        """Open the next part, its heads left blank."""
        self._numbers += 1
        if self._numbers == 2:
            for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                first = self._folder / f"{self._stem}{suffix}"
                if first.exists():
                    first.rename(self._folder / f"{self._stem}-1{suffix}")
        path = self._folder / self._name(self._numbers)
        part = _Part({suffix: _named(path, suffix).open("wb") for suffix in (".shp", ".shx", ".dbf")})
        for suffix in (".shp", ".shx"):
            part.files[suffix].write(bytes(_HEAD))
        part.files[".dbf"].write(dbf.header(self._layout, 0, self._encoding, self._day))
        _named(path, ".prj").write_text(self._prj, encoding="ascii")
        if self._encoding != "gbk":
            _named(path, ".cpg").write_text(self._encoding.upper(), encoding="ascii")
        return part

    def _name(self, number: int) -> str:
        return f"{self._stem}-{number}" if self._numbers > 1 else self._stem

    def _finish(self) -> None:
        """Write the heads now that sizes are known."""
        part = self._part
        bounds = part.bounds if part.rows and np.isfinite(part.bounds).all() else [0.0] * 4
        part.files[".dbf"].write(dbf.END)
        for suffix, size in ((".shp", part.shp_size), (".shx", _HEAD + 8 * part.rows)):
            part.files[suffix].seek(0)
            part.files[suffix].write(_header(size, self._kind, bounds))
        part.files[".dbf"].seek(0)
        part.files[".dbf"].write(dbf.header(self._layout, part.rows, self._encoding, self._day))
        for file in part.files.values():
            file.close()


def _named(path: Path, suffix: str) -> Path:
    return path.parent / f"{path.name}{suffix}"


def _header(size: int, kind: int, bounds: Sequence[float]) -> bytes:
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<2i8d", 1000, kind, *bounds, *[0.0] * 4)


def _index(begin: int, sizes: Ints) -> NDArray[np.generic]:
    """Where each record begins and how long its content is, in words of 16 bits."""
    begins = begin + np.r_[0, np.cumsum(sizes)[:-1]] if len(sizes) else sizes
    return np.column_stack([begins // 2, sizes // 2 - 4]).astype(">i4")


def records(shapes: Shapes, kind: int, first: int) -> tuple[Words, Ints]:
    """Shapes as records of the file, numbered from `first` + 1 on, and the size of each in bytes."""
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    points, parts, ends = _points(shapes, drawn) if kind == POINT else _parted(shapes, drawn, kind)
    # All in words of 4 bytes: number, length, kind; then box, counts, where parts begin, coordinates.
    sizes = np.where(drawn, 7 if kind == POINT else 13 + parts.counts + 4 * points.counts, 3)
    starts = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    words = np.zeros(starts[-1], dtype=np.uint32)
    at = starts[:-1]
    words[at] = _big(first + 1 + np.arange(len(shapes)))
    words[at + 1] = _big(2 * (sizes - 2))
    words[at + 2] = np.where(drawn, kind, 0)
    at = at[drawn]
    if kind != POINT:
        words[at[:, None] + np.arange(3, 11)] = _doubles(shapely.bounds(shapes[drawn]))
        words[at + 11], words[at + 12] = parts.counts[drawn], points.counts[drawn]
        words[parts.places(starts + 13)] = ends[:-1] - np.repeat(points.begins, parts.counts)
    begins = starts + (3 if kind == POINT else 13 + np.r_[parts.counts, 0])
    words[points.places(begins, 4)[:, None] + np.arange(4)] = _doubles(points.values)
    return words, sizes * 4


@dataclass(frozen=True)
class _Ragged:
    """Values of many shapes one behind the other, and how many each shape has."""

    counts: Ints
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))

    @property
    def begins(self) -> Ints:
        return np.cumsum(self.counts) - self.counts

    def places(self, starts: Ints, width: int = 1) -> Ints:
        """Where each value goes, `width` words each, when those of a shape begin at its start."""
        within = np.arange(int(self.counts.sum())) - np.repeat(self.begins, self.counts)
        return np.repeat(starts[: len(self.counts)], self.counts) + width * within


def _points(shapes: Shapes, drawn: NDArray[np.bool_]) -> tuple[_Ragged, _Ragged, Ints]:
    counts = drawn.astype(np.int64)
    return _Ragged(counts, shapely.get_coordinates(shapes[drawn])), _Ragged(0 * counts), np.zeros(1, dtype=np.int64)


def _parted(shapes: Shapes, drawn: NDArray[np.bool_], kind: int) -> tuple[_Ragged, _Ragged, Ints]:
    """The points and parts (rings, lines) of shapes, and where parts end among the points; rings run as they must."""
    held = shapes.copy()
    held[~drawn] = shapely.MultiPolygon() if kind == POLYGON else shapely.MultiLineString()
    _, xy, offsets = shapely.to_ragged_array(held, include_z=False)
    ends, *above = (np.asarray(one, dtype=np.int64) for one in offsets)
    of_shape = np.arange(len(shapes) + 1) if not above else above[0]
    if kind == POLYGON:
        shells = np.zeros(len(ends), dtype=bool)
        shells[above[0][:-1]] = True
        xy = _turned(xy, ends, shells[:-1])
        of_shape = above[0][above[1]] if len(above) > 1 else of_shape
    return _Ragged(np.diff(ends[of_shape]), xy), _Ragged(np.diff(of_shape)), ends


def _turned(xy: NDArray[np.float64], ends: Ints, shells: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Turn rings round that do not run as the format asks: shells clockwise, holes the other way."""
    sizes = np.diff(ends)
    ring = np.repeat(np.arange(len(sizes)), sizes)
    x, y = (xy - xy[ends[:-1]][ring]).T
    cross = np.r_[x[:-1] * y[1:] - x[1:] * y[:-1], 0.0]
    cross[ends[1:] - 1] = 0.0  # from one ring to the next there is no edge
    double = np.add.reduceat(cross, ends[:-1]) if len(sizes) else cross
    turn = np.where(shells, double > 0, double < 0)[ring]
    at = np.arange(len(xy))
    return xy[np.where(turn, ends[ring] + ends[ring + 1] - 1 - at, at)]


def _big(values: Ints) -> Words:
    """Numbers as the words of a file that wants them the other way round."""
    return np.asarray(values).astype(">i4").view(np.uint32)


def _doubles(values: NDArray[np.float64]) -> Words:
    """Each line of numbers as one line of words."""
    return np.ascontiguousarray(values, dtype="<f8").view(np.uint32)
