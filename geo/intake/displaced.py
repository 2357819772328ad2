"""Whether a survey stands beside what is known of the same ground: the mark of coordinates taken from a web map.

The maps of 高德 and 腾讯 are drawn in GCJ-02, those of 百度 in BD-09: true coordinates shifted by some hundred metres,
by a published formula. The shift is measured and told; nothing is ever shifted back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.codes import resolve_prefix
from geo.crs import Points, degrees, same, way, working_crs
from geo.intake.errors import Said, note
from geo.intake.evidence import spread

#: The shifts of web maps are between these in China (m); BD-09 is GCJ-02 and about 900 m more.
LEAST_M: Final = 100.0
MOST_M: Final = 1500.0
#: So many marks of a layer are kept for comparing.
MARKED: Final = 500
#: So many shapes of the same code are wanted, and so close together must their shifts be (m, or a share of the shift).
_FEWEST: Final = 3
#: Parcels wanted for a look at their villages' bounds, and the share of them that must fit once the shift is undone.
_FEWEST_BOUNDED: Final = 10
_MOSTLY: Final = 0.9
_SPREAD_M: Final = 5.0
_SPREAD: Final = 0.05
#: A measured shift this near to a formula's (m) is said to be like it: the formula moves by metres across a county.
_LIKE_M: Final = 25.0
#: Krasovsky's ellipsoid, by which the formula was written: half its long axis (m), and its eccentricity squared.
_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY2: Final = 0.00669342162296594323


@dataclass(frozen=True)
class Shift:
    """How far delivered shapes stand from known ones of the same codes, in metres east and north, by how many pairs."""

    east_m: float
    north_m: float
    pairs: int
    like: str | None

    @property
    def far_m(self) -> float:
        """How far that is."""
        return float(np.hypot(self.east_m, self.north_m))


@dataclass(frozen=True)
class Marks:
    """Where codes lie: the middle of each one's box, as x and y in one system."""

    codes: Sequence[str]
    places: Points
    system: CRS

    def plain(self) -> list[list[Any]]:
        """The marks as plain data (code, x, y), to travel without their system."""
        return [[code, float(x), float(y)] for code, (x, y) in zip(self.codes, self.places, strict=True)]


def marks_of(frame: pd.DataFrame, most: int | None = None) -> Marks | None:
    """Where the codes of a layer lie, of `most` of them spread over the file; None for what has no codes or shapes."""
    if not isinstance(frame, gpd.GeoDataFrame) or "code" not in frame.columns or frame.crs is None:
        return None
    there = frame[frame["code"].notna() & ~(frame.geometry.isna() | frame.geometry.is_empty)]
    some = there if most is None else there.iloc[spread(len(there), most)]
    west, south, east, north = shapely.bounds(some.geometry.to_numpy()).T
    return Marks(some["code"].tolist(), np.column_stack([(west + east) / 2, (south + north) / 2]), some.crs)


def shift(delivered: Marks, known: Marks) -> Shift | None:
    """Measure a shift that all places share against the known ones of the same codes; None where there is none.

    The middle of the differences counts, so that parcels that were redrawn do not; and where these differ among
    themselves, the ground was surveyed anew and nothing was shifted. CrsRefused where the systems cannot be compared.
    """
    if not (len(delivered.codes) and len(known.codes)):
        return None
    west, south = np.min(known.places, axis=0)
    east, north = np.max(known.places, axis=0)
    metric = working_crs(known.system, (float(west), float(south), float(east), float(north)))
    both = pd.concat([_moved(marks, metric) for marks in (delivered, known)], axis=1, join="inner").to_numpy()
    if len(both) < _FEWEST:
        return None
    apart = both[:, :2] - both[:, 2:]
    middle = np.median(apart, axis=0)
    far = float(np.hypot(*middle))
    unlike = float(np.median(np.hypot(*(apart - middle).T)))
    if not LEAST_M <= far <= MOST_M or unlike > max(_SPREAD_M, _SPREAD * far):
        return None
    place = np.median(both[:, 2:], axis=0)
    return Shift(float(middle[0]), float(middle[1]), len(both), _like(middle, degrees(metric, place.reshape(1, 2))[0]))


