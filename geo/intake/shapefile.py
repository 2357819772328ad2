"""Shapefiles: their parts are compared with each other before a reader, which loses rows silently, sees them."""

import os
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
from numpy.typing import NDArray

from geo.crs import CrsRefused, from_wkt
from geo.intake.dbf import MOST_ROWS
from geo.intake.errors import IntakeError, geom_type, note, refusal
from geo.intake.mapped import Mapped, stretches
from geo.intake.table import Flags, Rows, Shapes

#: Shape types by what a layer holds: plain, with heights, with measures; a boundary point may come as a point set.
KINDS: Final = {"Polygon": (5, 15, 25), "Line": (3, 13, 23), "Point": (1, 11, 21, 8, 18, 28)}
_TYPES: Final = {
    0: "Null",
    1: "Point",
    3: "PolyLine",
    5: "Polygon",
    8: "MultiPoint",
    11: "PointZ",
    13: "PolyLineZ",
    15: "PolygonZ",
    18: "MultiPointZ",
    21: "PointM",
    23: "PolyLineM",
    25: "PolygonM",
    28: "MultiPointM",
    31: "MultiPatch",
}
_RAISED: Final = (11, 13, 15, 18)
_MEASURED: Final = (21, 23, 25, 28)
#: A point has no counts, a point set no parts; the least bytes of a record by its type (others: 44).
_SINGLE: Final = (1, 11, 21)
_LEAST: Final = {1: 20, 11: 28, 21: 28, 8: 40, 18: 40, 28: 40}
#: An entry of a .shx.
_PLACE: Final = np.dtype([("at", ">i4"), ("size", ">i4")])
Ints = NDArray[np.int64]


def read_shapes(
    parts: dict[str, Path],
    source: str,
    records: int,
    folder: Path,
    shape: str = "Polygon",
    most: int = MOST_ROWS,
) -> Shapes:
    """Read the shapes of a layer that has `records` attribute rows; `folder` is a place for files of our own.

    `shape` says what they must be: `Polygon`, `Line`, `Point`, or anything (`Annotation`).
    """
    shp, shx = Mapped(parts[".shp"], np.uint8), Mapped(parts[".shx"], np.uint8)
    kind = _expect_headers(shp, shx, source, shape)
    index = _index(shp, shx, source)
    if len(index) != records:
        raise _miscounted(source, _walked(shp), len(index), records)
    if len(index) > most:
        raise refusal("too_many_rows", name=source, rows=len(index), most=most)
    filled = int(index["size"].sum(dtype=np.int64)) * 2 + 8 * len(index)
    if filled != len(shp) - 100 and (walked := _walked(shp)) > len(index):
        raise _miscounted(source, walked, len(index), records)
    drawn = _drawn(shp, index, kind, source)
    notes = [note("z_dropped")] * (kind in _RAISED) + [note("m_dropped")] * (kind in _MEASURED)
    try:
        system, unreadable = _crs(parts), False
    except CrsRefused:
        system, unreadable = None, True

    def some(rows: Rows) -> NDArray[np.object_]:
        wkb, warned = _wkb(parts, rows, folder)
        wkb[drawn[_chosen(rows)] & (wkb == None)] = b""  # noqa: E711 (element by element): there is something, no shape
        if warned and (said := note("ring_order")) not in notes:
            notes.append(said)
        return wkb

    return Shapes(records, some, system, notes, unreadable)


def _expect_headers(shp: Mapped, shx: Mapped, source: str, shape: str) -> int:
    """Compare magic, length and type of both headers; returns the type of the shapes."""
    for part, data in ((".shp", shp), (".shx", shx)):
        if len(data) < 100 or _big(data, 0) != 9994 or _little(data, 28) != 1000:
            raise refusal("magic", name=f"{source}{part}")
        if 2 * _big(data, 24) != len(data):
            raise refusal("shp_length", name=f"{source}{part}")
    kind = _little(shp, 32)
    allowed = KINDS.get(shape) or [kind for kinds in KINDS.values() for kind in kinds]
    if kind not in allowed and not (kind == 0 and len(shp) == 100):
        raise geom_type(source, _TYPES.get(kind, kind), shape)
    if _little(shx, 32) != kind:
        raise refusal("shx_broken", name=source)
    return kind


