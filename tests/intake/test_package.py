"""Whole deliveries of the standard, with everything odd that genuine ones bring: stored where it can be, told once."""

import zipfile
from datetime import datetime

import pytest

from geo.intake import IntakeError, package, read, read_confined
from geo.intake.archive import Limits, unpack
from geo.intake.ground import linked
from tests.intake.build import layer
from tests.intake.package import CODES, ROOT, tree, write_folder, write_zip

#: Rows of each layer and table, counted by hand from `tests.intake.package`; three layers and four tables are empty.
ROWS = {
    "parcel": 4, "boundary": 4, "basic_farmland": 0, "boundary_point": 16, "boundary_line": 16, "control_point": 1,
    "region_line": 1, "point_object": 0, "line_object": 1, "area_object": 1, "annotation": 1, "issuer": 1,
    "contractor": 1, "member": 2, "contract": 1, "parcel_right": 4, "transfer": 0, "certificate": 1,
    "register_entry": 1, "title_document": 1, "certificate_replaced": 1, "certificate_exchanged": 0,
    "certificate_cancelled": 0, "unit_code": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    return read(write_zip(tmp_path_factory.mktemp("package") / "a.zip"), kept=tmp_path_factory.mktemp("rows"))


def told(reading, name):
    """The notes of a layer by code, with how often each was told."""
    codes = [said["code"] for said in reading.layer(name).notes]
    return {code: codes.count(code) for code in codes}


def test_everything_storable_is_there_and_nothing_is_rejected(reading):
    assert {found.layer: found.read for found in reading.layers} == ROWS
    assert not [row for found in reading.layers for row in found.rejected]


def test_a_folder_is_read_as_the_archive_of_it(reading, tmp_path):
    folder = read_confined(write_folder(tmp_path))
    assert [(one.layer, one.read) for one in folder.layers] == [(one.layer, one.read) for one in reading.layers]
    assert [one["sha256"] for one in folder.files] == [one["sha256"] for one in reading.files]
    for one, other in zip(folder.layers, reading.layers, strict=True):
        assert one.frame.astype(str).equals(other.frame.astype(str))


def test_the_root_folder_may_be_missing(tmp_path):
    found = read(write_zip(tmp_path / "a.zip", root=""))
    assert {one.layer: one.read for one in found.layers} == ROWS


def test_parts_and_regions_are_one_layer_each_and_rows_tell_their_file(reading):
    parcels, regions = reading.layer("parcel"), reading.layer("boundary")
    assert parcels.source == "DK4417812016-1、DK4417812016-2"
    assert parcels.frame["code"].tolist() == CODES
    assert "DK4417812016-1 0-1、DK4417812016-2 2-3" in next(n["zh"] for n in parcels.notes if n["code"] == "joined")
    assert sorted(regions.frame["code"]) == ["441781", "441781113", "441781113201", "44178111320101"]
    assert sorted(regions.frame["name"]) == ["CJQY名", "XJQY名", "XJXZQ名", "ZJQY名"]


def test_what_is_odd_is_told_once_with_its_count(reading):
    assert told(reading, "boundary_point") == {"axes_swapped": 1, "number_is_element": 1}
    assert told(reading, "boundary_line") == {"placeholders": 3}
    assert told(reading, "parcel") == {"joined": 1, "placeholders": 1, "text_at_limit": 1}
    assert told(reading, "parcel_right") == {"placeholders": 1, "noise_rounded": 2}
    assert told(reading, "point_object") == {"empty_source": 1}
    (swapped,) = [n for n in reading.layer("boundary_point").notes if n["code"] == "axes_swapped"]
    assert "4 个界址点" in swapped["zh"]


def test_what_was_put_right(reading):
    points, rights = reading.layer("boundary_point").frame, reading.layer("parcel_right").frame
    assert (points["northing"] < points["easting"]).all()
    assert points["number"].isna().sum() == 4
    assert rights["confirmed_m2"].tolist() == [100.0] * 4
    assert rights["confirmed_mu"].tolist() == [0.15] * 4
    assert rights["contract_code"].isna().tolist() == [False, False, False, True]
    assert reading.layer("parcel").frame["surveyed_m2"].tolist() == [100.0] * 4
    assert reading.layer("parcel").frame["bound_north"].isna().all()
    assert reading.layer("register_entry").frame["term_to"].tolist() == [datetime(9999, 1, 1)]


def test_files_are_listed_with_their_hashes_and_pictures_are_never_opened(reading):
    files = {one["path"].removeprefix(f"{ROOT}/"): one for one in reading.files}
    raster = files["栅格数据/数字正射影像图/F49G001001.tif"]
    assert (raster["folder"], raster["suffix"], raster["size_bytes"]) == ("栅格数据", ".tif", 17)
    parts = files["矢量数据/DK4417812016-2.shp"]
    assert (parts["table"], parts["county"], parts["year"], parts["part"]) == ("DK", "441781", "2016", 2)
    assert parts["parts"] == ".shp/.shx/.dbf/.prj"
    said = package.summary(reading)
    assert said["rasters"] == [{name: raster[name] for name in ("path", "size_bytes", "sha256")}]
    assert said["rows"] == ROWS


def test_columns_are_listed_as_found_and_as_wanted(reading):
    forms = {(one["table"], one["name"]): one for found in reading.layers for one in found.forms}
    area = forms["DK", "SCMJ"]
    assert (area["type"], area["length"], area["wanted_type"], area["wanted_length"]) == ("F", 19, "float", 15)
    assert forms["CBDKXX", "HTMJ"]["type"] == "Double"
    assert forms["ZJ", "ZT"]["found"] is None
    assert forms["ZJ", "ZT"]["constraint"] == "M"


def test_unit_codes_come_from_their_table_and_from_a_column(reading):
    assert reading.layer("unit_code").frame["unit_code"].tolist() == [
        "441781001002JD00001W00000000",
        "441781001002JD00002W00000000",
    ]
    parcels = reading.layer("parcel").frame.assign(unit_code=[None, "x", "y", None])
    bridge = linked({"parcel": parcels, "unit_code": reading.layer("unit_code").frame})["unit_code"]
    assert bridge[["code", "unit_code"]].to_numpy().tolist()[2:] == [[CODES[2], "y"]]


def test_what_cannot_be_read_of_a_package_does_not_stop_the_rest(tmp_path):
    files = tree()
    files["矢量数据/KZD4417812016.dbf"] = b"broken"
    del files["矢量数据/JZX4417812016.shx"]
    found = read(write_zip(tmp_path / "a.zip", files=files))
    assert {one.layer: one.read for one in found.layers} == {
        name: rows for name, rows in ROWS.items() if name not in ("control_point", "boundary_line")
    }
    assert [said["zh"].split("”")[0] for said in found.notes if said["code"] == "layer_unread"] == [
        "“JZX4417812016",
        "“KZD4417812016",
    ]


def test_without_its_parcels_a_package_is_refused(tmp_path):
    files = tree()
    files["矢量数据/DK4417812016-2.dbf"] = b"broken"
    with pytest.raises(IntakeError) as refused:
        read(write_zip(tmp_path / "a.zip", files=files))
    assert refused.value.code == "magic"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("矢量数据/DK.shp", True), ("441781阳春市\\权属数据\\a.xls", True), ("x/4417812016.MDB", True), ("DK.shp", False)],
)
def test_a_package_is_known_by_its_folders(name, is_one):
    assert package.is_package([name]) is is_one


def test_the_limits_of_a_package_are_its_own(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    many = {f"矢量数据/DK{suffix}": content for suffix, content in layer().items()}
    many |= {f"图件/a/b/c/d/{n}.pdf": b"%PDF" for n in range(70)}
    unpacked = unpack(write_zip(tmp_path / "a.zip", files=many), folder)
    assert (len(unpacked.files), len(unpacked.members)) == (74, 4)
    assert len(list(folder.iterdir())) == 4
    with pytest.raises(IntakeError) as refused:
        unpack(tmp_path / "a.zip", folder, Limits(entries=73, depth=6, listed=True))
    assert refused.value.code == "zip_entries"


def test_the_same_tree_packs_to_the_same_bytes(tmp_path):
    folder = write_folder(tmp_path)
    package.pack(folder, tmp_path / "a.zip")
    for path in sorted(folder.rglob("*"), reverse=True):
        path.touch()
    package.pack(folder, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len(archive.namelist()) == len(tree())
