"""Two images of one ground: opened, laid over each other, and read window by window."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from geo.crs import same
from geo.kernel.pixels import moved

Bands = NDArray[np.float32]

#: Pixels that moving an image by a part of a pixel looks at beyond those it gives.
REACH = 3
_WHY = {
    "image_unreadable": (
        "无法读取影像 {file}（须为完整的 GeoTIFF）。",
        "{file} cannot be read (it must be a whole GeoTIFF).",
    ),
    "image_bands": (
        "影像须有红、绿、蓝（及近红外）三或四个 8 位或 16 位波段，{file} 为 {bands} 个 {kind}。",
        "An image has red, green, blue (and near infrared) in 8 or 16 bits; {file} has {bands} of {kind}.",
    ),
    "images_differ_in_bands": (
        "两幅影像的波段数不同（{before}、{after}）。",
        "The images have {before} and {after} bands.",
    ),
    "image_not_north_up": (
        "影像 {file} 没有地理定位，或有旋转，请先校正为正北向上。",
        "{file} has no place on the ground or is rotated; bring it north up first.",
    ),
    "image_no_metres": ("影像 {file} 须有以米为单位的坐标系。", "{file} must be in a coordinate system in metres."),
    "images_other_crs": ("两幅影像的坐标系不同（{before}、{after}）。", "The images are in {before} and in {after}."),
    "images_other_pixels": (
        "两幅影像的像元大小不同（{before:.3f} 米、{after:.3f} 米），请先重采样为同一大小。",
        "The images have pixels of {before:.3f} m and {after:.3f} m; resample one first.",
    ),
    "images_no_common_ground": ("两幅影像没有足够的共同范围。", "The images have too little ground in common."),
    "images_apart": (
        "两幅影像相距 {shift:.2f} 米，超过允许的 {allowed:.2f} 米，请先配准。",
        "The images stand {shift:.2f} m apart, more than the {allowed:.2f} m allowed; register them first.",
    ),
    "images_warped": (
        "两幅影像各处错位不一（相差 {residual:.2f} 米，允许 {allowed:.2f} 米），请先正射校正。",
        "The images stand apart differently from place to place ({residual:.2f} m, {allowed:.2f} m allowed).",
    ),
    "images_not_alike": (
        "两幅影像找不到未变化的共同地面，无法统一色调。",
        "No ground is found that looks alike in both images; their light cannot be brought together.",
    ),
}


class ImagesRefused(Exception):
    """Two images cannot be compared; `code` is stable, `zh` and `en` say why."""

    def __init__(self, code: str, **facts: object):
        self.code = code
        self.zh, self.en = (sentence.format(**facts) for sentence in _WHY[code])
        super().__init__(f"{code}: {self.en}")


@dataclass(frozen=True)
class Pair:
    """The ground that two images have in common, in pixels of the later one.

    `ahead` is where in the earlier image the first common pixel lies (row, column), in parts of a pixel too; `shift_px`
    is how much further down and right the same ground lies in the earlier image than its place says.
    """

    before: Path
    after: Path
    place: Affine
    crs: CRS
    rows: int
    columns: int
    bands: int
    corner: tuple[int, int]
    ahead: tuple[float, float]
    shift_px: tuple[float, float] = (0.0, 0.0)

    @property
    def pixel_m(self) -> float:
        """Metres of a pixel's side."""
        return float(self.place.a)

    def read_after(self, row: int, column: int, rows: int, columns: int) -> Bands:
        """Pixels of the later image, NaN outside the common ground and where there is no data."""
        out = np.full((self.bands, rows, columns), np.nan, dtype=np.float32)
        top, left = max(row, 0), max(column, 0)
        bottom, right = min(row + rows, self.rows), min(column + columns, self.columns)
        if top < bottom and left < right:
            found = _read(
                self.after, self.bands, top + self.corner[0], left + self.corner[1], bottom - top, right - left
            )
            out[:, top - row : bottom - row, left - column : right - column] = found
        return out

    def read_before(self, row: int, column: int, rows: int, columns: int, least_px: float = 0.0) -> Bands:
        """Pixels of the earlier image where the later one has them, moved by what both stand apart."""
        down, right = (self.ahead[at] + self.shift_px[at] for at in (0, 1))
        whole_down, whole_right = round(down), round(right)
        part_down, part_right = down - whole_down, right - whole_right
        if max(abs(part_down), abs(part_right)) <= least_px:
            return _read(self.before, self.bands, row + whole_down, column + whole_right, rows, columns)
        found = _read(
            self.before,
            self.bands,
            row + whole_down - REACH,
            column + whole_right - REACH,
            rows + 2 * REACH,
            columns + 2 * REACH,
        )
        return np.ascontiguousarray(moved(found, part_down, part_right)[:, REACH:-REACH, REACH:-REACH])


