"""Change between two dates: what was built or dug, told from what was sown, harvested, clouded or laid aside.

Both images are brought together in place (`registration`) and in light (`radiometry`). A pixel has changed where its
new value differs from all old ones around it; what it turned into is judged against the crops and the farmed soil of
this very scene (`looks`). Changed pixels make regions, and a region is told by what it is and by its rim: new edges for
what was built or dug, old edges for a field in another season, none for clouds and moisture (`patches`).

The images are gone through tile by tile, each with the ground around it that its pixels depend on: what is found is the
same whole or tiled, and memory does not grow with the images but for one number a band and cell of some metres.
"""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window

from geo.engines.local import cores
from geo.imagery.looks import Looks, looked_at
from geo.imagery.pair import ImagesRefused, Pair, pair
from geo.imagery.patches import CUT, outlined, regions_of
from geo.imagery.radiometry import Light, alike
from geo.imagery.registration import Registration, corners, registered
from geo.imagery.settings import ChangeSettings
from geo.kernel.pixels import (
    DARK,
    FACTS,
    GREEN,
    INNER,
    NEW_EDGE,
    ODD,
    OLD_EDGE,
    SOIL,
    STEP,
    UNSEEN,
    boxed,
    cells,
    highest,
    judged,
    mostly,
    narrowed,
    ridges,
    steps,
    widened,
)
from geo.model import Shapes

Bands = NDArray[np.float32]
Floats = NDArray[np.float64]

#: Pixels of a tile's side.
TILE = 1024
#: What GDAL may hold of what is set aside (MB); it would take a twentieth of the machine.
CACHE_MB = 64
#: Cells that the light of both days is compared by, at most.
_CELLS = 200_000
#: What differs by less than this many counts is noise.
_LEAST_NOISE = 1.5


@dataclass(frozen=True)
class Change:
    """What was found: patches, the ground that could not be seen, and how the images were brought together."""

    #: geometry, kind, area_m2, width_m, confidence and measures of each patch
    patches: pd.DataFrame
    #: under clouds and shadows or without data
    unseen_m2: float
    seen_m2: float
    registration: Registration
    light: Light
    settings: ChangeSettings
    images: Pair


@dataclass(frozen=True)
class _Task:
    """All that a tile is judged by."""

    images: Pair
    light: Light
    looks: Looks
    white: Floats
    settings: ChangeSettings
    cell: int
    tile: int
    #: outlines of parcels
    parcels: shapely.STRtree

    def pixels(self, metres: float) -> int:
        """So many metres in pixels, at least one."""
        return max(1, round(metres / self.images.pixel_m))

    @property
    def halo(self) -> int:
        """Pixels around a tile that its own depend on: moving, smoothing, edges, cleaning, what lies well within."""
        settings = self.settings
        edge = 6 * self.pixels(settings.edge_slack_m)
        clean = self.pixels(settings.smooth_m / 2) + CUT + 2 * int(settings.min_width_m / self.images.pixel_m / 2) + 2
        return self.pixels(settings.smooth_m) + settings.slack_px + edge + clean


def find_change(
    before: Path,
    after: Path,
    settings: ChangeSettings | None = None,
    parcels: Shapes | None = None,
    tile: int = TILE,
    scratch: Path | None = None,
) -> Change:
    """Find what changed on the ground between two images, and what it changed into.

    The images are GeoTIFF, north up, in one metric system, with red, green, blue and perhaps near infrared. Outlines of
    `parcels` in the same system count as edges that were there before: a change that keeps to them is a season. What is
    set aside on the way goes to a folder in `scratch`. Raises ImagesRefused.
    """
    settings = settings or ChangeSettings()
    images, registration = registered(pair(before, after), settings)
    cell = max(1, round(settings.cell_m / images.pixel_m))
    tile = max(cell, tile // cell * cell)
    first, second = _in_cells(images, cell, tile, settings)
    light, probability = _light(first, second)
    down, across = (np.linspace(-1, 1, length) for length in first.shape[1:])
    lit = [
        light.lit(one, down, across) if light.later == later else one for one, later in ((first, False), (second, True))
    ]
    looks = looked_at(lit[0], lit[1], settings)
    white = _noise(images, light, settings, probability, looks.hidden, cell)
    task = _Task(images, light, looks, white, settings, cell, tile, _edges_of(parcels))
    with (
        rasterio.Env(GDAL_CACHEMAX=CACHE_MB),
        tempfile.TemporaryDirectory(dir=scratch) as folder,
        _stored(Path(folder) / "judged.tif", images, 2 + FACTS, "int16") as store,
    ):
        seen = _judge(task, store)
        regions = regions_of(store, images, tile, seen, settings)
        patches = outlined(store, regions, images, tile, settings, Path(folder))
    pixel = images.pixel_m**2
    return Change(
        patches,
        (images.rows * images.columns - seen) * pixel,
        seen * pixel,
        registration,
        light,
        settings,
        images,
    )


def _edges_of(parcels: Shapes | None) -> shapely.STRtree:
    outlines: Shapes = np.empty(0, dtype=object) if parcels is None else shapely.boundary(parcels)
    return shapely.STRtree([edge for edge in outlines if edge is not None and not edge.is_empty])


def _tiles(images: Pair, tile: int) -> Iterator[tuple[int, int, int, int]]:
    """First row and column, rows and columns of each tile."""
    for row in range(0, images.rows, tile):
        for column in range(0, images.columns, tile):
            yield row, column, min(tile, images.rows - row), min(tile, images.columns - column)


def _in_cells(images: Pair, cell: int, tile: int, settings: ChangeSettings) -> tuple[Bands, Bands]:
    """Both images in cells."""
    shape = images.bands, images.rows // cell, images.columns // cell
    both = np.full(shape, np.nan, dtype=np.float32), np.full(shape, np.nan, dtype=np.float32)

    def fill(box: tuple[int, int, int, int]) -> None:
        row, column = box[0] // cell, box[1] // cell
        values = images.read_before(*box, least_px=settings.least_shift_px), images.read_after(*box)
        for out, one in zip(both, values, strict=True):
            found = cells(one, cell)
            out[:, row : row + found.shape[1], column : column + found.shape[2]] = found

    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(fill, _tiles(images, tile)))
    return both