def _index(shp: Mapped, shx: Mapped, source: str) -> NDArray[Any]:
    """The place and size of every record by the .shx (`at`, `size`, in units of two bytes, as they stand there).

    Records lie within the .shp, apart, and are as long as they say themselves.
    """
    if (len(shx) - 100) % 8:
        raise refusal("shx_broken", name=source)
    index = shx[100:].view(_PLACE)
    if len(index) == 0:
        return index
    ends = 2 * index["at"].astype(np.int64) + 8 + 2 * index["size"]
    starts = 2 * index["at"].astype(np.int64)
    if np.any(starts[1:] < ends[:-1]):
        order = np.argsort(starts, kind="stable")
        if np.any(starts[order][1:] < ends[order][:-1]):
            raise refusal("shx_broken", name=source)
    if starts.min() < 100 or index["size"].min() < 2 or ends.max() > len(shp):
        raise refusal("shx_broken", name=source)
    for rows in stretches(len(index)):
        said = _gathered(shp, starts[rows.start : rows.stop] + 4, ">i4") != index["size"][rows.start : rows.stop]
        if np.any(said):
            raise refusal("record_broken", name=source, row=rows.start + int(np.flatnonzero(said)[0]))
    return index


def _drawn(shp: Mapped, index: NDArray[Any], kind: int, source: str) -> Flags:
    """Which records hold a shape. Each is of the layer's type or null, and as long as its own counts ask for."""
    drawn = np.zeros(len(index), dtype=bool)
    for rows in stretches(len(index)):
        some = index[rows.start : rows.stop]
        starts, sizes = 2 * some["at"].astype(np.int64), 2 * some["size"].astype(np.int64)
        types = _gathered(shp, starts + 8, "<i4")
        bad = _broken(shp, starts, sizes, types, kind)
        if bad.any():
            raise refusal("record_broken", name=source, row=rows.start + int(np.flatnonzero(bad)[0]))
        drawn[rows.start : rows.stop] = types != 0
    return drawn


def _broken(shp: Mapped, starts: Ints, sizes: Ints, types: Ints, kind: int) -> Flags:
    """Which records are of another type than their layer, or shorter than their own counts ask for."""
    bad = (types != 0) & (types != kind)
    least = _LEAST.get(kind, 44)
    real = np.flatnonzero((types == kind) & (sizes >= least))
    bad |= (types == kind) & (sizes < least)
    if kind not in _SINGLE:
        many = kind in KINDS["Point"]
        rings = np.zeros(len(real), np.int64) if many else _gathered(shp, starts[real] + 44, "<i4")
        points = _gathered(shp, starts[real] + (44 if many else 48), "<i4")
        need = least + 4 * rings + 16 * points + (16 + 8 * points if kind in _RAISED else 0)
        bad[real[(rings < 0) | (points < 0) | (need > sizes[real])]] = True
    return np.asarray(bad)


def _walked(shp: Mapped) -> int:
    """Count the records of a .shp by going from one to the next; a shape that was rewritten counts once."""
    numbers, at = set(), 100
    while at + 8 <= len(shp):
        numbers.add(_big(shp, at))
        size = 2 * _big(shp, at + 4)
        if size < 4:
            break
        at += 8 + size
    return len(numbers)


def _miscounted(source: str, shp: int, shx: int, dbf: int) -> IntakeError:
    return refusal("count_mismatch", name=source, shp=shp, shx=shx, dbf=dbf)


def _gathered(data: Mapped, at: Ints, kind: str) -> Ints:
    """The 4-byte numbers at many places of a file."""
    if len(at) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.ascontiguousarray(data[at[:, None] + np.arange(4)]).view(kind).ravel().astype(np.int64)


def _big(data: Mapped, at: int) -> int:
    return int.from_bytes(data[at : at + 4].tobytes(), "big", signed=True)


def _little(data: Mapped, at: int) -> int:
    return int.from_bytes(data[at : at + 4].tobytes(), "little", signed=True)


def _wkb(parts: dict[str, Path], rows: Rows, folder: Path) -> tuple[NDArray[np.object_], bool]:
    """Let GDAL read some shapes from names of our own, with no attributes and no other file beside them.

    Also tells whether it warned of rings in an order that leaves shells and holes to guess.
    """
    for part in (".shp", ".shx"):
        os.symlink(parts[part].absolute(), folder / f"shapes{part}")
    which: dict[str, Any] = {"fids": rows}
    if isinstance(rows, range):
        which = {"skip_features": rows.start, "max_features": len(rows)}
    found = None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        if len(rows):
            _, fids, found, _ = pyogrio.raw.read(
                folder / "shapes.shp", force_2d=True, columns=[], return_fids=True, **which
            )
    for part in (".shp", ".shx"):
        (folder / f"shapes{part}").unlink()
    wkb = np.full(len(rows), None, dtype=object)
    if found is not None:
        wkb[fids - rows.start if isinstance(rows, range) else np.searchsorted(rows, fids)] = found
    return wkb, any("winding order" in str(warning.message) for warning in warned)


def _chosen(rows: Rows) -> Any:
    return slice(rows.start, rows.stop) if isinstance(rows, range) else rows


def _crs(parts: dict[str, Path]) -> Any:
    """The system that the .prj declares, None without one; CrsRefused if it cannot be read."""
    if ".prj" not in parts:
        return None
    with parts[".prj"].open("rb") as file:
        content = file.read(1 << 20)
    return from_wkt(content) if content.strip() else None
