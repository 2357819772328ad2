"""Well-known binary of polygons, read from one long buffer into columns."""

import numpy as np
from numpy.typing import NDArray

from geo.kernel import compiled

Bytes = NDArray[np.uint8]
Starts = NDArray[np.int64]

POLYGON, MULTIPOLYGON = 3, 6
#: The high bits of a type in the extended form: heights, measures, a number of the CRS.
HAS_Z, HAS_M, HAS_SRID = 0x80000000, 0x40000000, 0x20000000


@compiled
def number(data: Bytes, at: int) -> int:
    """The unsigned little-endian number of four bytes at a place."""
    low, high = int(data[at]) | int(data[at + 1]) << 8, int(data[at + 2]) | int(data[at + 3]) << 8
    return low | high << 16


@compiled
def double(data: Bytes, at: int) -> float:
    """The little-endian floating-point number of eight bytes at a place."""
    bits = np.uint64(number(data, at)) | np.uint64(number(data, at + 4)) << np.uint64(32)
    return np.uint64(bits).view(np.float64)


@compiled
def header(data: Bytes, at: int) -> tuple[int, int, int]:
    """Kind of the geometry at a place, numbers a vertex has, and where its content begins; kind -1 if unreadable."""
    if at + 9 > len(data) or data[at] != 1:
        return -1, 0, at
    word = number(data, at + 1)
    plain = word & 0x1FFFFFFF
    dimensions = 2 + ((word & HAS_Z) != 0) + ((word & HAS_M) != 0) + (0, 1, 1, 2)[min(plain // 1000, 3)]
    content = at + (9 if word & HAS_SRID else 5)
    return (plain % 1000 if content + 4 <= len(data) else -1), dimensions, content


@compiled
def laid(
    data: Bytes, begins: Starts, xy: NDArray[np.float64], rings: Starts, parts: Starts, features: Starts, fill: bool
) -> tuple[int, int, int]:
    """Lay out the polygons that begin at these places; returns how many vertices, rings and parts there are.

    Without `fill` they are only counted. Vertices -1: a geometry is no polygon in little-endian form, or is cut off.
    """
    vertex, ring, part = 0, 0, 0
    for feature in range(len(begins)):
        if fill:
            features[feature] = part
        if begins[feature] < 0:
            return -1, 0, 0
        kind, dimensions, at = header(data, begins[feature])
        many = 1
        if kind == MULTIPOLYGON:
            many = number(data, at)
            at += 4
        elif kind != POLYGON:
            return -1, 0, 0
        for _ in range(many):
            if kind == MULTIPOLYGON:
                inner, dimensions, at = header(data, at)
                if inner != POLYGON:
                    return -1, 0, 0
            shells = number(data, at)
            at += 4
            if shells == 0:
                continue
            if fill:
                parts[part] = ring
            part += 1
            for _ring in range(shells):
                if at + 4 > len(data):
                    return -1, 0, 0
                count = number(data, at)
                at += 4
                if at + 8 * dimensions * count > len(data):
                    return -1, 0, 0
                if fill:
                    rings[ring] = vertex
                    for _vertex in range(count):
                        xy[vertex, 0], xy[vertex, 1] = double(data, at), double(data, at + 8)
                        vertex += 1
                        at += 8 * dimensions
                else:
                    vertex += count
                    at += 8 * dimensions * count
                ring += 1
    if fill:
        features[len(begins)], parts[part], rings[ring] = part, ring, vertex
    return vertex, ring, part


@compiled
def begins_of(data: Bytes, count: int) -> Starts:
    """Where each of so many polygons begins that lie one behind the other; -1 from where they cannot be read on."""
    out = np.full(count, -1, dtype=np.int64)
    at = 0
    for feature in range(count):
        kind, dimensions, content = header(data, at)
        if kind != POLYGON and kind != MULTIPOLYGON:
            return out
        out[feature] = at
        many, at = 1, content
        if kind == MULTIPOLYGON:
            many, at = number(data, at), at + 4
        for _ in range(many):
            if kind == MULTIPOLYGON:
                inner, dimensions, at = header(data, at)
                if inner != POLYGON:
                    return out
            shells, at = number(data, at), at + 4
            for _ring in range(shells):
                if at + 4 > len(data):
                    return out
                at += 4 + 8 * dimensions * number(data, at)
    return out
