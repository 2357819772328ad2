"""`python -m geo.warm`: compiles the loops of the kernel once, so that no later process waits for it."""

import tempfile
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine

from geo import corners
from geo.gaps import gaps
from geo.imagery.change import find_change
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
        shared_ground(a, names)
        for b in (read, mapped):
            shared_ground(a, names, b, names)
    _compare_images()


def _compare_images() -> None:
    """Compare an image with itself."""
    grey = np.random.default_rng(1).integers(60, 120, (3, 96, 96), dtype=np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "image.tif"
        place = Affine(1.0, 0.0, 37_560_000.0, 0.0, -1.0, 2_400_000.0)
        layout = {"driver": "GTiff", "count": 3, "height": 96, "width": 96, "dtype": "uint8"}
        with rasterio.open(path, "w", crs="EPSG:4525", transform=place, **layout) as file:
            file.write(grey)
        find_change(path, path)


if __name__ == "__main__":
    warm()
