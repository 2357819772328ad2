"""`python -m geo.warm`: compiles the loops of the kernel once, so that no later process waits for it."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from geo import boundary, corners
from geo.facing import neighbours, side_lengths
from geo.gaps import gaps
from geo.imagery.change import find_change
from geo.imagery.shares import class_shares
from geo.kernel.wkb import begins_of
from geo.outlines import Outlines, outlines_of, outlines_of_wkb
from geo.pairs import shared_ground
from geo.validity import invalid


def warm() -> None:
    """Use every loop once, on outlines in memory and on some that are only mapped."""
    shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)], dtype=object)
    data = np.frombuffer(b"".join(shapely.to_wkb(shapes)), dtype=np.uint8)
    read = outlines_of_wkb([(data, begins_of(data, len(shapes)))])
    mapped = Outlines(read.xy.copy(), read.rings, read.parts, read.features)
    mapped.xy.setflags(write=False)
    names = np.arange(len(shapes))
    for a in (outlines_of(shapes), mapped):
        invalid(a)
        corners.sharp_corners(a, 5.0, 0.05)
        corners.crowded_vertices(a, 0.05, 1e-4)
        corners.folded_boundaries(a, 0.1, 0.05, 5.0)
        corners.thinness(a)
        gaps(a, 0.005, 50.0, 0.5, 0.01)
        neighbours(a, 1.0, 90.0)
        side_lengths(a, 90.0)
        boundary.corners_without_point(a, shapely.points([[0.0, 0.0]]), 0.05)
        boundary.edges_without_line(a, shapely.boundary(shapes), 0.05)
        shared_ground(a, names)
        for b in (read, mapped):
            shared_ground(a, names, b, names)
    with tempfile.TemporaryDirectory() as folder:
        _compare_images(Path(folder))
        _measure_classes(Path(folder), mapped, read)


def _compare_images(folder: Path) -> None:
    """Compare an image with one of the same ground, half a pixel aside, on which something was built."""
    rng = np.random.default_rng(1)
    waves = [(*rng.uniform(-0.3, 0.3, 2), rng.uniform(0, 6)) for _ in range(40)]
    rows, columns = np.mgrid[0:160, 0:160]
    paths = folder / "before.tif", folder / "after.tif"
    for path, aside in zip(paths, (0.0, 0.5), strict=True):
        grey = 110 + 4 * sum(np.sin(rows * down + (columns + aside) * right + turn) for down, right, turn in waves)
        grey[60:90, 60:90] += 100 * (path == paths[1])
        bands = np.repeat(np.clip(grey, 1, 255).astype(np.uint8)[None], 3, axis=0)
        place = Affine(1.0, 0.0, 37_560_000.0 + aside, 0.0, -1.0, 2_400_000.0)
        _written(path, bands, place)
    find_change(*paths)


def _measure_classes(folder: Path, *outlines: Outlines) -> None:
    """Measure shares of classes of 8 and of 16 bits, with and without a mask."""
    for kind in ("uint8", "uint16"):
        for more in ({}, {"nodata": 0}):
            path = folder / "classes.tif"
            _written(path, np.ones((1, 4, 4), dtype=kind), Affine(1.0, 0.0, 0.0, 0.0, -1.0, 4.0), **more)
            for one in outlines:
                class_shares(one, CRS.from_epsg(4525), path)


def _written(path: Path, bands: NDArray[Any], place: Affine, **more: Any) -> None:
    layout = {"driver": "GTiff", "height": bands.shape[1], "width": bands.shape[2], "dtype": bands.dtype.name}
    with rasterio.open(path, "w", crs="EPSG:4525", transform=place, count=len(bands), **layout, **more) as file:
        file.write(bands)


if __name__ == "__main__":
    warm()
