"""What people do with two images today: a difference, Otsu's threshold, and a sieve.

Each in a simple setup chosen by judgement, no other was searched: bands brought to one mean and deviation, smoothed by
3 x 3 pixels, opened once, patches and holes below the least size sieved away, outlines along the pixels.
"""

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import shapes, sieve

from geo.imagery.looks import otsu
from geo.kernel.pixels import boxed, narrowed, widened

Images = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]
Patches = list[shapely.Polygon]


def difference(before: Images, after: Images, place: Affine, least_m2: float) -> Patches:
    """The mean difference of the bands."""
    return _patches(np.abs(_apart(before, after)).mean(axis=0), place, least_m2)


def vectors(before: Images, after: Images, place: Affine, least_m2: float) -> Patches:
    """Change vector analysis: the length of the difference of bands of one deviation."""
    apart = _apart(before, after) / before.reshape(len(before), -1).std(axis=1)[:, None, None]
    return _patches(np.sqrt((apart**2).sum(axis=0)), place, least_m2)


def lost_green(before: Images, after: Images, place: Affine, least_m2: float) -> Patches:
    """What NDVI lost; needs an infrared band."""
    red, near = (np.stack([before[at], after[at]]).astype(np.float32) for at in (0, 3))
    index = boxed(((near - red) / np.maximum(near + red, 1)).astype(np.float32), 1)
    return _patches(index[0] - index[1], place, least_m2)


def _apart(before: Images, after: Images) -> NDArray[np.float32]:
    """The difference of smoothed bands, the later ones brought to mean and deviation of the earlier ones."""
    first, second = (boxed(one.astype(np.float32), 1) for one in (before, after))
    flat = [one.reshape(len(one), -1).astype(np.float64) for one in (before, after)]
    gain = flat[0].std(axis=1) / np.maximum(flat[1].std(axis=1), 1e-6)
    offset = flat[0].mean(axis=1) - gain * flat[1].mean(axis=1)
    return np.asarray(second * gain[:, None, None] + offset[:, None, None] - first, dtype=np.float32)


def _patches(much: NDArray[np.float32], place: Affine, least_m2: float) -> Patches:
    filled = np.nan_to_num(much, nan=0.0)
    changed = (filled > otsu(filled.ravel(), -np.inf, np.inf)).astype(np.uint8)
    opened = widened(narrowed(changed, 1), 1)
    cleaned = sieve(opened, max(2, round(least_m2 / place.a**2)))
    return [shapely.geometry.shape(one) for one, value in shapes(cleaned, cleaned > 0, transform=place) if value]
