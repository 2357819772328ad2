"""Survey layers of the land office: approvals by their tables, two years of land cover, plots, rights and acts."""

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geo.intake import IntakeError, read
from tests.intake.build import PRJ, dbf, delivery, layer, shp, square

APPROVED = {"PZWH": ("C", 100), "XMMC": ("C", 100), "PZRQ": ("D", 8)}
CLASSES = {"TBBH": ("C", 8), "DLBM": ("C", 5), "SJNF": ("N", 4)}


def approvals(count=2, **more):
    rows = [{"PZWH": f"粤府土审〔2020〕{n}号", "XMMC": "工业园", "PZRQ": "20200601"} | more for n in range(count)]
    return layer(count, dbf=dbf(APPROVED | ({"PZLX": ("C", 1)} if "PZLX" in more else {}), rows))


def cover(year, count=2):
    rows = [{"TBBH": f"{n:04d}", "DLBM": "0101", "SJNF": str(year)} for n in range(count)]
    return layer(count, dbf=dbf(CLASSES, rows))


def codes(found):
    return [said["code"] for said in found.notes]


@pytest.mark.parametrize(("table", "kind"), [("ZZ_NYDZYFW", "1"), ("ZZ_TDZSFW", "2"), ("LSYD_XMZDFW", "6")])
def test_the_name_of_a_table_says_the_kind_of_its_approvals(tmp_path, table, kind):
    found = read(delivery(tmp_path / "a.zip", **{f"{table}441781": approvals()})).layer("approval")
    assert list(found.frame["kind"]) == [kind, kind]
    assert list(found.frame["code"]) == ["粤府土审〔2020〕0号", "粤府土审〔2020〕1号"]
    (said,) = [said for said in found.notes if said["code"] == "kind_of_table"]
    assert table in said["zh"]
    assert f"is {kind} (" in said["en"]


def test_what_a_file_says_of_the_kind_counts_before_its_name(tmp_path):
    found = read(delivery(tmp_path / "a.zip", ZZ_NYDZYFW=approvals(PZLX="3"))).layer("approval")
    assert list(found.frame["kind"]) == ["3", "3"]
    assert "kind_of_table" not in codes(found)


def test_a_table_of_all_kinds_says_none_by_its_name(tmp_path):
    found = read(delivery(tmp_path / "a.zip", PZFW=approvals())).layer("approval")
    assert "kind" not in found.frame or found.frame["kind"].isna().all()


def test_several_tables_are_one_layer_and_keep_their_kinds(tmp_path):
    path = delivery(tmp_path / "a.zip", ZZ_NYDZYFW=approvals(1), LSYD_XMZDFW=approvals(2), PZFW=approvals(1, PZLX="4"))
    found = read(path).layer("approval")
    assert sorted(found.frame["kind"]) == ["1", "4", "6", "6"]
    assert codes(found).count("kind_of_table") == 2


def test_the_same_from_a_geopackage(tmp_path):
    path = tmp_path / "红线.gpkg"
    frame = gpd.GeoDataFrame({"PZWH": ["甲"]}, geometry=[_box(0)], crs=4525)
    for table in ("ZZ_TDZSFW", "LSYD_XMZDFW"):
        pyogrio.write_dataframe(frame, path, layer=table, driver="GPKG")
    assert sorted(read(path).layer("approval").frame["kind"]) == ["2", "6"]


def test_sites_under_review_are_no_approvals(tmp_path):
    alone = delivery(tmp_path / "a.zip", XS_XMKJFW=approvals())
    for asked in ({}, {"layer": "approval"}, {"fallback": "parcel"}):
        with pytest.raises(IntakeError) as refused:
            read(alone, **asked)
        assert refused.value.code == "under_review"
    reading = read(delivery(tmp_path / "b.zip", XS_XMKJFW=approvals(), ZZ_NYDZYFW=approvals(1)))
    assert [(found.layer, found.read) for found in reading.layers] == [("approval", 1)]
    assert {"not_an_approval", "ignored_layers"} <= {said["code"] for said in reading.notes}


