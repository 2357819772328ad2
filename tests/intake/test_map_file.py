"""A column map on the command line, and what a check says of every decision."""

import geopandas as gpd
import pytest
import shapely

from geo.intake import maps
from tests.intake.test_check import check, run  # noqa: F401

CODES = [f"4417811132010100{n:03d}" for n in range(6)]
MADE = maps.ColumnMap("某测绘公司", "parcel", {"DKBM": "parcel_id", "SCMJ": "hectares"}, {"SCMJ": "ha"})


def fields(path, east=0.0, **columns):
    """Six fields of 70 m by 50 m."""
    shapes = [shapely.box(601_300 + east + 80 * n, 2_417_500, 601_370 + east + 80 * n, 2_417_550) for n in range(6)]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4546).to_file(path)
    return path


def decided(report, name):
    (layer,) = report["file"]["layers"]
    return next(made for made in layer["decisions"] if made["name"] == name)


@pytest.fixture
def map_file(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(maps.written(MADE), encoding="utf-8")
    return path


def test_a_map_gives_columns_and_units(check, tmp_path, map_file):  # noqa: F811
    file = fields(tmp_path / "a.gpkg", parcel_id=CODES, hectares=[0.35] * 6)
    plain, _ = check(file)
    assert {next(iter(other["value"])) for other in decided(plain, "columns")["alternatives"]} == {"DKBM", "SCMJ"}
    assert not decided(plain, "columns")["sure"]
    report, _ = check(file, "--map-file", map_file)
    assert decided(report, "columns")["chosen"] == MADE.columns
    assert (decided(report, "units")["chosen"], decided(report, "units")["sure"]) == ({"SCMJ": "ha"}, True)
    assert report["rules"]["QC-M01"]["status"] == "run"
    assert report["rules"]["QC-M01"]["findings"] == 0, "0.35 ha are 3,500 m², as the shapes measure"
    said, _ = check(file, "--map-file", map_file, "--map", "SCMJ=parcel_id")
    assert decided(said, "columns")["chosen"]["SCMJ"] == "parcel_id", "what is said on the command line goes first"


def test_a_survey_beside_the_register_is_doubted(check, tmp_path):  # noqa: F811
    known = fields(tmp_path / "known.gpkg", DKBM=CODES)
    report, _ = check(fields(tmp_path / "a.gpkg", east=250, DKBM=CODES), "--against", f"register={known}")
    made = decided(report, "crs")
    assert not made["sure"]
    assert "250 m aside (+250 m east, +0 m north)" in made["evidence"][-1]["en"]
    assert decided(check(known, "--against", f"register={known}")[0], "crs")["sure"]


def test_a_file_that_is_no_map_is_wrong_usage(run, tmp_path):  # noqa: F811
    file, bad = fields(tmp_path / "a.gpkg", DKBM=CODES), tmp_path / "bad.yaml"
    bad.write_text("DKBM: parcel_id", encoding="utf-8")
    for path in (bad, tmp_path / "nowhere.yaml"):
        assert run("check", file, "--map-file", path, "--out", tmp_path / "o", "--report", tmp_path / "r") == 64
