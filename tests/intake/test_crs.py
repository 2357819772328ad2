"""Coordinate systems: decided with evidence, refused where file, person and coordinates contradict each other."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from geo import crs
from geo.intake import IntakeError, read

TRAPS = Path(__file__).parents[1] / "data" / "crs_traps"
CUSTOM = (
    'PROJCS["CM_112.5",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",112.5],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    ("name", "epsg"),
    [("zone37_prefixed_ok", 4525), ("gbk_dbf_no_cpg", 4546), ("gbk_dbf_cpg_lies_utf8", 4546)],
)
def test_a_right_file_is_taken_with_evidence(name, epsg):
    (layer,) = read(TRAPS / f"{name}.shp", layer="parcel").layers
    assert layer.crs == f"EPSG:{epsg}"
    assert len(layer.frame) == layer.read == 12
    assert layer.frame["name"][0] == "水库边"
    assert layer.encoding == "GB18030"
    assert all(said["zh"] and said["en"] for said in layer.crs_evidence + layer.encoding_evidence)
    assert "111.98" in layer.crs_evidence[-1]["en"]


@pytest.mark.parametrize(
    ("name", "code", "hint"),
    [
        ("zone37_prefixed_but_prj_cm111", "crs_prefix", "4525"),
        ("cm111_no_prefix_no_prj", "no_crs", "4546"),
        ("lonlat_labelled_as_metres_zone37", "crs_units", "4490"),
        ("axis_swapped_xy", "crs_axes", ""),
        ("wrong_zone_cm114_prj_says_cm111", "crs_zone", "4547"),
    ],
)
def test_a_trap_is_refused_and_the_way_out_is_named(name, code, hint):
    with pytest.raises(IntakeError) as refused:
        read(TRAPS / f"{name}.shp", layer="parcel")
    assert refused.value.code == code
    assert hint in refused.value.zh
    assert hint in refused.value.en


def test_a_person_names_the_system_of_a_file_without_one():
    (layer,) = read(TRAPS / "cm111_no_prefix_no_prj.shp", layer="parcel", crs=4546).layers
    assert layer.crs == "EPSG:4546"


@pytest.mark.parametrize(
    ("name", "epsg", "code"),
    [
        ("zone37_prefixed_ok", 4526, "crs_mismatch"),
        ("zone37_prefixed_ok", 4490, "crs_mismatch"),
        ("cm111_no_prefix_no_prj", 4525, "crs_prefix"),
        ("cm111_no_prefix_no_prj", 4545, "crs_zone"),
        ("cm111_no_prefix_no_prj", 4490, "crs_units"),
        ("zone37_prefixed_ok", 2361, "crs_mismatch"),
        ("zone37_prefixed_ok", 5737, "crs_unknown"),
        ("zone37_prefixed_ok", 999999, "crs_unknown"),
    ],
)
def test_a_person_cannot_contradict_the_file(name, epsg, code):
    with pytest.raises(IntakeError) as refused:
        read(TRAPS / f"{name}.shp", layer="parcel", crs=epsg)
    assert refused.value.code == code


def test_the_zone_families_are_those_of_epsg():
    for datum, codes in crs.ZONE_FAMILIES.items():
        assert crs.family(CRS.from_epsg(codes["geographic"])) == datum
        for name, first_zone, count in (("six", 13, 11), ("three", 25, 21)):
            for step in (0, count - 1):
                assert crs.zone_prefix(CRS.from_epsg(codes[name] + step)) == first_zone + step
                assert crs.family(CRS.from_epsg(codes[name] + step)) == datum
        for bare in ("six_bare", "three_bare"):
            assert crs.zone_prefix(CRS.from_epsg(codes[bare])) == 0
            assert crs.family(CRS.from_epsg(codes[bare])) == datum


def test_a_meridian_that_epsg_does_not_know_stays_itself():
    found = crs.from_wkt(CUSTOM.encode())
    assert found.to_epsg() is None
    assert crs.family(found) == "CGCS2000"
    # 0.52 degrees west of its meridian at 21.85 N: 53.7 km
    assert crs.decide(found, None, np.array([[446_270.0, 2_417_000.0]])).crs == found


@pytest.mark.parametrize(
    "text",
    [
        "EPSG:4546",
        "+init=/etc/passwd",
        "+proj=longlat",
        "http://example.org/4546.wkt",
        "PROJCS[",
        "",
        "<x/>",
        "0" * 70_000,
    ],
)
def test_a_prj_is_only_ever_read_as_wkt(text):
    with pytest.raises(crs.CrsRefused) as refused:
        crs.from_wkt(text.encode())
    assert refused.value.code == "bad_prj"


def test_a_byte_order_mark_before_the_wkt_is_borne():
    wkt = (TRAPS / "zone37_prefixed_ok.prj").read_bytes()
    assert crs.from_wkt(b"\xef\xbb\xbf" + wkt).to_epsg() == 4525


def test_the_county_box_is_for_chinese_datums_only():
    amsterdam = np.array([[121_000.0, 487_000.0]])
    assert crs.decide(crs.from_epsg(28992), None, amsterdam).crs.to_epsg() == 28992
    with pytest.raises(crs.CrsRefused) as refused:
        crs.decide(crs.from_epsg(28992), None, amsterdam + 1e6)
    assert refused.value.code == "crs_out_of_use"
    guangzhou = np.array([[113.26, 23.13]])
    with pytest.raises(crs.CrsRefused) as refused:
        crs.decide(crs.from_epsg(4490), None, guangzhou)
    assert refused.value.code == "crs_zone"
    assert crs.decide(crs.from_epsg(4490), None, guangzhou, box=(113, 22.5, 114, 23.9)).crs.to_epsg() == 4490
    assert crs.decide(crs.from_epsg(4490), None, guangzhou, box=None).crs.to_epsg() == 4490


def test_swapped_degrees_are_told_apart_from_another_county():
    with pytest.raises(crs.CrsRefused) as refused:
        crs.decide(crs.from_epsg(4490), None, np.array([[21.85, 111.98]]))
    assert refused.value.code == "crs_axes"


def test_one_stray_feature_does_not_refuse_the_file():
    places = np.array([[37_601_300.0, 2_417_500.0]] * 3 + [[37_601_300.0, 5_000_000.0]])
    assert crs.decide(crs.from_epsg(4525), None, places).crs.to_epsg() == 4525
    assert crs.in_use(crs.from_epsg(4525), places).tolist() == [True, True, True, False]


def test_the_check_value_of_the_zone():
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(111.98, 21.85)], crs=4490)
    for epsg, prefix in ((4546, 0), (4525, 37_000_000)):
        point = crs.reprojected(frame, crs.from_epsg(epsg)).geometry[0]
        assert point.x == pytest.approx(prefix + 601_306.580, abs=1e-3)
        assert point.y == pytest.approx(2_417_513.559, abs=1e-3)
    wgs = frame.set_crs(4326, allow_override=True)
    assert crs.reprojected(wgs, crs.from_epsg(4546)).geometry[0].x == pytest.approx(601_306.580, abs=1e-3)


def test_between_two_false_origins_points_are_shifted_exactly():
    go = crs.way(crs.from_epsg(4525), crs.from_epsg(4546))
    x, y = np.array([37_601_306.58, 37_560_000.123]), np.array([2_417_513.559, 2_400_000.456])
    assert np.array_equal(go(x, y), (x - 37_000_000, y))
    projected = Transformer.from_crs(4525, 4546, always_xy=True).transform(x, y)
    assert np.allclose(go(x, y), projected, rtol=0, atol=1e-8)


def test_another_meridian_is_no_shift():
    x, y = np.array([37_601_306.58]), np.array([2_417_513.559])
    expected = Transformer.from_crs(4525, 4547, always_xy=True).transform(x, y)
    assert np.array_equal(crs.way(crs.from_epsg(4525), crs.from_epsg(4547))(x, y), expected)


def test_no_datum_is_changed_without_official_parameters():
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(601_306.58, 2_417_513.559)], crs=2382)
    with pytest.raises(crs.CrsRefused) as refused:
        crs.reprojected(frame, crs.from_epsg(4546))
    assert refused.value.code == "crs_datum"


def test_degrees_are_measured_in_an_equal_area_projection_centred_on_the_data():
    working = crs.working_crs(crs.from_epsg(4167), (172.0, -44.0, 177.0, -36.0))
    assert "+lat_0=-40.0 +lon_0=174.5" in working.name
    assert crs.working_crs(crs.from_epsg(4525), (0, 0, 1, 1)).to_epsg() == 4525
    feet = CRS.from_epsg(2278)
    assert crs.working_crs(feet, (3e6, 1.3e7, 3.1e6, 1.4e7)).axis_info[0].unit_name == "metre"


def test_the_office_wants_other_systems_confirmed_and_old_datums_converted(tmp_path):
    frame = gpd.GeoDataFrame({"DKBM": ["4417811132010100001"]}, geometry=[shapely.box(111.97, 21.84, 111.98, 21.85)])
    for epsg, code in ((4326, "crs_unconfirmed"), (4610, "crs_datum"), (4214, "crs_datum")):
        path = tmp_path / f"{epsg}.gpkg"
        frame.set_crs(epsg).to_file(path, layer="DK")
        with pytest.raises(IntakeError) as refused:
            read(path)
        assert refused.value.code == code
        assert read(path, office=False).layers[0].crs == f"EPSG:{epsg}"
    assert read(tmp_path / "4326.gpkg", crs=4326).layers[0].crs == "EPSG:4326"
