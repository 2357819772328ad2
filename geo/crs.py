"""Coordinate systems of Chinese surveys: which one a file is in, decided with evidence and never guessed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import LambertAzimuthalEqualAreaConversion
from pyproj.exceptions import CRSError, ProjError

from geo.codes import YANGJIANG_BOX

#: West, south, east, north in degrees.
Box = tuple[float, float, float, float]
Points = NDArray[np.float64]
Said = dict[str, str]
#: Moves arrays of x and y from one system to another.
Way = Callable[[Any, Any], tuple[Any, Any]]

#: EPSG of Gauss-Krüger zones by datum: first code with the zone's number in the easting (6° zones 13-23, 3° zones
#: 25-45), then without (central meridians 75-135 E).
ZONE_FAMILIES: Final[dict[str, dict[str, int]]] = {
    "CGCS2000": {"geographic": 4490, "six": 4491, "six_bare": 4502, "three": 4513, "three_bare": 4534},
    "Xi'an 80": {"geographic": 4610, "six": 2327, "six_bare": 2338, "three": 2349, "three_bare": 2370},
    "Beijing 54": {"geographic": 4214, "six": 21413, "six_bare": 21453, "three": 2401, "three_bare": 2422},
}
#: Room beyond an area of use (°): areas are published for land, and a survey may end a little beyond.
_AREA_MARGIN = 1.0
#: WKT of one coordinate system is well under this; more is no .prj.
_LONGEST_PRJ = 64 << 10


class CrsRefused(Exception):
    """The coordinate system is unknown, or what the file says contradicts itself; `facts` fill the sentence."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Decision:
    """The coordinate system of a file and what speaks for it."""

    crs: CRS
    evidence: list[Said]


def family(crs: CRS) -> str | None:
    """The Chinese datum that a system stands on: CGCS2000, Xi'an 80 or Beijing 54; None for all others."""
    base = crs.geodetic_crs
    name = "" if base is None or base.datum is None else base.datum.name.lower().replace("_", " ")
    if "2000" in name and ("china" in name or "cgcs" in name):
        return "CGCS2000"
    if "1980" in name and "xian" in name.replace("'", ""):
        return "Xi'an 80"
    return "Beijing 54" if "1954" in name and "beijing" in name else None


def zone_prefix(crs: CRS) -> int:
    """The zone's number that every easting begins with; 0 where eastings carry none."""
    if crs.coordinate_operation is None:
        return 0
    eastings = [p.value for p in crs.coordinate_operation.params if p.name == "False easting"]
    return int(float(eastings[0]) // 1e6) if eastings else 0


def named(crs: CRS) -> str:
    """A system as reports write it: `EPSG:4546`, or its WKT where EPSG does not know it."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def spoken(crs: CRS) -> str:
    """A system as people read it: its name and, where there is one, its EPSG code."""
    code = crs.to_epsg()
    return f"{crs.name} (EPSG:{code})" if code else str(crs.name)


def from_epsg(code: int) -> CRS:
    """The system of an EPSG code; CrsRefused if there is none of places on the ground."""
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        raise CrsRefused("crs_unknown", epsg=code) from None
    if not (crs.is_projected or (crs.is_geographic and len(crs.axis_info) == 2)):
        raise CrsRefused("crs_unknown", epsg=code)
    return crs


@lru_cache(maxsize=32)
def from_wkt(content: bytes) -> CRS:
    """Read the text of a .prj. Only WKT is read: free text might name a file or an address to fetch."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("latin-1").strip("\0 \t\r\n")
    try:
        crs = CRS.from_wkt(text) if len(text) <= _LONGEST_PRJ else None
        if crs is not None and crs.is_projected:
            _to_degrees(crs)  # a projection with a parameter too few is a system that leads nowhere
    except (CRSError, ProjError):
        crs = None
    if crs is None or not (crs.is_projected or crs.is_geographic or crs.is_compound):
        raise CrsRefused("bad_prj")
    return identified(crs.to_2d())


def identified(crs: CRS) -> CRS:
    """Replace a system by EPSG's own where both put every point at the same place; else leave it as it is.

    pyproj also proposes codes of other zones for a system that EPSG does not know (central meridian 112.5 E), so a
    proposal is only taken after it was compared.
    """
    for code in (crs.to_epsg(), crs.to_epsg(min_confidence=20)):
        if code is None:
            continue
        known = CRS.from_epsg(code)
        if known.is_projected == crs.is_projected and same(crs, known):
            return known
    return crs


def same(one: CRS, other: CRS) -> bool:
    """Whether two systems give the same coordinates to every point, without any change of datum."""
    if one.is_geographic != other.is_geographic or _datum(one) != _datum(other):
        return False
    if one.is_geographic:
        return True
    area = one.area_of_use or other.area_of_use
    lon, lat = ((area.west + area.east) / 2, (area.south + area.north) / 2) if area else (111.0, 22.0)
    try:
        there = [np.array(_of_degrees(crs).transform(lon, lat)) for crs in (one, other)]
    except ProjError:
        return False
    return bool(np.all(np.abs(there[0] - there[1]) < 1e-4))


def _datum(crs: CRS) -> str:
    base = crs.geodetic_crs
    code = base.to_epsg(min_confidence=20) if base is not None else None
    return family(crs) or (f"EPSG:{code}" if code else str(base and base.datum and base.datum.name))


def degrees(crs: CRS, points: Points) -> Points:
    """Longitude and latitude of points on the system's own datum; NaN where there is no such place."""
    if crs.is_geographic:
        return points
    lonlat = _to_degrees(crs).transform(points[:, 0], points[:, 1])
    result = np.column_stack(lonlat)
    return np.where(np.isfinite(result), result, np.nan)


def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


def _of_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)


