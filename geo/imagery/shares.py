"""How much of every parcel lies on each class of a raster, exact to the part of a pixel.

A pixel that a parcel's edge crosses counts for the part that lies inside, in closed form; every parcel has its full
share, also where parcels overlap. The work is done tile by tile of the raster: each block is read once, and a tile and
its shares are all that is held, however large the raster or a parcel is.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from geo.crs import same
from geo.engines.local import cores
from geo.kernel.shares import CLASS_BITS, Place, by_tile, shares_in_tile
from geo.outlines import Outlines
from geo.pairs import NOTHING_M2

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Pixels of one tile: some megabytes, and few parcels lie in two tiles.
TILE_PIXELS = 1 << 22
#: No class: a value that no raster of bytes or 16 bits holds.
NO_CLASS = -1
_WHY = {
    "raster_unreadable": (
        "无法读取该栅格（须为完整的 GeoTIFF）。",
        "The raster cannot be read (it must be a whole GeoTIFF).",
    ),
    "raster_no_band": ("栅格没有第 {band} 波段。", "The raster has no band {band}."),
    "raster_no_classes": (
        "分类栅格须为 8 位或 16 位无符号整数，此栅格为 {kind}。",
        "A raster of classes holds unsigned integers of 8 or 16 bits, this one {kind}.",
    ),
    "raster_not_north_up": (
        "栅格没有地理定位，或有旋转，请先校正为正北向上。",
        "The raster has no place on the ground or is rotated; bring it north up first.",
    ),
    "raster_no_crs": ("栅格没有说明坐标系。", "The raster names no coordinate system."),
    "raster_other_crs": (
        "栅格的坐标系（{raster}）与图形的坐标系（{outlines}）不同，请先统一。",
        "The raster is in {raster}, the outlines in {outlines}; bring them together first.",
    ),
}


class RasterRefused(Exception):
    """The raster cannot be used; `code` is stable, `zh` and `en` say why."""

    def __init__(self, code: str, **facts: object):
        self.code = code
        self.zh, self.en = (sentence.format(**facts) for sentence in _WHY[code])
        super().__init__(f"{code}: {self.en}")


@dataclass(frozen=True)
class Tiles:
    """One band of a raster in tiles of whole blocks: `rows` and `columns` of pixels, `high` and `wide` of a tile."""

    raster: Path
    band: int
    place: Place
    rows: int
    columns: int
    high: int
    wide: int
    #: how many classes there may be
    classes: int

    @property
    def across(self) -> int:
        """Tiles in a row of them."""
        return -(-self.columns // self.wide)

    @property
    def down(self) -> int:
        """Rows of tiles."""
        return -(-self.rows // self.high)

    def spans(self, boxes: Floats) -> Indices:
        """First row and column, end row and column of the pixels that each box reaches; the same if none."""
        west, north, wide, high = self.place
        columns, rows = (boxes[:, [0, 2]] - west) / wide, (north - boxes[:, [3, 1]]) / high
        reach = np.stack(
            [np.floor(rows[:, 0]), np.floor(columns[:, 0]), np.ceil(rows[:, 1]), np.ceil(columns[:, 1])], 1
        )
        inside: Indices = np.clip(np.nan_to_num(reach), 0, [self.rows, self.columns] * 2).astype(np.int64)
        return inside

    def read(self, row: int, column: int) -> tuple[NDArray[np.integer], int]:
        """The values of the tile that begins at a pixel, and the one among them that is no class."""
        with _opened(self.raster) as dataset:
            window = Window(column, row, min(self.wide, self.columns - column), min(self.high, self.rows - row))
            values = dataset.read(self.band, window=window)
            flags = dataset.mask_flag_enums[self.band - 1]
            if MaskFlags.all_valid in flags:
                return values, NO_CLASS
            if MaskFlags.nodata in flags:
                nodata = dataset.nodatavals[self.band - 1]
                return values, int(nodata) if nodata.is_integer() else NO_CLASS
            valid = dataset.read_masks(self.band, window=window) > 0
            return np.where(valid, values.astype(np.int32), NO_CLASS), NO_CLASS


def class_shares(outlines: Outlines, crs: CRS, raster: Path, band: int = 1) -> pd.DataFrame:
    """Measure how much of each parcel lies on each class of a raster.

    The raster is a GeoTIFF, north up, in the metric CRS of the outlines; its band holds classes of 8 or 16 bits.
    Polygons must be valid. Returns feature (position), class, m2 and share, ordered by the first two: m2 of the parcel
    lie on pixels of the class, and share is their part of all that lies on valid pixels. Ground outside the raster or
    on pixels without data belongs to no class; a parcel that lies there altogether has no line, and neither has what is
    NOTHING_M2 and less. The same bits with any number of processors. Raises RasterRefused.
    """
    tiles = _tiles(raster, band, crs)
    spans = tiles.spans(outlines.boxes)
    starts, who = by_tile(spans, tiles.high, tiles.wide, tiles.down, tiles.across)
    measure = partial(_measured, tiles, outlines, spans, starts, who)
    with ThreadPoolExecutor(cores()) as pool:
        parts = list(pool.map(measure, np.flatnonzero(np.diff(starts)).tolist()))
    return _table(parts, tiles.place[2] * tiles.place[3])


def _measured(
    tiles: Tiles, outlines: Outlines, spans: Indices, starts: Indices, who: Indices, tile: int
) -> tuple[Indices, Floats]:
    """Read one tile and measure the parts of the parcels in it: keys and pixels."""
    row, column = tile // tiles.across * tiles.high, tile % tiles.across * tiles.wide
    values, nothing = tiles.read(row, column)
    here = who[starts[tile] : starts[tile + 1]]
    return shares_in_tile(
        outlines.xy,
        outlines.rings,
        outlines.spans,
        spans,
        here,
        tiles.place,
        values,
        row,
        column,
        nothing,
        tiles.classes,
    )


def _table(parts: list[tuple[Indices, Floats]], pixel_m2: float) -> pd.DataFrame:
    """Put together what the tiles found, in their order."""
    keys = np.concatenate([np.empty(0, dtype=np.int64), *(keys for keys, _ in parts)])
    pixels = np.concatenate([np.empty(0), *(pixels for _, pixels in parts)])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    keys, m2 = keys[first], np.add.reduceat(pixels[order], first) * pixel_m2
    keys, m2 = keys[m2 > NOTHING_M2], m2[m2 > NOTHING_M2]
    feature = keys >> CLASS_BITS
    whole = np.bincount(feature, m2)[feature]
    return pd.DataFrame({"feature": feature, "class": keys & ((1 << CLASS_BITS) - 1), "m2": m2, "share": m2 / whole})


def _tiles(raster: Path, band: int, crs: CRS) -> Tiles:
    """Look at a raster and lay tiles over it."""
    with _opened(raster) as dataset:
        if not 1 <= band <= dataset.count:
            raise RasterRefused("raster_no_band", band=band)
        kind = dataset.dtypes[band - 1]
        if kind not in ("uint8", "uint16"):
            raise RasterRefused("raster_no_classes", kind=kind)
        at = dataset.transform
        if at.b or at.d or at.a <= 0 or at.e >= 0:
            raise RasterRefused("raster_not_north_up")
        if dataset.crs is None:
            raise RasterRefused("raster_no_crs")
        its = CRS.from_wkt(dataset.crs.to_wkt())
        if not same(its, crs):
            raise RasterRefused("raster_other_crs", raster=its.name, outlines=crs.name)
        block_high, block_wide = dataset.block_shapes[band - 1]
        wide = min(_whole_blocks(int(TILE_PIXELS**0.5), block_wide), dataset.width)
        high = min(_whole_blocks(TILE_PIXELS // wide, block_high), dataset.height)
        place = (at.c, at.f, at.a, -at.e)
        return Tiles(raster, band, place, dataset.height, dataset.width, high, wide, np.iinfo(kind).max + 1)


def _whole_blocks(pixels: int, block: int) -> int:
    """At least so many pixels, in blocks."""
    return -(-pixels // block) * block


@contextmanager
def _opened(raster: Path) -> Iterator[rasterio.DatasetReader]:
    """Open a GeoTIFF and nothing else: other formats may name files and addresses to read."""
    try:
        with rasterio.open(raster, driver="GTiff", sharing=False) as dataset:
            yield dataset
    except RasterioIOError:
        raise RasterRefused("raster_unreadable") from None