def pair(before: Path, after: Path) -> Pair:
    """Look at two images and lay them over each other by what they say of their place; ImagesRefused if they cannot."""
    with _opened(before) as first, _opened(after) as second:
        for file in (first, second):
            _expect(file)
        systems = [CRS.from_wkt(file.crs.to_wkt()) for file in (first, second)]
        if not same(*systems):
            raise ImagesRefused("images_other_crs", before=systems[0].name, after=systems[1].name)
        bands = _colours(first), _colours(second)
        if bands[0] != bands[1]:
            raise ImagesRefused("images_differ_in_bands", before=bands[0], after=bands[1])
        sizes = first.transform.a, second.transform.a
        # half a pixel over a whole side is as much as a shift can mend
        if abs(sizes[0] / sizes[1] - 1) * max(second.width, second.height) > 0.5:
            raise ImagesRefused("images_other_pixels", before=sizes[0], after=sizes[1])
        ahead = (
            (first.transform.f - second.transform.f) / sizes[1],
            (second.transform.c - first.transform.c) / sizes[1],
        )
        top, left = max(0, int(np.ceil(-ahead[0]))), max(0, int(np.ceil(-ahead[1])))
        bottom = min(second.height, int(np.floor(first.height - ahead[0])))
        right = min(second.width, int(np.floor(first.width - ahead[1])))
        if bottom - top < 64 or right - left < 64:
            raise ImagesRefused("images_no_common_ground")
        return Pair(
            before,
            after,
            _beginning(second.transform, top, left),
            systems[1],
            bottom - top,
            right - left,
            bands[0],
            (top, left),
            (ahead[0] + top, ahead[1] + left),
        )


def _beginning(at: Affine, row: int, column: int) -> Affine:
    """The place of an image without its first rows and columns."""
    return Affine(at.a, 0.0, at.c + column * at.a, 0.0, at.e, at.f + row * at.e)


def _colours(file: rasterio.DatasetReader) -> int:
    """How many bands hold light: a last one that says what is data does not."""
    return int(file.count) - int(file.colorinterp[-1] == ColorInterp.alpha)


def _expect(file: rasterio.DatasetReader) -> None:
    name = Path(file.name).name
    if _colours(file) not in (3, 4) or set(file.dtypes) - {"uint8", "uint16"}:
        raise ImagesRefused("image_bands", file=name, bands=_colours(file), kind="/".join(sorted(set(file.dtypes))))
    at = file.transform
    if at.is_identity or at.b or at.d or at.a <= 0 or at.e >= 0 or abs(at.a + at.e) > 1e-6 * at.a:
        raise ImagesRefused("image_not_north_up", file=name)
    if file.crs is None or not file.crs.is_projected or file.crs.linear_units_factor[1] != 1.0:
        raise ImagesRefused("image_no_metres", file=name)


def _read(path: Path, bands: int, row: int, column: int, rows: int, columns: int) -> Bands:
    """A window of an image, NaN beyond it and where it has no data."""
    out = np.full((bands, rows, columns), np.nan, dtype=np.float32)
    with _opened(path) as file:
        top, left = max(row, 0), max(column, 0)
        bottom, right = min(row + rows, file.height), min(column + columns, file.width)
        if top < bottom and left < right:
            window = Window(left, top, right - left, bottom - top)
            values = file.read(list(range(1, bands + 1)), window=window).astype(np.float32)
            values[:, file.dataset_mask(window=window) == 0] = np.nan
            out[:, top - row : bottom - row, left - column : right - column] = values
    return out


@contextmanager
def _opened(path: Path) -> Iterator[rasterio.DatasetReader]:
    """Open a GeoTIFF and nothing else: other formats may name files and addresses to read."""
    try:
        with rasterio.open(path, driver="GTiff", sharing=False) as file:
            yield file
    except RasterioIOError:
        raise ImagesRefused("image_unreadable", file=path.name) from None
