"""Look at an image and decide about it: its system, its place, its value for no data. Nothing is guessed silently."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import rasterio
from pyproj import CRS
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError

from geo import crs as systems
from geo.codes import YANGJIANG_BOX
from geo.imagery import tiff
from geo.intake.errors import Said, note, refusal

Kind = Literal["orthophoto", "classes"]
KINDS: Final = ("orthophoto", "classes")
#: What a person may say of the value for no data: a number, or that there is none.
NONE: Final = "none"
#: How GDAL opens a stranger's file: the file alone, no companions, no network.
ALONE: Final = {
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_CACHEMAX": 256,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_MAX_RETRY": 0,
}
#: Sides of a pixel in metres: drones see centimetres, satellites ten metres.
LEAST_PIXEL_M, MOST_PIXEL_M = 0.005, 100.0
_METRES_A_DEGREE: Final = 111_320.0
_USABLE: Final = ("uint8", "uint16")
_AFFINE_NOISE: Final = 1e-9


@dataclass(frozen=True)
class Picture:
    """An image as it was understood; `crs` is its full text, `place` its affine transform."""

    kind: str
    wide: int
    high: int
    bands: int
    dtype: str
    crs: str
    place: tuple[float, float, float, float, float, float]
    nodata: float | None
    pixel_m: float
    palette: dict[int, tuple[int, int, int]] | None
    notes: list[Said]
    evidence: list[Said]

    @property
    def system(self) -> CRS:
        """The system of its pixels."""
        return CRS.from_wkt(self.crs)

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """West, south, east, north in its own system."""
        west, wide, _, north, _, high = self.place
        return west, north + high * self.high, west + wide * self.wide, north

    def told(self) -> dict[str, Any]:
        """All of it as plain data, from which it can be made again."""
        return asdict(self)


def told(said: dict[str, Any]) -> Picture:
    """A picture from what `Picture.told` gave, after it went through JSON."""
    palette = said["palette"] and {int(value): tuple(colour) for value, colour in said["palette"].items()}
    return Picture(**(said | {"place": tuple(said["place"]), "palette": palette}))


def looked(
    path: Path,
    kind: Kind,
    crs: int | None = None,
    nodata: str | None = None,
    box: systems.Box | None = YANGJIANG_BOX,
) -> Picture:
    """Read what a GeoTIFF says of itself and decide; raises IntakeError. No pixel is read.

    `crs` is an EPSG code and `nodata` a number or `none`, as a person said; what the file says otherwise refuses it.
    """
    page = tiff.expected(path)
    _expect_kind(page, kind)
    with opened(path) as file:
        if any(one not in _USABLE for one in file.dtypes):
            raise refusal("raster_dtype", kind=", ".join(sorted(set(file.dtypes))))
        place = _place(file)
        system, evidence = _system(file, crs, place, box)
        pixel_m = _pixel_m(system, place)
        if kind == "classes" and system.is_geographic:
            raise refusal("raster_degrees")
        value = _nodata(file, kind, nodata)
        notes = []
        if kind == "orthophoto" and value is None and not _masked(file):
            notes.append(note("raster_all_ground"))
        if kind == "orthophoto" and file.dtypes[0] == "uint16":
            notes.append(note("raster_stretched"))
        return Picture(
            kind=kind,
            wide=file.width,
            high=file.height,
            bands=file.count,
            dtype=file.dtypes[0],
            crs=system.to_wkt(),
            place=place,
            nodata=value,
            pixel_m=pixel_m,
            palette=_palette(file) if page.palette else None,
            notes=notes,
            evidence=evidence,
        )


@contextmanager
def opened(path: Path) -> Iterator[rasterio.DatasetReader]:
    """Open a GeoTIFF and nothing else, by itself; what cannot be read is refused."""
    with rasterio.Env(**ALONE):
        try:
            with rasterio.open(path, driver="GTiff", sharing=False) as file:
                yield file
        except RasterioError:
            raise refusal("raster_damaged") from None


def _expect_kind(page: tiff.Page, kind: Kind) -> None:
    """Refuse bands, packing and pixels that an image of this kind cannot have."""
    if page.format != 1 or page.bits not in (8, 16):
        what = {1: "uint", 2: "int", 3: "float"}.get(page.format, "complex")
        raise refusal("raster_dtype", kind=f"{what}{page.bits}")
    if kind == "classes" and page.samples != 1:
        raise refusal("raster_bands", bands=page.samples, most=tiff.MOST_BANDS)
    if kind == "classes" and page.lossy:
        raise refusal("raster_lossy")
    if kind == "orthophoto" and page.palette:
        raise refusal("raster_palette")


def _place(file: rasterio.DatasetReader) -> tuple[float, float, float, float, float, float]:
    """Where the picture lies: north up, and said by itself."""
    at = file.transform
    if at.is_identity or not np.isfinite(list(at)[:6]).all() or not at.a or not at.e:
        raise refusal("raster_no_place")
    if abs(at.b) > _AFFINE_NOISE * abs(at.a) or abs(at.d) > _AFFINE_NOISE * abs(at.e) or at.a < 0 or at.e > 0:
        raise refusal("raster_not_north_up")
    return at.c, at.a, 0.0, at.f, 0.0, at.e


def _system(
    file: rasterio.DatasetReader, given: int | None, place: tuple[float, ...], box: systems.Box | None
) -> tuple[CRS, list[Said]]:
    """Decide the system from what the file declares, what a person says, and where its corners fall."""
    west, wide, _, north, _, high = place
    across, down = np.meshgrid([0, file.width / 2, file.width], [0, file.height / 2, file.height])
    points = np.column_stack([west + wide * across.ravel(), north + high * down.ravel()])
    try:
        declared = systems.from_wkt(file.crs.to_wkt().encode()) if file.crs is not None else None
    except systems.CrsRefused:
        declared = None  # a system of the drawing board: as good as none
    try:
        decided = systems.decide(declared, given, points, box)
        systems.expect_usable(decided.crs, confirmed=given is not None)
    except systems.CrsRefused as refused:
        raise refusal(refused.code, **refused.facts) from None
    return decided.crs, decided.evidence


def _pixel_m(system: CRS, place: tuple[float, ...]) -> float:
    """The longer side of a pixel in metres."""
    unit = _METRES_A_DEGREE if system.is_geographic else system.axis_info[0].unit_conversion_factor
    sides = sorted((place[1] * unit, -place[5] * unit))
    if not (sides[0] >= LEAST_PIXEL_M and sides[1] <= MOST_PIXEL_M):
        raise refusal("raster_pixel_size", metres=f"{sides[1]:.4g}", least=LEAST_PIXEL_M, most=MOST_PIXEL_M)
    return float(sides[1])


def _nodata(file: rasterio.DatasetReader, kind: Kind, given: str | None) -> float | None:
    """The value that is no ground: what the file declares and a person says must agree, and one of them must speak."""
    declared = {value for value in file.nodatavals if value is not None}
    if len(declared) > 1:
        raise refusal("raster_nodata_value", value=", ".join(map(str, sorted(declared))), kind=file.dtypes[0])
    theirs = next(iter(declared), None)
    if theirs is not None:
        _expect_value(theirs, file.dtypes[0])
    if given is None:
        if kind == "classes" and theirs is None and not _masked(file):
            raise refusal("raster_nodata_missing")
        return theirs
    said = None if given == NONE else _number(given, file.dtypes[0])
    if theirs is not None and theirs != said:
        raise refusal("raster_nodata_mismatch", declared=f"{theirs:g}", given=given)
    return said


def _number(text: str, kind: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise refusal("raster_nodata_value", value=text[:40], kind=kind) from None
    _expect_value(value, kind)
    return value


def _expect_value(value: float, kind: str) -> None:
    """Refuse a value that no pixel can have, NaN above all: it would hide nothing, or be taken for a class."""
    if not (np.isfinite(value) and value.is_integer() and 0 <= value <= np.iinfo(kind).max):
        raise refusal("raster_nodata_value", value=f"{value:g}", kind=kind)


def _masked(file: rasterio.DatasetReader) -> bool:
    """Whether the file says by a mask or by transparency what is no ground."""
    flags = file.mask_flag_enums[0]
    return MaskFlags.per_dataset in flags or MaskFlags.alpha in flags or ColorInterp.alpha in file.colorinterp


def _palette(file: rasterio.DatasetReader) -> dict[int, tuple[int, int, int]]:
    """The colours that a raster of classes brings with it."""
    return {int(value): tuple(colour[:3]) for value, colour in file.colormap(1).items()}
