"""Make a cloud-optimised GeoTIFF of an image: the same pixels without loss, in tiles, with overviews of our own."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError  # what copying raises where a block cannot be unpacked
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError
from rasterio.windows import Window

from geo.imagery.picture import ALONE, Picture, opened
from geo.intake.errors import refusal

#: More different values than this are no classes.
MOST_CLASSES: Final = 256
#: Pixels of a tile. Map tiles are as large, and a parcel lies in few.
BLOCK: Final = 512
#: Of 16-bit bands, what is shown from black to white; the rest are lamps and shadows.
_DARK, _BRIGHT = 2.0, 98.0
#: The stretch is taken from so many pixels a side.
_SAMPLE: Final = 1024
#: Colours of classes that bring none, in the order of the classes: apart for those who see no red or no green.
_COLOURS: Final = (
    "#117733", "#ddcc77", "#88ccee", "#cc6677", "#882255", "#44aa99", "#aa4499", "#999933", "#332288", "#e69f00",
    "#56b4e9", "#661100", "#6699cc", "#aaaa00", "#888888", "#4477aa",
)  # fmt: skip


def make(source: Path, picture: Picture, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write `image.tif` into a folder; gives its path and how it is to be shown. Raises IntakeError.

    What was decided about the image is written into it; the file's own overviews and remarks are left behind.
    """
    made, recast = folder / "image.tif", folder / "recast.vrt"
    packed = {"compress": "ZSTD", "level": 3, "predictor": "NO" if picture.kind == "classes" else "STANDARD"}
    try:
        with rasterio.Env(**ALONE):
            _recast(source, picture, recast)
            rasterio.shutil.copy(
                recast,
                made,
                driver="COG",
                blocksize=BLOCK,
                resampling="MODE" if picture.kind == "classes" else "AVERAGE",
                overviews="IGNORE_EXISTING",
                bigtiff="IF_SAFER",
                num_threads="ALL_CPUS",
                statistics="NO",
                **packed,
            )
    except (RasterioError, CPLE_BaseError):
        raise refusal("raster_damaged") from None
    recast.unlink()
    with opened(made) as file:
        if (file.width, file.height, file.count) != (picture.wide, picture.high, picture.bands):
            raise refusal("raster_damaged")
        look = _classes(file, picture) if picture.kind == "classes" else _stretch(file)
    return made, look


def _recast(source: Path, picture: Picture, to: Path) -> None:
    """The image with what was decided about it, as a description that reads its pixels from the source."""
    with opened(source) as file:
        rasterio.shutil.copy(file, to, driver="VRT")
    with rasterio.open(to, "r+", driver="VRT") as file:
        file.crs = rasterio.CRS.from_wkt(picture.crs)
        file.nodata = picture.nodata
        file.update_tags(ns="", **dict.fromkeys(file.tags(), ""))


def _stretch(file: rasterio.DatasetReader) -> dict[str, Any]:
    """From which value to which each shown band goes from black to white."""
    shown = shown_bands(file)
    if file.dtypes[0] == "uint8":
        return {"bands": shown, "stretch": [[0, 255]] * len(shown)}
    size = (min(file.height, _SAMPLE), min(file.width, _SAMPLE))
    valid = file.dataset_mask(out_shape=size) > 0
    if not valid.any():
        raise refusal("raster_empty")
    ends = []
    for band in shown:
        values = file.read(band, out_shape=size)[valid]
        dark, bright = np.percentile(values, [_DARK, _BRIGHT]).round().astype(int).tolist()
        ends.append([dark, max(bright, dark + 1)])
    return {"bands": shown, "stretch": ends}


def shown_bands(file: rasterio.DatasetReader) -> list[int]:
    """The bands that are shown as red, green and blue, or the one shown as grey."""
    colours = [band for band, kind in enumerate(file.colorinterp, 1) if kind != ColorInterp.alpha]
    return colours[:3] if len(colours) >= 3 else colours[:1]


def _classes(file: rasterio.DatasetReader, picture: Picture) -> dict[str, Any]:
    """Every class with its colour and how many pixels have it."""
    counts = _counted(file)
    values = np.flatnonzero(counts).tolist()
    if not values:
        raise refusal("raster_empty")
    if len(values) > MOST_CLASSES:
        raise refusal("raster_many_classes", count=len(values), most=MOST_CLASSES)
    theirs = picture.palette or {}
    colours = [
        _hex(theirs[value]) if value in theirs else _COLOURS[at % len(_COLOURS)] for at, value in enumerate(values)
    ]
    return {
        "classes": [
            {"value": value, "colour": colour, "pixels": int(counts[value])}
            for value, colour in zip(values, colours, strict=True)
        ]
    }


def _counted(file: rasterio.DatasetReader) -> NDArray[np.int64]:
    """How many valid pixels have each value, read strip by strip."""
    counts = np.zeros(np.iinfo(file.dtypes[0]).max + 1, dtype=np.int64)
    for row in range(0, file.height, BLOCK):
        window = Window(0, row, file.width, min(BLOCK, file.height - row))
        valid = file.dataset_mask(window=window) > 0
        counts += np.bincount(file.read(1, window=window)[valid], minlength=len(counts))
    return counts


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