def _moved(marks: Marks, metric: CRS) -> pd.DataFrame:
    """Marks in a metric system by their codes; a code that stands twice says nothing."""
    x, y = marks.places.T if same(marks.system, metric) else way(marks.system, metric)(*marks.places.T)
    frame = pd.DataFrame(np.column_stack([x, y]), index=pd.Index(marks.codes, dtype=object))
    return frame[~frame.index.duplicated(keep=False)]


def warning(delivered: Marks | None, known: Marks | None) -> Said | None:
    """What to tell where a layer stands beside known places of the same codes; None if it does not."""
    measured = shift(delivered, known) if delivered and known else None
    return None if measured is None else told(measured)


def warning_by_bounds(delivered: Marks, villages: Mapping[str, Any], system: CRS) -> Said | None:
    """What to tell of parcels outside of their villages that lie inside once a web map's shift is undone; else None.

    `villages` has the polygon of each village by its twelve digits of today, in a metric `system`.
    """
    owners = [villages.get(resolve_prefix(code)[:12]) for code in delivered.codes]
    at = [n for n, village in enumerate(owners) if village is not None]
    if len(at) < _FEWEST_BOUNDED:
        return None
    bounds = np.array([owners[n] for n in at], dtype=object)
    true = degrees(delivered.system, delivered.places[at])
    inside = _inside(true, bounds, system)
    if inside > len(at) / 2:
        return None
    for name, drawn in _WEB_MAPS.items():
        undone = _inside(2 * true - drawn(true), bounds, system)
        if undone >= _MOSTLY * len(at):
            return note("displaced_bounds", count=len(at), inside=inside, undone=undone, system=name)
    return None


def _inside(lonlat: Points, bounds: NDArray[np.object_], system: CRS) -> int:
    """How many points, in degrees, lie in the polygon that stands beside each."""
    x, y = way(CRS.from_epsg(4490), system)(lonlat[:, 0], lonlat[:, 1])
    return int(shapely.contains_xy(bounds, x, y).sum())


def told(measured: Shift) -> Said:
    """A shift in words, with its figures."""
    figures = {"east": f"{measured.east_m:+.0f}", "north": f"{measured.north_m:+.0f}", "far": f"{measured.far_m:.0f}"}
    if measured.like is None:
        return note("displaced", **figures, pairs=measured.pairs)
    return note("displaced_like", **figures, pairs=measured.pairs, system=measured.like)


def gcj02(lonlat: Points) -> Points:
    """Where GCJ-02 draws points of given longitude and latitude (degrees)."""
    lon, lat = lonlat.T
    x, y = lon - 105, lat - 35
    wave = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave + _waves(y, 160, 320)
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave + _waves(x, 150, 300)
    bend = 1 - _ECCENTRICITY2 * np.sin(np.radians(lat)) ** 2
    meridian, parallel = _AXIS_M * (1 - _ECCENTRICITY2) / bend**1.5, _AXIS_M / np.sqrt(bend) * np.cos(np.radians(lat))
    return np.column_stack([lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)])


def bd09(lonlat: Points) -> Points:
    """Where BD-09 draws points of given longitude and latitude (degrees)."""
    lon, lat = gcj02(lonlat).T
    turn = np.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * turn)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _waves(along: NDArray[np.float64], short: float, long: float) -> NDArray[np.float64]:
    """The slow waves of the formula along one direction."""
    quick = 20 * np.sin(np.pi * along) + 40 * np.sin(np.pi * along / 3)
    slow = short * np.sin(np.pi * along / 12) + long * np.sin(np.pi * along / 30)
    return np.asarray((quick + slow) * 2 / 3)


def _like(vector: NDArray[np.float64], place: Points) -> str | None:
    """Which web map shifts a place (degrees) by such a vector (m east and north)."""
    metres = np.array([111_320.0 * np.cos(np.radians(place[1])), 110_740.0])
    for name, drawn in _WEB_MAPS.items():
        if np.hypot(*((drawn(place.reshape(1, 2))[0] - place) * metres - vector)) <= _LIKE_M:
            return name
    return None


_WEB_MAPS: Final = {"GCJ-02": gcj02, "BD-09": bd09}
