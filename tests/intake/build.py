"""Files as surveyors might send them, written byte by byte, so that each can be spoilt in exactly one place."""

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from pyproj import CRS

CODE = "4417811132010100{:03d}"
ORIGIN = (37_601_300.0, 2_417_500.0)
PRJ = CRS.from_epsg(4525).to_wkt("WKT1_ESRI").encode()
Ring = Sequence[tuple[float, float]]


def square(at: int = 0, size: float = 10.0) -> list[Ring]:
    """A square with its first corner `at` steps east of the origin, clockwise as shapefiles have it."""
    x, y = ORIGIN[0] + 20 * at, ORIGIN[1]
    return [[(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]]


def shp(shapes: Iterable[Sequence[Ring] | None], kind: int = 5) -> dict[str, bytes]:
    """The .shp and .shx of polygons (None: a null shape)."""
    index, body, at = b"", b"", 100
    for number, rings in enumerate(shapes, 1):
        record = struct.pack("<i", 0) if rings is None else _polygon(rings, kind)
        index += struct.pack(">2i", at // 2, len(record) // 2)
        body += struct.pack(">2i", number, len(record) // 2) + record
        at += 8 + len(record)
    return {".shp": _head(kind, len(body)) + body, ".shx": _head(kind, len(index)) + index}


def _polygon(rings: Sequence[Ring], kind: int) -> bytes:
    points = np.concatenate([np.array(ring, dtype="<f8") for ring in rings])
    starts = np.cumsum([0, *(len(ring) for ring in rings)])[:-1]
    box = (*points.min(axis=0), *points.max(axis=0))
    record = struct.pack("<i4d2i", kind, *box, len(rings), len(points))
    record += starts.astype("<i4").tobytes() + points.tobytes()
    if kind in (15, 25):
        record += struct.pack("<2d", 5.0, 5.0) + np.full(len(points), 5.0).tobytes()
    return record


def _head(kind: int, size: int) -> bytes:
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + size) // 2) + struct.pack("<2i8d", 1000, kind, *[0.0] * 8)


def dbf(
    fields: Mapping[str, tuple[str, int]],
    rows: Sequence[Mapping[str, str | bytes]],
    encoding: str = "gbk",
    language: int = 0,
    deleted: Iterable[int] = (),
) -> bytes:
    """A DBF of fields {name: (type, width)}; values are written as they are, padded with blanks."""
    size = 1 + sum(width for _, width in fields.values())
    head = struct.pack("<4BI2H16x2B2x", 3, 126, 1, 1, len(rows), 33 + 32 * len(fields), size, 0, language)
    for name, (kind, width) in fields.items():
        decimals = 2 if kind == "N" and width > 10 else 0
        head += struct.pack("<11sc4x2B14x", name.encode(encoding), kind.encode(), width, decimals)
    body = b""
    for number, row in enumerate(rows):
        body += b"*" if number in set(deleted) else b" "
        for name, (kind, width) in fields.items():
            value = row.get(name, "")
            cell = value if isinstance(value, bytes) else value.encode(encoding)
            body += cell.rjust(width) if kind in "NF" else cell.ljust(width)
    return head + b"\r" + body + b"\x1a"


DK = {"DKBM": ("C", 19), "DKMC": ("C", 50), "DKLB": ("C", 2), "SCMJ": ("N", 16)}


def parcels(count: int = 3, **columns: Sequence[str | bytes]) -> list[dict[str, str | bytes]]:
    """Attribute rows of good parcels; `columns` replaces the values of whole columns."""
    rows: list[dict[str, str | bytes]] = [
        {"DKBM": CODE.format(number), "DKMC": "水库边", "DKLB": "10", "SCMJ": "100.00"} for number in range(count)
    ]
    for name, values in columns.items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    return rows


def layer(count: int = 3, **parts: bytes | None) -> dict[str, bytes]:
    """The parts of a good parcel layer; `shp=…`, `prj=None` and the like replace or drop some."""
    files: dict[str, bytes | None] = shp([square(at) for at in range(count)]) | {
        ".dbf": dbf(DK, parcels(count)),
        ".prj": PRJ,
    }
    files |= {f".{name}": content for name, content in parts.items()}
    return {suffix: content for suffix, content in files.items() if content is not None}


def zipped(path: Path, members: Mapping[str, bytes] | Sequence[tuple[zipfile.ZipInfo | str, bytes]], **options) -> Path:
    """A zip of members, in order."""
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return path


def delivery(path: Path, **layers: Mapping[str, bytes]) -> Path:
    """A zip of layers by name: delivery(path, DK=layer(), FBF={".dbf": …})."""
    return zipped(
        path, {f"{name}{suffix}": content for name, parts in layers.items() for suffix, content in parts.items()}
    )