def test_of_two_years_of_land_cover_the_older_is_the_earlier(tmp_path):
    path = delivery(tmp_path / "a.zip", DLTB4417812023=cover(2023), DLTB4417812019=cover(2019, 3))
    reading = read(path)
    assert {found.layer: (found.source, found.read) for found in reading.layers} == {
        "landcover": ("DLTB4417812023", 2),
        "landcover_before": ("DLTB4417812019", 3),
    }
    assert str(reading.layer("landcover_before").frame["surveyed_on"][0])[:10] == "2019-12-31"
    (said,) = [said for said in reading.notes if said["code"] == "two_years"]
    assert "DLTB4417812019" in said["zh"]
    assert "2023" in said["en"]
    assert [found.source for found in read(path, layer="landcover_before").layers] == ["DLTB4417812019"]


def test_parts_of_a_year_stay_together_and_older_years_are_named(tmp_path):
    parts = {"DLTB4417812023-1": cover(2023), "DLTB4417812023-2": cover(2023), "DLTB4417812019": cover(2019)}
    reading = read(delivery(tmp_path / "a.zip", **parts, DLTB4417812009=cover(2009)))
    assert reading.layer("landcover").read == 4
    assert reading.layer("landcover_before").source == "DLTB4417812019"
    assert any("DLTB4417812009" in said["zh"] for said in reading.notes if said["code"] == "ignored_layers")


def test_the_earlier_land_cover_may_bear_a_name_of_its_own(tmp_path):
    reading = read(delivery(tmp_path / "a.zip", DLTB=cover(2023), DLTB_BEFORE=cover(2019)))
    assert [found.layer for found in reading.layers] == ["landcover", "landcover_before"]
    assert "two_years" not in {said["code"] for said in reading.notes}


@pytest.mark.parametrize(
    "name", ["JCTB", "YGXZJSYDTB", "YGYSXZJSYDTB441781", "2026_1_change_landuse", "2026_CHANGE_LANDUSE"]
)
def test_change_patches_are_known_by_their_names(tmp_path, name):
    columns = {"TBLX": ("C", 5), "HSX": ("D", 8), "JCSDH": ("D", 8)}
    rows = [{"TBLX": "20", "HSX": "20260131", "JCSDH": "20260131"}]
    found = read(delivery(tmp_path / "a.zip", **{name: layer(1, dbf=dbf(columns, rows))})).layer("change_patch")
    assert list(found.frame["class_code"]) == ["20"]
    assert str(found.frame["surveyed_on"][0])[:10] == "2026-01-31"


PLOTS = {"BDCDYH": ("C", 28), "ZDLX": ("C", 1), "ZL": ("C", 100), "DJRQ": ("D", 8)}
RIGHTS = {"LQZH": ("C", 50), "ZL": ("C", 100), "DJRQ": ("D", 8)}
ACTS = {"WFDKBH": ("C", 50), "CFRQ": ("D", 8), "PHZZTJ": ("C", 1)}
UNIT = "441781001001JC00001F00000001"
REGISTERED = [
    ("title_plot", "ZD", PLOTS, {"BDCDYH": UNIT, "ZDLX": "1", "ZL": "大岭村", "DJRQ": "20200101"}, "kind", "1"),
    ("forest_right", "LQ", RIGHTS, {"LQZH": "阳林证字〔2009〕1号", "ZL": "大岭", "DJRQ": "20090101"}, "name", "大岭"),
    (
        "recorded_act",
        "WFDK",
        ACTS,
        {"WFDKBH": "阳违〔2023〕7号", "CFRQ": "20230801", "PHZZTJ": "2"},
        "is_destroyed",
        "2",
    ),
]


@pytest.mark.parametrize(("name", "table", "columns", "row", "column", "value"), REGISTERED)
def test_plots_rights_and_acts_in_gbk(tmp_path, name, table, columns, row, column, value):
    parts = shp([square(0)]) | {".dbf": dbf(columns, [row]), ".prj": PRJ}
    found = read(delivery(tmp_path / "a.zip", **{f"{table}441781": parts})).layer(name)
    assert list(found.frame[column]) == [value]
    assert found.encoding.upper() in ("GBK", "GB18030")


def _box(at):
    return shapely.Polygon(square(at)[0])
