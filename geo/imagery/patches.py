"""Regions of changed pixels, what each is taken for and how surely, and their outlines on the ground."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.engines.local import cores
from geo.imagery.pair import Pair
from geo.imagery.settings import ChangeSettings
from geo.kernel.pixels import DARK, FACTS, GREEN, ODD, SOIL, UNSEEN
from geo.kernel.regions import (
    BY_SHADE,
    FIRST,
    INSIDE,
    OLD_INSIDE,
    ON_NEW,
    ON_OLD,
    PIXELS,
    RIM,
    RIM_STEP,
    SUMS,
    WERE_ODD,
    join,
    numbered,
    root,
    summed,
)

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Box = tuple[int, int, int, int]

#: What a patch is taken for, and its code in the product of monitoring (TBLX): a structure, ground broken, other.
CODES = {"built": "20", "earthwork": "DT", "vegetation": "QT"}
#: Regions smaller than this part of the least patch are not even weighed.
_SPECK = 0.5
#: Pixels on both sides of a line along which bare ground is parted.
CUT = 1
#: A patch that a rectangle fills to this part is given the rectangle's corners.
_SQUARE = 0.88


@dataclass(frozen=True)
class Regions:
    """The regions that are patches, by rows, and which of them each local number of each tile stands for."""

    table: pd.DataFrame
    #: where the numbers of each tile begin
    starts: Numbers
    #: row of `table` + 1 for each number, 0 for what is no patch
    patch: NDArray[np.int32]


def regions_of(store: DatasetReader, images: Pair, tile: int, seen: int, settings: ChangeSettings) -> Regions:
    """Sum up the regions of what was judged, tile by tile, and weigh each; `seen` pixels are no cloud."""
    boxes = list(_boxes(images, tile))
    starts, sums, joined, kinds = [1], [], [], []
    rims: dict[tuple[int, int], tuple[Numbers, Numbers]] = {}
    for row, column, rows, columns in boxes:
        told, at = _window(store, images, row, column, rows, columns)
        labels, count = numbered(told[0].astype(np.uint8), UNSEEN)
        core = np.array([row - at[0], column - at[1], row - at[0] + rows, column - at[1] + columns])
        facts = told[2:]
        here = summed(
            labels, count, told[0].astype(np.uint8), told[1].astype(np.uint8), facts, core, np.array(at), images.columns
        )
        sums.append(here[1:])
        kind = np.zeros(count + 1, dtype=np.int16)
        kind[labels.ravel()] = told[0].ravel()
        kinds.append(kind[1:])
        numbers = np.where(labels > 0, labels + starts[-1] - 1, 0).astype(np.int64)
        up, left = core[0], core[1]
        if (row, column) in rims:
            below, beside = rims.pop((row, column))
            joined += [(below, numbers[up, left : left + columns]), (beside, numbers[up : up + rows, left])]
        # what lies beyond the rim of this tile is the first line of the next one
        for key, line in (((row + tile, column), 0), ((row, column + tile), 1)):
            if key[0] < images.rows and key[1] < images.columns:
                known = rims.get(
                    key,
                    (
                        np.zeros(min(tile, images.columns - key[1]), np.int64),
                        np.zeros(min(tile, images.rows - key[0]), np.int64),
                    ),
                )
                mine = numbers[core[2], left : left + columns] if line == 0 else numbers[up : up + rows, core[3]]
                rims[key] = (mine, known[1]) if line == 0 else (known[0], mine)
        starts.append(starts[-1] + count)
    every = np.concatenate([np.zeros((1, SUMS + FACTS), dtype=np.int64), *sums])
    kind_of = np.concatenate([np.zeros(1, dtype=np.int16), *kinds])
    roots = _roots(len(every), joined)
    return _weighed(every, kind_of, roots, np.array(starts), images, seen, settings)


def _boxes(images: Pair, tile: int) -> Iterator[Box]:
    for row in range(0, images.rows, tile):
        for column in range(0, images.columns, tile):
            yield row, column, min(tile, images.rows - row), min(tile, images.columns - column)


def _window(
    store: DatasetReader, images: Pair, row: int, column: int, rows: int, columns: int
) -> tuple[NDArray[np.int16], tuple[int, int]]:
    """A tile with one pixel around it where there is one, and where it begins."""
    top, left = max(0, row - 1), max(0, column - 1)
    bottom, right = min(images.rows, row + rows + 1), min(images.columns, column + columns + 1)
    return store.read(window=Window(left, top, right - left, bottom - top)), (top, left)


def _roots(count: int, joined: list[tuple[Numbers, Numbers]]) -> Numbers:
    """The first number of all that are one region across the borders of tiles."""
    parents = np.arange(count)
    for one, other in joined:
        both = (one > 0) & (other > 0)
        for a, b in set(zip(one[both].tolist(), other[both].tolist(), strict=True)):
            join(parents, a, b)
    return np.array([root(parents, at) for at in range(count)], dtype=np.int64)


def _weighed(
    every: Numbers,
    kind_of: NDArray[np.int16],
    roots: Numbers,
    starts: Numbers,
    images: Pair,
    seen: int,
    settings: ChangeSettings,
) -> Regions:
    """One row a region, in the order of their first pixels, and only those that are patches."""
    whole = np.zeros_like(every)
    np.add.at(whole, roots, every)
    whole[:, FIRST] = 1 << 62
    np.minimum.at(whole[:, FIRST], roots, every[:, FIRST])
    pixel_m2 = images.pixel_m**2
    at = np.flatnonzero(
        (np.arange(len(every)) == roots) & (whole[:, PIXELS] * pixel_m2 >= _SPECK * settings.min_area_m2)
    )
    at = at[np.argsort(whole[at, FIRST], kind="stable")]
    sums = whole[at].astype(np.float64)
    pixels, rim = sums[:, PIXELS], np.maximum(sums[:, RIM], 1)
    table = pd.DataFrame(
        {
            "surface": kind_of[at],
            "pixels_m2": pixels * pixel_m2,
            # bare ground was parted along lines that are wider than nothing
            "whole_m2": (pixels + (CUT + 0.5) * sums[:, RIM]) * pixel_m2,
            "new_edges": sums[:, ON_NEW] / rim,
            "old_edges": _beyond_chance(sums[:, ON_OLD] / rim, sums[:, OLD_INSIDE] / np.maximum(sums[:, INSIDE], 1)),
            "old_rim": sums[:, ON_OLD] / rim,
            "were_odd": sums[:, WERE_ODD] / pixels,
            "by_shade": sums[:, BY_SHADE] / rim,
            "crisp": sums[:, RIM_STEP] / rim / np.maximum(sums[:, SUMS] / pixels, 1),
            "sigma": sums[:, SUMS] / pixels / 10,
            "brighter": sums[:, SUMS + 1] / pixels / 1000,
            "redder": sums[:, SUMS + 2] / pixels / 1000,
            "bluer": sums[:, SUMS + 3] / pixels / 1000,
            "strange": sums[:, SUMS + 4] / pixels / 10,
        }
    )
    table["kind"], table["confidence"] = judged_as(table, seen * pixel_m2, settings)
    kept = (table["kind"] != "").to_numpy()
    number = np.zeros(len(every), dtype=np.int32)
    number[at[kept]] = np.arange(1, kept.sum() + 1)
    return Regions(table[kept].reset_index(drop=True), starts, number[roots])


def _beyond_chance(on_rim: Floats, inside: Floats) -> Floats:
    """The part of a rim that keeps to old edges, less what it would meet of them anywhere: crops are full of edges."""
    return np.asarray(np.clip((on_rim - inside) / np.maximum(1 - inside, 0.05), 0.0, 1.0))


def judged_as(
    table: pd.DataFrame, seen_m2: float, settings: ChangeSettings
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """What each region is taken for (nothing, if it is no patch) and how surely, from 0 to 1.

    Bare ground is moved earth if it is brighter than farmed soil and has a new rim or a strange colour. One that keeps
    to the rim of a field is a season, if this was one: where next to no other ground turned, it was dug as well.
    """
    s = settings
    odd, soil, green, dark = (table["surface"] == kind for kind in (ODD, SOIL, GREEN, DARK))
    sharp, crisp = table["new_edges"] >= s.new_edges, table["crisp"] >= s.crisp
    large = table["whole_m2"] >= s.soil_area_m2
    fresh = table["old_edges"] < s.old_edges
    strange = (table["strange"] > s.strange_sigma) & (table["brighter"] > s.strange_bright)
    bright = (table["brighter"] > s.earth_bright) & (table["strange"] > s.earth_sigma)
    turned = green | (soil & ~(bright & (fresh | strange)))
    quiet = table["pixels_m2"][turned].sum() < s.season_part * seen_m2
    earth = soil & sharp & crisp & large & bright & (fresh | strange | quiet)
    # a roof that was there keeps its outline and looks otherwise under another sun
    roof = (table["were_odd"] > s.old_roof) & (table["old_rim"] > s.old_outline)
    roofed = odd & (table["crisp"] >= s.crisp_built) & ~roof | dark & crisp & (table["old_edges"] < s.old_outline)
    kind: NDArray[np.object_] = np.full(len(table), "", dtype=object)
    kind[sharp & roofed] = "built"
    kind[earth] = "earthwork"
    kind[(soil & ~earth & large) | (green & large)] = "vegetation"
    clear = np.clip(table["sigma"] / (3 * s.changed_sigma), 0, 1)
    confidence = 0.4 * clear + 0.4 * table["new_edges"] + 0.2 * (1 - table["old_edges"])
    confidence = np.where(soil | dark, confidence * 0.6, confidence)
    return kind, np.asarray(np.round(confidence, 2), dtype=np.float64)


def outlined(
    store: DatasetReader, regions: Regions, images: Pair, tile: int, settings: ChangeSettings, folder: Path
) -> pd.DataFrame:
    """Draw the outlines of all patches, without small holes, with square corners where a rectangle fits."""
    # outlines are followed line by line, and a block is read anew for each line in it
    layout = {"blockysize": 1, "compress": "deflate", "zlevel": 1}
    shape = {"width": images.columns, "height": images.rows, "count": 1, "transform": images.place}
    numbers, masks = folder / "numbers.tif", folder / "masks.tif"
    with (
        rasterio.open(numbers, "w", driver="GTiff", dtype="int32", **shape, **layout) as number_file,
        rasterio.open(masks, "w", driver="GTiff", dtype="uint8", **shape, **layout) as mask_file,
    ):
        for row, band in _bands_of_patches(store, regions, images, tile):
            window = Window(0, row, images.columns, len(band))
            number_file.write(band, 1, window=window)
            mask_file.write((band > 0).astype(np.uint8), 1, window=window)
    with rasterio.open(numbers) as number_file, rasterio.open(masks) as mask_file:
        found = [
            (int(number) - 1, shapely.geometry.shape(drawn))
            for drawn, number in shapes(
                rasterio.band(number_file, 1), rasterio.band(mask_file, 1), transform=images.place
            )
        ]
    found.sort(key=lambda one: one[0])
    table = regions.table.iloc[[at for at, _ in found]].reset_index(drop=True)
    back = np.where(table["surface"] == SOIL, (CUT + 0.5) * images.pixel_m, 0.0)
    grown = [(shape, by) for (_, shape), by in zip(found, back.tolist(), strict=True)]
    with ThreadPoolExecutor(cores()) as pool:
        table["geometry"] = list(pool.map(lambda one: simple(one[0], one[1], settings), grown))
    table = _joined(table, images.pixel_m)
    table["area_m2"] = np.round(shapely.area(table["geometry"].to_numpy(dtype=object)), 2)
    radii = [2 * shapely.maximum_inscribed_circle(shape, tolerance=0.1).length for shape in table["geometry"]]
    table["width_m"] = np.round(np.array(radii, dtype=np.float64), 2)
    wanted = (table["area_m2"] >= settings.min_area_m2) & (table["width_m"] >= settings.min_width_m)
    return table[wanted].reset_index(drop=True)


def _bands_of_patches(
    store: DatasetReader, regions: Regions, images: Pair, tile: int
) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """The number of the patch that each pixel is in, a whole row of tiles at a time, and where it begins."""
    band = np.zeros((0, images.columns), dtype=np.int32)
    for at, (row, column, rows, columns) in enumerate(_boxes(images, tile)):
        if column == 0:
            band = np.zeros((rows, images.columns), dtype=np.int32)
        told, corner = _window(store, images, row, column, rows, columns)
        labels, _ = numbered(told[0].astype(np.uint8), UNSEEN)
        core = labels[row - corner[0] :, column - corner[1] :][:rows, :columns]
        band[:, column : column + columns] = np.where(core > 0, regions.patch[core + regions.starts[at] - 1], 0)
        if column + columns == images.columns:
            yield row, band


def _joined(table: pd.DataFrame, gap_m: float) -> pd.DataFrame:
    """Earthworks that touch are one, told by the largest of them: moved earth is odd here and like soil there."""
    earth = np.flatnonzero(table["kind"] == "earthwork")
    shapes_ = table["geometry"].to_numpy(dtype=object)
    wide = shapely.buffer(shapes_[earth], gap_m, join_style="mitre")
    grounds = shapely.get_parts(shapely.union_all(wide))
    at, part = shapely.STRtree(grounds).query(shapely.point_on_surface(shapes_[earth]), predicate="within")
    lone = np.ones(len(table), dtype=bool)
    for number in np.unique(part):
        mine = earth[at[part == number]]
        if len(mine) > 1:
            largest = mine[np.argmax(shapely.area(shapes_[mine]))]
            lone[mine] = False
            lone[largest] = True
            closed = shapely.buffer(grounds[number], -gap_m, join_style="mitre")
            table.at[largest, "geometry"] = max(shapely.get_parts(closed), key=shapely.area)
    return table[lone].reset_index(drop=True)


def simple(shape: shapely.Polygon, grow_m: float, settings: ChangeSettings) -> shapely.Polygon:
    """The outline of a patch as a person would draw it: no steps, no small holes, right angles where they fit."""
    if grow_m:
        shape = max(shapely.get_parts(shapely.buffer(shape, grow_m, join_style="mitre")), key=shapely.area)
    holes = [ring for ring in shape.interiors if shapely.Polygon(ring).area >= settings.min_hole_m2]
    filled = shapely.Polygon(shape.exterior, holes)
    box = shapely.minimum_rotated_rectangle(filled)
    if isinstance(box, shapely.Polygon) and not holes and filled.area >= _SQUARE * box.area:
        return box
    plain = shapely.simplify(filled, settings.simplify_m)
    return plain if isinstance(plain, shapely.Polygon) and not plain.is_empty else filled