def in_use(crs: CRS, points: Points, box: Box | None = YANGJIANG_BOX) -> NDArray[np.bool_]:
    """Whether each point lies where the system is used: in the county for Chinese surveys, else in EPSG's area."""
    lon, lat = degrees(crs, points).T
    on_earth = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if family(crs):
        return np.asarray(on_earth if box is None else on_earth & _within(lon, lat, box))
    area = crs.area_of_use
    if area is None:
        return np.asarray(on_earth)
    west, south, east, north = area.west, area.south, area.east, area.north
    margin = _AREA_MARGIN
    if west <= east:
        return np.asarray(on_earth & _within(lon, lat, (west - margin, south - margin, east + margin, north + margin)))
    across = (lon >= west - margin) | (lon <= east + margin)  # the area crosses the 180th meridian
    return np.asarray(on_earth & across & (lat >= south - margin) & (lat <= north + margin))


def _within(lon: Points, lat: Points, box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def decide(declared: CRS | None, given: int | None, places: Points, box: Box | None = YANGJIANG_BOX) -> Decision:
    """Decide the system of a file from what it declares, what a person says, and where its coordinates fall.

    `places` has a finite point for each feature. Declared and said must agree, and most places must lie where the
    system is used. What a file declares and its own coordinates contradict, a person may set right. With neither
    declared nor said there is no system: coordinates alone cannot tell datums apart.
    """
    evidence: list[Said] = []
    if declared is not None:
        evidence.append({"zh": f"文件自带坐标系：{spoken(declared)}", "en": f"the file declares {spoken(declared)}"})
    if given is not None:
        chosen = from_epsg(given)
        if declared is not None and not same(chosen, declared):
            if _fits(declared, places, box) or not _fits(chosen, places, box):
                raise CrsRefused("crs_mismatch", declared=spoken(declared), given=spoken(chosen))
            evidence.append({"zh": "文件坐标与其自带坐标系不符", "en": "the coordinates do not fit what it declares"})
        evidence.append({"zh": f"指定坐标系：{spoken(chosen)}", "en": f"chosen by a person: {spoken(chosen)}"})
    elif declared is not None:
        chosen = declared
    else:
        raise CrsRefused("no_crs", **_candidates(places, box))
    if len(places) == 0:
        return Decision(chosen, [*evidence, {"zh": "没有坐标可供核对", "en": "there are no coordinates to compare"}])
    fits = in_use(chosen, places, box)
    if not _fits(chosen, places, box):
        raise _contradiction(chosen, np.median(places[~fits], axis=0), box)
    return Decision(chosen, [*evidence, _where(chosen, np.median(places[fits], axis=0))])


def expect_usable(crs: CRS, *, confirmed: bool) -> None:
    """Raise CrsRefused for what an office does not take: another Chinese datum, or a foreign one nobody named."""
    its = family(crs)
    if its is None and not confirmed:
        raise CrsRefused("crs_unconfirmed", crs=spoken(crs))
    if its in ("Xi'an 80", "Beijing 54"):
        raise CrsRefused("crs_datum", crs=spoken(crs), target="CGCS2000")


def _fits(crs: CRS, places: Points, box: Box | None) -> bool:
    """Whether most places lie where a system is used; places there are none of contradict nothing."""
    return len(places) == 0 or 2 * int(in_use(crs, places, box).sum()) > len(places)


def _where(crs: CRS, place: Points) -> Said:
    """The evidence of the coordinates: the zone's number they carry and where they fall."""
    (lon, lat) = degrees(crs, place.reshape(1, 2))[0]
    zone = zone_prefix(crs) if family(crs) else 0
    carried_zh = f"东坐标带带号 {zone}；" if zone else ""
    carried_en = f"eastings carry zone number {zone}; " if zone else ""
    return {
        "zh": f"{carried_zh}坐标落在东经 {lon:.4f}°、北纬 {lat:.4f}° 附近，在适用范围内",
        "en": f"{carried_en}the coordinates fall near {lon:.4f}° E {lat:.4f}° N, where the system is used",
    }


def _contradiction(crs: CRS, place: Points, box: Box | None) -> CrsRefused:
    """Say why coordinates do not fit the system: units, axes, zone number, zone, or simply elsewhere."""
    x, y = float(place[0]), float(place[1])
    facts = {"crs": spoken(crs), "x": f"{x:.3f}", "y": f"{y:.3f}", **_candidates(place.reshape(1, 2), box)}
    looks_like_degrees = abs(x) <= 180 and abs(y) <= 180
    if crs.is_geographic != looks_like_degrees:
        return CrsRefused("crs_units", **facts)
    if in_use(crs, np.array([[y, x]]), box)[0]:
        return CrsRefused("crs_axes", **facts)
    if family(crs) is None:
        return CrsRefused("crs_out_of_use", **facts)
    if not crs.is_geographic and int(x // 1e6) != zone_prefix(crs):
        return CrsRefused("crs_prefix", **facts)
    return CrsRefused("crs_zone", **facts)


def fitting(places: Points, box: Box | None) -> list[int]:
    """The EPSG codes of CGCS2000 by which most places would lie in the county; coordinates cannot tell datums apart."""
    if len(places) == 0 or box is None:
        return []
    place = np.median(places, axis=0).reshape(1, 2)
    return [code for code in _plausible(float(place[0, 0]), box) if in_use(CRS.from_epsg(code), place, box)[0]]


def _candidates(places: Points, box: Box | None) -> dict[str, str]:
    """Name the systems in which the coordinates would lie in the county, for a person to choose from."""
    found = fitting(places, box)
    if not found:
        return {"hint_zh": "", "hint_en": ""}
    names_zh = "、".join(f"EPSG:{code}" for code in found)
    names_en = ", ".join(f"EPSG:{code}" for code in found)
    return {
        "hint_zh": f"若基准为 CGCS2000，这些坐标按 {names_zh} 落在本县。",
        "hint_en": f" If the datum is CGCS2000, these coordinates lie in the county as {names_en}.",
    }


def _plausible(easting: float, box: Box) -> Iterable[int]:
    """The CGCS2000 codes worth trying for an easting: its zone's, or those of meridians near the county."""
    codes = ZONE_FAMILIES["CGCS2000"]
    zone = int(easting // 1e6)
    if abs(easting) <= 180:
        yield codes["geographic"]
    elif 25 <= zone <= 45:
        yield codes["three"] + zone - 25
    elif 13 <= zone <= 23:
        yield codes["six"] + zone - 13
    elif zone == 0:
        nearest = round((box[0] + box[2]) / 2 / 3) * 3
        yield from (codes["three_bare"] + (nearest + step - 75) // 3 for step in (-3, 0, 3))


def working_crs(crs: CRS, bounds: Box) -> CRS:
    """The metric system to measure in: a projected metric one as it is, else equal-area centred on the data."""
    if crs.is_projected and all(axis.unit_conversion_factor == 1 for axis in crs.axis_info):
        return crs
    corners = degrees(crs, np.array([bounds[:2], bounds[2:]], dtype=float))
    lon, lat = (round(float(value), 4) for value in corners.mean(axis=0))
    base = crs.geodetic_crs or crs
    return ProjectedCRS(
        conversion=LambertAzimuthalEqualAreaConversion(latitude_natural_origin=lat, longitude_natural_origin=lon),
        name=f"Lambert azimuthal equal area (+proj=laea +lat_0={lat} +lon_0={lon}) on {base.name}",
        geodetic_crs=base,
    )


def way(source: CRS, target: CRS) -> Way:
    """The way from one system to another; CrsRefused where the datums differ and no official parameters are known.

    CGCS2000 and WGS 84 agree within centimetres and are taken as one: the geographic step keeps its numbers. Between
    two that differ in their false origin only (with the zone's number in the easting, and without) points are shifted,
    which is exact and far faster.
    """
    if (shift := _shift(source, target)) is not None:
        east, north = shift
        return lambda x, y: (x + east, y + north)
    if _datum(source) == _datum(target):
        go = _transform(Transformer.from_crs(source, target, always_xy=True))
        return _mended(go, way(target, source)) if _is_equal_area(source) and target.is_geographic else go
    if {_datum(source), _datum(target)} == {"CGCS2000", "EPSG:4326"}:
        up, down = _transform(_to_degrees(source)), _transform(_of_degrees(target))
        return lambda x, y: down(*up(x, y))
    try:
        return _transform(Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False))
    except ProjError:
        raise CrsRefused("crs_datum", crs=spoken(source), target=spoken(target)) from None


def _shift(source: CRS, target: CRS) -> tuple[float, float] | None:
    """How far the false origins of two systems are apart (east, north) where they differ in nothing else."""
    if not (source.is_projected and target.is_projected and _datum(source) == _datum(target)):
        return None
    (one, from_), (other, to) = (_projection(crs) for crs in (source, target))
    if one != other:
        return None
    return to["False easting"] - from_["False easting"], to["False northing"] - from_["False northing"]


def _projection(crs: CRS) -> tuple[Any, dict[str, float]]:
    """All that makes a projection, its false origin apart; two false zeros where it has none."""
    way_of = crs.coordinate_operation
    params = {p.name: (p.value, p.unit_conversion_factor) for p in way_of.params} if way_of else {}
    origin = {name: params.pop(name, (0.0, 1.0)) for name in ("False easting", "False northing")}
    units = [axis.unit_conversion_factor for axis in crs.axis_info] + [unit for _, unit in origin.values()]
    return (way_of.method_name if way_of else None, params, units), {name: float(origin[name][0]) for name in origin}


def _is_equal_area(crs: CRS) -> bool:
    return crs.coordinate_operation is not None and "Equal Area" in crs.coordinate_operation.method_name


def _mended(go: Way, back: Way) -> Way:
    """Correct a way by going back and forth once: PROJ returns from equal-area coordinates 1.5 mm beside the point."""

    def mended(x: Any, y: Any) -> tuple[Any, Any]:
        there_and_back = back(*go(x, y))
        return go(2 * x - there_and_back[0], 2 * y - there_and_back[1])

    return mended


def _transform(transformer: Transformer) -> Way:
    return lambda x, y: transformer.transform(x, y)


def reprojected(frame: gpd.GeoDataFrame, target: CRS) -> gpd.GeoDataFrame:
    """A copy of a frame in another system; every vertex is moved by the same transformation."""
    if frame.crs is not None and same(frame.crs, target):
        return frame.set_crs(target, allow_override=True)
    go = way(frame.crs, target)
    shapes = frame.geometry.to_numpy()
    moved = shapely.transform(shapes, lambda points: np.column_stack(go(points[:, 0], points[:, 1])))
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=target))
