"""GeoTIFFs as tests want them, in a corner of the sample county."""

import numpy as np
import rasterio
from rasterio.transform import Affine

#: In CGCS2000 zone 37, the zone's number in the easting.
WEST, NORTH = 37_563_200.0, 2_439_400.0


def tiff(path, values, *, pixel=1.0, corner=(WEST, NORTH), crs="EPSG:4525", mask=None, transform=None, **profile):
    """Write bands of pixels (bands, rows, columns), or one band, as a GeoTIFF."""
    bands = values if values.ndim == 3 else values[None]
    count, high, wide = bands.shape
    place = transform or Affine(pixel, 0, corner[0], 0, -pixel, corner[1])
    said = {"driver": "GTiff", "count": count, "height": high, "width": wide, "dtype": values.dtype, "crs": crs}
    colormap, colours = profile.pop("colormap", None), profile.pop("colorinterp", None)
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", **said | {"transform": place} | profile) as file,
    ):
        if colours:
            file.colorinterp = colours
        if colormap:
            file.write_colormap(1, colormap)
        file.write(bands)
        if mask is not None:
            file.write_mask(mask)
    return path


def photo(high=64, wide=96, bands=3, dtype="uint8", seed=1):
    """Fields in three colours, no pixel black."""
    blocks = np.random.default_rng(seed).integers(60, 200, (bands, -(-high // 8), -(-wide // 8)))
    return blocks.repeat(8, 1).repeat(8, 2)[:, :high, :wide].astype(dtype)


def classes(high=64, wide=96):
    """Four quarters: classes 1, 2, 3 and, in the last, no data (0)."""
    drawn = np.zeros((high, wide), dtype=np.uint8)
    drawn[: high // 2, : wide // 2], drawn[: high // 2, wide // 2 :], drawn[high // 2 :, : wide // 2] = 1, 2, 3
    return drawn
