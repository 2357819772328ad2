"""A survey that stands aside as a whole: measured against known shapes, and told from ground that was surveyed anew."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from geo.intake import displaced

METRIC = CRS.from_epsg(4546)
CODES = [f"44178111320101{n:05d}" for n in range(8)]
KNOWN = np.array([shapely.box(601_000 + 60 * n, 2_417_000, 601_050 + 60 * n, 2_417_030) for n in range(8)])


def measured(shapes, codes=CODES):
    frame = gpd.GeoDataFrame({"code": list(codes)}, geometry=list(shapes), crs=METRIC)
    known = gpd.GeoDataFrame({"code": CODES}, geometry=KNOWN, crs=METRIC)
    return displaced.shift(displaced.marks_of(frame), displaced.marks_of(known))


def moved(east, north):
    return [shapely.affinity.translate(shape, east, north) for shape in KNOWN]


@pytest.mark.parametrize(
    ("true", "drawn"),
    [  # points that the makers of converters publish with their answers: Shanghai, Shenzhen, Beijing
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_is_the_published_one(true, drawn):
    assert displaced.gcj02(np.array([true]))[0] == pytest.approx(drawn, abs=1e-12)


def test_coordinates_from_a_web_map_are_suspected_with_the_measured_vector():
    to_degrees = Transformer.from_crs(METRIC, 4490, always_xy=True)
    to_metres = Transformer.from_crs(4490, METRIC, always_xy=True)
    for system, drawn in (("GCJ-02", displaced.gcj02), ("BD-09", displaced.bd09)):
        lonlat = shapely.transform(KNOWN, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))
        shapes = shapely.transform(
            shapely.transform(lonlat, drawn), lambda xy: np.column_stack(to_metres.transform(*xy.T))
        )
        found = measured(shapes)
        assert found.like == system
        true = shapely.centroid(shapes[0]).distance(shapely.centroid(KNOWN[0]))
        assert found.far_m == pytest.approx(true, abs=1)
        assert system in displaced.told(found)["en"]


@pytest.mark.parametrize(("east", "north", "far"), [(300, -400, 500), (0, 100.5, 100.5)])
def test_any_other_shift_of_the_whole_is_told_without_a_name(east, north, far):
    found = measured(moved(east, north))
    assert (found.far_m, found.pairs, found.like) == (pytest.approx(far), 8, None)


def test_one_parcel_redrawn_does_not_hide_the_shift_of_the_others():
    assert measured([KNOWN[0], *moved(300, 0)[1:]]).east_m == pytest.approx(300)


@pytest.mark.parametrize(
    "shapes",
    [
        moved(0, 0),
        moved(99, 0),  # nearer than web maps shift
        moved(0, 2000),  # another place altogether
        [shapely.affinity.translate(shape, 150 * n, -90 * n) for n, shape in enumerate(KNOWN)],  # each its own way
    ],
)
def test_what_is_no_shift_of_the_whole_is_not_suspected(shapes):
    assert measured(shapes) is None


def test_other_codes_or_too_few_say_nothing():
    assert measured(moved(300, 0), [code[::-1] for code in CODES]) is None
    assert measured(moved(300, 0)[:2], CODES[:2]) is None


def test_layers_are_compared_across_systems():
    here = gpd.GeoDataFrame({"code": CODES}, geometry=moved(300, 400), crs=METRIC).to_crs(4490)
    there = gpd.GeoDataFrame({"code": CODES}, geometry=KNOWN, crs=METRIC)
    assert "500 m" in displaced.warning(displaced.marks_of(here), displaced.marks_of(there))["en"]
    assert displaced.marks_of(here.drop(columns="code")) is None


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(("drawn", "named"), [(displaced.gcj02, "GCJ-02"), (displaced.bd09, "BD-09"), (None, None)])
def test_a_first_survey_is_held_against_the_bounds_of_its_villages(drawn, named, old):
    """Twenty parcels in the middle of a village of 400 m by 300 m; its county may bear its code of before 2014."""
    village = {"441704113201": shapely.box(601_000, 2_417_000, 601_400, 2_417_300)}
    codes = [f"{'441723' if old else '441704'}11320101{n:05d}" for n in range(20)]
    true = np.array([(601_060 + 30 * (n % 10), 2_417_100 + 80 * (n // 10)) for n in range(20)], dtype=float)
    lonlat = np.column_stack(Transformer.from_crs(METRIC, 4490, always_xy=True).transform(*true.T))
    marks = displaced.Marks(codes, lonlat if drawn is None else drawn(lonlat), CRS.from_epsg(4490))
    said = displaced.warning_by_bounds(marks, village, METRIC)
    assert (said is None) == (named is None)
    assert named is None or (named in said["en"] and said["code"] == "displaced_bounds")
    elsewhere = displaced.Marks(codes, lonlat + 0.05, CRS.from_epsg(4490))
    assert displaced.warning_by_bounds(elsewhere, village, METRIC) is None
    assert displaced.warning_by_bounds(marks, {}, METRIC) is None
