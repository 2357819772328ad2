"""One tile of a map out of an image: a bounded piece of the nearest overview, brought into web mercator."""

import struct
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.io import MemoryFile
from rasterio.windows import Window

from geo import crs as systems
from geo.imagery.picture import ALONE

Form = Literal["png", "webp"]
#: Red, green, blue and opacity of each pixel.
Drawn = NDArray[np.uint8]
Floats = NDArray[np.float64]

SIDE: Final = 256
#: Counted up whenever tiles come to look otherwise: what is kept of them elsewhere is then asked for anew.
EDITION: Final = 1
#: Places whose position is computed, to a side of a tile; between them it is read off straight lines.
_STEPS: Final = 16
_HALF_WORLD: Final = 20037508.342789244
#: Beyond the picture, so that what is drawn on its edge has neighbours.
_MARGIN: Final = 2
_WEBP_QUALITY: Final = 80


def drawn(cog: Path, look: dict[str, Any], z: int, x: int, y: int) -> Drawn | None:
    """Draw a tile, (SIDE, SIDE, 4); None where it shows nothing of the image.

    However large the image, about 6 SIDE² pixels of it are read at most: it has overviews, as `cog.make` writes.
    """
    with rasterio.Env(**ALONE), rasterio.open(cog, driver="GTiff", sharing=False) as file:
        rows, columns = _places(file, z, x, y)
        inside = (rows >= 0) & (rows < file.height) & (columns >= 0) & (columns < file.width)
        if not inside.any():
            return None
        level = _level(file, rows, columns)
        values, valid, row, column = _read(file, look, rows[inside], columns[inside], level)
    at_row, at_column = rows / level - row, columns / level - column
    here = _nearest(valid, at_row, at_column) & inside
    if not here.any():
        return None
    tile: Drawn = np.zeros((SIDE, SIDE, 4), dtype=np.uint8)
    if "classes" in look:
        tile[..., :3] = _coloured(_nearest(values[0], at_row, at_column), look)
    else:
        tile[..., :3] = stretched(_between(values, at_row, at_column), look)
    tile[..., 3] = np.where(here, 255, 0)
    tile[~here] = 0
    return tile


def stretched(shades: NDArray[np.float32], look: dict[str, Any]) -> Drawn:
    """Red, green and blue of bands, each stretched as the image is shown; one band is grey."""
    colours: Drawn = np.zeros((*shades.shape[1:], 3), dtype=np.uint8)
    for colour in range(3):
        band = min(colour, len(shades) - 1)
        dark, bright = look["stretch"][band]
        colours[..., colour] = np.clip((shades[band] - dark) * (255.0 / (bright - dark)) + 0.5, 0, 255)
    return colours


def _places(file: rasterio.DatasetReader, z: int, x: int, y: int) -> tuple[Floats, Floats]:
    """Row and column, in pixels of the image, of the middle of every pixel of a tile; NaN where there is none."""
    side = 2 * _HALF_WORLD / (1 << z)
    steps = np.arange(_STEPS + 1) / _STEPS
    east, north = np.meshgrid(-_HALF_WORLD + side * (x + steps), _HALF_WORLD - side * (y + steps))
    at_x, at_y = _way(file.crs.to_wkt())(east.ravel(), north.ravel())
    at = file.transform
    rows, columns = ((at_y - at.f) / at.e).reshape(east.shape), ((at_x - at.c) / at.a).reshape(east.shape)
    finite = np.isfinite(rows) & np.isfinite(columns)
    middles = (np.arange(SIDE) + 0.5) * _STEPS / SIDE
    return tuple(_filled(np.where(finite, one, np.nan), middles) for one in (rows, columns))  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _way(wkt: str) -> systems.Way:
    """The way from web mercator into the system of an image."""
    return systems.way(CRS.from_epsg(3857), CRS.from_wkt(wkt))


def _filled(coarse: Floats, middles: Floats) -> Floats:
    """Between the computed places, straight lines: first along, then down."""
    low = np.minimum(middles.astype(np.int64), _STEPS - 1)
    part = middles - low
    along = coarse[:, low] * (1 - part) + coarse[:, low + 1] * part
    return np.asarray(along[low] * (1 - part)[:, None] + along[low + 1] * part[:, None])


def _level(file: rasterio.DatasetReader, rows: Floats, columns: Floats) -> int:
    """The coarsest overview that is still finer than the tile: its factor, or 1 for the image itself."""
    wide = np.hypot(rows[0, -1] - rows[0, 0], columns[0, -1] - columns[0, 0])
    high = np.hypot(rows[-1, 0] - rows[0, 0], columns[-1, 0] - columns[0, 0])
    # where the tile reaches beyond all places of the system, its finest part is as coarse as any
    scale = np.nanmax([wide, high, 0.0]) / (SIDE - 1) if np.isfinite([wide, high]).any() else np.inf
    return max((factor for factor in file.overviews(1) if factor <= scale), default=1)