def _light(first: Bands, second: Bands) -> tuple[Light, NDArray[np.float32]]:
    """Bring the light of both images together by their cells; and how probably each cell did not change."""
    valid = np.isfinite(first).all(axis=0) & np.isfinite(second).all(axis=0)
    rows, columns = np.nonzero(valid)
    step = -(-len(rows) // _CELLS)
    if step == 0:
        raise ImagesRefused("images_no_common_ground")
    rows, columns = rows[::step], columns[::step]
    tables = [one[:, rows, columns].T.astype(np.float64) for one in (first, second)]
    places = (np.linspace(-1, 1, length)[at] for length, at in zip(valid.shape, (rows, columns), strict=True))
    light, probability = alike(*tables, *places)
    out = np.zeros(valid.shape, dtype=np.float32)
    out[rows, columns] = probability
    return light, out


def _lit(
    images: Pair, light: Light, settings: ChangeSettings, row: int, column: int, rows: int, columns: int
) -> tuple[Bands, Bands]:
    """Both images in one light over a window, smoothed a little.

    They lie in memory in one way whatever they were cut from: loops are compiled at set-up for that way alone.
    """
    radius = round(settings.smooth_m / images.pixel_m / 2)
    window = row - radius, column - radius, rows + 2 * radius, columns + 2 * radius
    values = [images.read_before(*window, least_px=settings.least_shift_px), images.read_after(*window)]
    down = (np.arange(window[0], window[0] + window[2]) + 0.5) / images.rows * 2 - 1
    across = (np.arange(window[1], window[1] + window[3]) + 0.5) / images.columns * 2 - 1
    values[light.later] = light.lit(values[light.later], down, across)
    if radius:
        values = [boxed(one, radius)[:, radius:-radius, radius:-radius] for one in values]
    first, second = (np.ascontiguousarray(one) for one in values)
    return first, second


def _noise(
    images: Pair,
    light: Light,
    settings: ChangeSettings,
    probability: NDArray[np.float32],
    hidden: NDArray[np.uint8],
    cell: int,
) -> Floats:
    """What turns a difference of pixels into deviations of what did not change, from chips all over the images."""
    found = []
    steady = np.repeat(np.repeat((probability > 0.05) & (hidden == 0), cell, axis=0), cell, axis=1)
    for row, column, side in corners(images):
        before, after = _lit(images, light, settings, row, column, side, side)
        step = (after - before)[:, ::2, ::2]
        still = steady[row : row + side, column : column + side][::2, ::2]
        step = step[:, : still.shape[0], : still.shape[1]]
        found.append(step[:, still & np.isfinite(step).all(axis=0)])
    steps = np.concatenate(found, axis=1).astype(np.float64)
    if steps.shape[1] < 100:
        raise ImagesRefused("images_not_alike")
    spread = np.maximum(1.4826 * np.median(np.abs(steps), axis=1), _LEAST_NOISE)
    for _ in range(5):
        white = np.linalg.inv(np.linalg.cholesky(np.diag(spread**2) if spread.ndim == 1 else spread))
        near = ((white @ steps) ** 2).sum(axis=0) < 12.0
        spread = steps[:, near] @ steps[:, near].T / near.sum() + _LEAST_NOISE**2 * np.eye(len(steps))
    return np.asarray(np.linalg.inv(np.linalg.cholesky(spread)))


def _judge(task: _Task, store: rasterio.io.DatasetWriter) -> int:
    """Judge all tiles and set aside what was said; gives the number of pixels that could be seen."""
    seen = 0
    boxes = list(_tiles(task.images, task.tile))
    with ThreadPoolExecutor(cores()) as pool:
        for at in range(0, len(boxes), cores()):
            batch = boxes[at : at + cores()]
            for box, told in zip(batch, pool.map(lambda one: _judged(task, *one), batch), strict=True):
                seen += int((told[0] != UNSEEN).sum())
                store.write(told, window=Window(box[1], box[0], box[3], box[2]))
    return seen


def _judged(task: _Task, row: int, column: int, rows: int, columns: int) -> NDArray[np.int16]:
    """Kind and marks of the pixels of a tile, deviations of change, and tints against farmed soil."""
    settings, images, looks = task.settings, task.images, task.looks
    halo = task.halo
    window = row - halo, column - halo, rows + 2 * halo, columns + 2 * halo
    before, after = _lit(images, task.light, settings, *window)
    inside = _inside(images, *window)
    turned, marks, facts = judged(
        before,
        after,
        _covered(task, *window),
        task.white,
        looks.dark,
        looks.soil,
        looks.soil_white,
        looks.green,
        settings.changed_sigma,
        settings.odd_sigma,
        settings.shade,
        looks.deep,
        settings.tones,
        settings.slack_px,
    )
    reach, spread = task.pixels(settings.edge_slack_m), task.pixels(settings.edge_slack_m)
    around = max(0, task.pixels(settings.edge_slack_m) - 1)
    old, new = (steps(boxed(values, around) if around else values, task.white, reach) for values in (before, after))
    top = highest(new, spread)
    marks |= (highest(old, spread) > settings.edge_sigma) * np.uint8(OLD_EDGE)
    marks |= (top > settings.edge_sigma) * np.uint8(NEW_EDGE)
    facts[STEP] = np.minimum(top * 10, 30_000)
    marks |= _drawn(task, *window) * np.uint8(OLD_EDGE)
    lines = ridges(new, settings.cut_sigma)
    kinds = _cleaned(turned, lines, task, inside)
    for kind in (ODD, SOIL, DARK):
        marks |= narrowed((kinds == kind).astype(np.uint8), 2 * spread) * np.uint8(INNER)
    core = slice(halo, halo + rows), slice(halo, halo + columns)
    told = np.empty((2 + FACTS, rows, columns), dtype=np.int16)
    told[0], told[1], told[2:] = kinds[core], marks[core], facts[:, *core]
    return told


def _inside(images: Pair, row: int, column: int, rows: int, columns: int) -> NDArray[np.bool_]:
    """The pixels of a window that are in the image."""
    down, right = np.arange(row, row + rows), np.arange(column, column + columns)
    return np.asarray(((down >= 0) & (down < images.rows))[:, None] & ((right >= 0) & (right < images.columns))[None])


def _covered(task: _Task, row: int, column: int, rows: int, columns: int) -> NDArray[np.uint8]:
    """What clouds hide of a window."""
    hidden = task.looks.hidden
    down, right = (
        np.clip(np.arange(start, start + length) // task.cell, 0, most - 1)
        for start, length, most in ((row, rows, hidden.shape[0]), (column, columns, hidden.shape[1]))
    )
    return np.ascontiguousarray(hidden[down][:, right])


def _drawn(task: _Task, row: int, column: int, rows: int, columns: int) -> NDArray[np.uint8]:
    """The outlines of parcels in a window, as wide as an edge."""
    size, west, north = task.images.pixel_m, task.images.place.c, task.images.place.f
    place = Affine(size, 0.0, west + column * size, 0.0, -size, north - row * size)
    box = shapely.box(place.c, place.f - rows * size, place.c + columns * size, place.f)
    at = task.parcels.query(box)
    near = [(edge, 1) for edge in task.parcels.geometries[np.sort(at)]]
    if not near:
        return np.zeros((rows, columns), dtype=np.uint8)
    lines = rasterize(near, (rows, columns), transform=place, dtype="uint8", all_touched=True)
    return np.asarray(widened(lines, task.pixels(task.settings.edge_slack_m)))


def _cleaned(
    turned: NDArray[np.uint8], lines: NDArray[np.uint8], task: _Task, inside: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Kinds without specks: each pixel takes what most around it are, and parts thinner than a patch fall away."""
    settings = task.settings
    around = task.pixels(settings.smooth_m / 2)
    thin = max(1, int(settings.min_width_m / task.images.pixel_m / 2))
    kinds = np.zeros_like(turned)
    cut = widened(lines, CUT)
    for kind in (ODD, DARK, SOIL, GREEN):
        changed = mostly(((turned == kind) & (kinds == 0)).astype(np.uint8), around)
        if kind == SOIL:
            changed &= 1 - cut
        kinds[(widened(narrowed(changed, thin), thin) > 0) & (kinds == 0)] = kind
    kinds[(turned == UNSEEN) | ~inside] = UNSEEN
    return kinds


@contextmanager
def _stored(path: Path, images: Pair, bands: int, kind: str) -> Iterator[rasterio.io.DatasetWriter]:
    """A raster beside the images that is written and read while it is open."""
    layout = {
        "tiled": True,
        "blockxsize": 512,
        "blockysize": 512,
        "compress": "deflate",
        "zlevel": 1,
        "interleave": "band",
    }
    shape = {"width": images.columns, "height": images.rows, "count": bands, "dtype": kind, "BIGTIFF": "IF_SAFER"}
    with rasterio.open(
        path, "w+", driver="GTiff", crs=images.crs.to_wkt(), transform=images.place, **shape, **layout
    ) as file:
        yield file
