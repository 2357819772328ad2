"""A piece of an image as people see it: some ground, read at the size that it is shown with."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window

from geo.imagery.picture import ALONE
from geo.imagery.tiles import encoded, stretched, valid_in

Box = tuple[float, float, float, float]


def clipped(cog: Path, look: dict[str, Any], box: Box, most: int = 480) -> tuple[bytes, Box] | None:
    """A PNG of a box (west, south, east, north in the system of the image), and the ground that its pixels cover.

    At most `most` pixels a side are read, whatever the size of the image. None where the image shows nothing there.
    """
    with rasterio.Env(**ALONE), rasterio.open(cog, driver="GTiff", sharing=False) as file:
        at = file.transform
        left, right = int(np.floor((box[0] - at.c) / at.a)), int(np.ceil((box[2] - at.c) / at.a))
        top, bottom = int(np.floor((box[3] - at.f) / at.e)), int(np.ceil((box[1] - at.f) / at.e))
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, file.width), min(bottom, file.height)
        if left >= right or top >= bottom:
            return None
        window = Window(left, top, right - left, bottom - top)
        shrink = max(1.0, (right - left) / most, (bottom - top) / most)
        size = (max(1, round((bottom - top) / shrink)), max(1, round((right - left) / shrink)))
        bands = look["bands"]
        values = file.read(bands, window=window, out_shape=(len(bands), *size), resampling=Resampling.average)
        valid: NDArray[np.bool_] = valid_in(file, values, window, size)
    if not valid.any():
        return None
    pixels = np.zeros((*size, 4), dtype=np.uint8)
    pixels[..., :3] = stretched(values.astype(np.float32), look)
    pixels[..., 3] = np.where(valid, 255, 0)
    ground = (at.c + left * at.a, at.f + bottom * at.e, at.c + right * at.a, at.f + top * at.e)
    return encoded(pixels, "png"), ground