def _read(
    file: rasterio.DatasetReader, look: dict[str, Any], rows: Floats, columns: Floats, level: int
) -> tuple[NDArray[Any], NDArray[np.bool_], int, int]:
    """The bands that are shown and what of them is ground, for the pixels about some places, at a level.

    Also the row and column, at that level, at which they begin.
    """
    high, wide = -(-file.height // level), -(-file.width // level)
    first_row, first_column = (max(int(one.min() / level) - _MARGIN, 0) for one in (rows, columns))
    end_row = min(int(rows.max() / level) + 1 + _MARGIN, high)
    end_column = min(int(columns.max() / level) + 1 + _MARGIN, wide)
    window = Window.from_slices(
        (first_row * level, min(end_row * level, file.height)),
        (first_column * level, min(end_column * level, file.width)),
    )
    size = (end_row - first_row, end_column - first_column)
    bands = look.get("bands", [1])
    values = file.read(bands, window=window, out_shape=(len(bands), *size))
    return values, valid_in(file, values, window, size), first_row, first_column


def valid_in(
    file: rasterio.DatasetReader, values: NDArray[Any], window: Window, size: tuple[int, int]
) -> NDArray[np.bool_]:
    """What is ground: by transparency, by a mask, or by the value that is none."""
    if ColorInterp.alpha in file.colorinterp:
        alpha = file.colorinterp.index(ColorInterp.alpha) + 1
        return np.asarray(file.read(alpha, window=window, out_shape=size) > 0)
    flags = file.mask_flag_enums[0]
    if MaskFlags.all_valid in flags:
        return np.ones(size, dtype=bool)
    if MaskFlags.nodata in flags:
        return np.asarray((values != file.nodata).any(axis=0))
    return np.asarray(file.read_masks(1, window=window, out_shape=size) > 0)


def _nearest(values: NDArray[Any], rows: Floats, columns: Floats) -> NDArray[Any]:
    """The value at each place; of the edge, where a place lies beyond."""
    row = np.clip(np.nan_to_num(rows).astype(np.int64), 0, values.shape[0] - 1)
    column = np.clip(np.nan_to_num(columns).astype(np.int64), 0, values.shape[1] - 1)
    return np.asarray(values[row, column])


def _between(values: NDArray[Any], rows: Floats, columns: Floats) -> NDArray[np.float32]:
    """The values of each band at each place, between the middles of the four pixels about it."""
    bands, high, wide = values.shape
    row = np.clip(np.nan_to_num(rows) - 0.5, 0, high - 1).astype(np.float32)
    column = np.clip(np.nan_to_num(columns) - 0.5, 0, wide - 1).astype(np.float32)
    top, left = row.astype(np.int32), column.astype(np.int32)
    down, along = row - top, column - left
    under, right = np.minimum(top + 1, high - 1) * wide, np.minimum(left + 1, wide - 1)
    top *= wide
    flat = values.reshape(bands, -1).astype(np.float32)
    upper = flat.take(top + left, axis=1) * (1 - along) + flat.take(top + right, axis=1) * along
    lower = flat.take(under + left, axis=1) * (1 - along) + flat.take(under + right, axis=1) * along
    return np.asarray(upper * (1 - down) + lower * down)


def _coloured(values: NDArray[Any], look: dict[str, Any]) -> Drawn:
    """The colour of each class."""
    table = np.zeros((int(np.iinfo(values.dtype).max) + 1, 3), dtype=np.uint8)
    for one in look["classes"]:
        table[one["value"]] = list(bytes.fromhex(one["colour"][1:]))
    return np.asarray(table[values])


def encoded(tile: Drawn, form: Form) -> bytes:
    """A tile as a file."""
    return _png(tile) if form == "png" else _webp(tile)


def _png(tile: Drawn) -> bytes:
    """PNG by hand: each row as what changed since the row above, which packs well and fast."""
    opaque = bool((tile[..., 3] == 255).all())
    pixels = tile[..., :3] if opaque else tile
    rows = pixels.reshape(len(tile), -1)
    up = np.full((len(rows), rows.shape[1] + 1), 2, dtype=np.uint8)
    up[:, 1:] = rows
    up[1:, 1:] -= rows[:-1]
    head = struct.pack(">IIBBBBB", tile.shape[1], tile.shape[0], 8, 2 if opaque else 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(up.tobytes(), 3)), (b"IEND", b""))
    told = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def _webp(tile: Drawn) -> bytes:
    """WebP by GDAL, half as large."""
    with rasterio.Env(**ALONE), MemoryFile() as memory:
        with memory.open(driver="WEBP", width=SIDE, height=SIDE, count=4, dtype="uint8", quality=_WEBP_QUALITY) as file:
            file.write(np.moveaxis(tile, 2, 0))
        return bytes(memory.read())


@lru_cache(maxsize=2)
def empty(form: Form) -> bytes:
    """A tile that shows nothing."""
    return encoded(np.zeros((SIDE, SIDE, 4), dtype=np.uint8), form)
