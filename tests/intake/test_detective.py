"""What a person is shown before anything is stored: decisions with their evidence, rows, outlines and other choices."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.fields import fields
from geo.intake import IntakeError, maps, read, read_confined, units
from geo.intake.decided import all_sure
from geo.intake.discretion import printable
from tests.intake.build import DK, dbf, delivery, layer, parcels

TRAPS = Path(__file__).parents[1] / "data" / "crs_traps"
NAMES = ("layer", "encoding", "crs", "columns", "units")


def seen(path, **asked):
    """The preview of a file of one layer, whether it was read or refused, and the code of the refusal."""
    try:
        (found,) = read(path, **asked).layers
        return found.preview, None
    except IntakeError as refused:
        (preview,) = refused.previews
        return preview, refused.code


def decisions(preview):
    return {made["name"]: made for made in preview["decisions"]}


def offered(preview, name):
    return [other["value"] for other in decisions(preview)[name]["alternatives"]]


@pytest.mark.parametrize(
    ("trap", "code", "mends"),
    [
        ("zone37_prefixed_ok", None, []),
        ("gbk_dbf_no_cpg", None, []),
        ("gbk_dbf_cpg_lies_utf8", None, []),
        ("cm111_no_prefix_no_prj", "no_crs", ["EPSG:4546"]),
        ("zone37_prefixed_but_prj_cm111", "crs_prefix", ["EPSG:4525"]),
        ("lonlat_labelled_as_metres_zone37", "crs_units", ["EPSG:4490"]),
        ("wrong_zone_cm114_prj_says_cm111", "crs_zone", ["EPSG:4547"]),
        ("axis_swapped_xy", "crs_axes", []),  # swapping is nobody's to do but the surveyor's
    ],
)
def test_every_trap_shows_its_evidence_and_what_would_mend_it(trap, code, mends):
    preview, refused = seen(TRAPS / f"{trap}.shp", layer="parcel")
    assert refused == code
    assert len(preview["sample"]["rows"]) == 5
    assert preview["sample"]["rows"][0][preview["sample"]["columns"].index("DKMC")] == "水库边"
    assert all(made["evidence"] for made in preview["decisions"])
    assert offered(preview, "crs") == mends
    assert decisions(preview)["crs"]["sure"] == (code is None)
    assert (preview["outlines"] is None) == (trap == "axis_swapped_xy")
    for epsg in mends:
        mended, refused = seen(TRAPS / f"{trap}.shp", layer="parcel", crs=int(epsg.removeprefix("EPSG:")))
        assert refused is None
        assert decisions(mended)["crs"]["chosen"] == epsg


def test_a_file_that_lies_about_its_encoding_is_not_sure():
    preview, _ = seen(TRAPS / "gbk_dbf_cpg_lies_utf8.shp", layer="parcel")
    made = decisions(preview)["encoding"]
    assert (made["chosen"], made["sure"]) == ("GB18030", False)
    assert not all_sure([preview])
    assert all_sure([seen(TRAPS / "zone37_prefixed_ok.shp", layer="parcel")[0]])


def test_outlines_lie_where_the_shapes_lie():
    preview, _ = seen(TRAPS / "zone37_prefixed_ok.shp", layer="parcel")
    drawn = gpd.GeoDataFrame.from_features(preview["outlines"]["features"], crs=4490)
    true = gpd.read_file(TRAPS / "zone37_prefixed_ok.shp").to_crs(4490)
    assert shapely.hausdorff_distance(drawn.geometry.to_numpy(), true.geometry.to_numpy()).max() < 1e-5


def text_layer(tmp_path, names, encoding, **asked):
    names = [name if isinstance(name, bytes) else name.encode(encoding) for name in names]
    parts = layer(len(names)) | {".dbf": dbf(DK, parcels(len(names), DKMC=names), encoding)}
    return seen(delivery(tmp_path / "a.zip", DK=parts), **asked)


@pytest.mark.parametrize(
    ("names", "encoding", "places", "chosen", "sure"),
    [
        (("水库边", "田埂"), "gbk", (), "GB18030", True),  # words of the trade
        (("磨刀坑", "石仔"), "gbk", (), "GB18030", True),  # nothing else decodes
        (("一", "一"), "gbk", (), "GB18030", False),  # one short word is UTF-8 as well, and no known one
        (("圭岗",) * 2, "utf-8", ("圭岗",), "UTF-8", True),  # a place of the county
        (("農田邊", "魚塘", "陽江"), "big5", (), "Big5", False),  # by everyday characters; a person should look
    ],
)
def test_known_words_decide_between_encodings_that_all_decode(tmp_path, names, encoding, places, chosen, sure):
    preview, refused = text_layer(tmp_path, names, encoding, places=places)
    made = decisions(preview)["encoding"]
    assert (refused, made["chosen"], made["sure"]) == (None, chosen, sure)
    at = preview["sample"]["columns"].index("DKMC")
    assert [row[at] for row in preview["sample"]["rows"]] == list(names)
    for other in made["alternatives"]:
        shown = [printable(name.encode(encoding).decode(other["value"], "replace")) for name in names]
        assert [row[at] for row in other["rows"]] == shown


def test_text_that_was_spoilt_before_it_came_is_told_with_what_it_was(tmp_path):
    spoilt = tuple(name.encode("utf-8").decode("gb18030") for name in ("水库田边", "村前鱼塘"))
    preview, _ = text_layer(tmp_path, spoilt, "utf-8")
    made = decisions(preview)["encoding"]
    assert not made["sure"]
    assert "水库田边" in made["evidence"][-1]["zh"]


def test_text_that_decodes_in_nothing_shows_its_rows(tmp_path):
    preview, refused = text_layer(tmp_path, ["水库", b"a\xffb\xff\xff"], "gbk")
    assert refused == "encoding"
    assert preview["layer"] == "parcel"
    assert decisions(preview)["encoding"]["chosen"] is None
    assert offered(preview, "encoding") == ["ISO-8859-1"]


def fields_of_70_by_50(tmp_path, **columns):
    frame = gpd.GeoDataFrame(
        columns,
        geometry=[shapely.box(601_300 + 80 * n, 2_417_500, 601_370 + 80 * n, 2_417_550) for n in range(6)],
        crs=4546,
    )
    frame.to_file(tmp_path / "DK.gpkg", layer="DK")
    return tmp_path / "DK.gpkg"


CODES = [f"4417811132010100{n:03d}" for n in range(6)]


def drawn(tmp_path, area, **asked):
    (found,) = read(fields_of_70_by_50(tmp_path, DKBM=CODES, SCMJ=area), **asked).layers
    return found, decisions(found.preview)["units"]


@pytest.mark.parametrize(
    ("area", "unit", "kept"),
    [  # each parcel measures 70 m x 50 m = 3,500 m² = 5.25 亩 = 0.35 ha
        (3500.0, "m2", 3500.0),
        (5.25, "mu", 3500.0),
        (0.35, "ha", 3500.0),
        ([3500.0, 3300.0, 3700.0, 3500.0, 3500.0, 3500.0], "m2", 3500.0),
        ([5.25, 5.25, 5.2, 5.3, 5.25, None], "mu", 3500.0),
    ],
)
def test_the_unit_of_an_area_is_told_by_the_shapes(tmp_path, area, unit, kept):
    found, made = drawn(tmp_path, area)
    assert made["chosen"] == {"SCMJ": unit}
    assert made["sure"] == (unit == "m2")
    assert found.frame["surveyed_m2"].iloc[0] == pytest.approx(kept)
    assert [said for said in found.notes if said["code"] == "units_converted"] == [] or unit != "m2"
    said, made = drawn(tmp_path, area, units={"SCMJ": unit})
    assert made["sure"]
    assert said.frame["surveyed_m2"].iloc[0] == pytest.approx(kept)


def test_areas_in_no_unit_stay_as_they_came_and_are_not_sure(tmp_path):
    found, made = drawn(tmp_path, [3500.0, 5.25, 0.35, 17.0, 1.0, 9e9])
    assert (made["chosen"], made["sure"]) == ({"SCMJ": "m2"}, False)
    assert found.frame["surveyed_m2"].tolist() == [3500.0, 5.25, 0.35, 17.0, 1.0, 9e9]
    assert {"SCMJ": "mu"} in [other["value"] for other in made["alternatives"]]


def test_an_area_that_is_not_that_of_the_shape_is_not_compared_with_it(tmp_path):
    shapes = [shapely.box(601_300 + 80 * n, 2_417_500, 601_370 + 80 * n, 2_417_550) for n in range(4)]
    (code,) = [known.standard for known in fields("reserved") if known.name == "code"]
    owed = {code: [f"44178111320101L{n:04d}" for n in range(4)], "HDMJ": [35_000.0, 20.0, 350.0, 9.0]}
    gpd.GeoDataFrame(owed, geometry=shapes, crs=4546).to_file(tmp_path / "LYD.gpkg", layer="LYD")
    (found,) = read(tmp_path / "LYD.gpkg").layers
    made = decisions(found.preview)["units"]
    assert (made["chosen"], made["sure"]) == ({"HDMJ": "m2"}, True)


def test_a_column_called_acreage_in_hectares_is_guessed_mapped_and_converted(tmp_path):
    path = fields_of_70_by_50(tmp_path, parcel_id=CODES, acreage=[0.35] * 6)
    preview, refused = seen(path)
    assert refused == "column_missing"
    guessed = {}
    for other in decisions(preview)["columns"]["alternatives"]:
        guessed |= other["value"]
    assert guessed == {"DKBM": "parcel_id", "SCMJ": "acreage"}
    (found,) = read(path, columns=guessed).layers
    assert found.frame["surveyed_m2"].tolist() == pytest.approx([3500.0] * 6)
    assert decisions(found.preview)["units"]["chosen"] == {"SCMJ": "ha"}


@pytest.mark.parametrize(
    ("m2", "mu", "chosen", "sure"),
    [
        ("666.67", "1.00", {"HTMJ": "m2", "HTMJM": "mu"}, True),
        ("1.00", "666.67", {"HTMJ": "mu", "HTMJM": "m2"}, False),  # the two columns exchanged
        ("0.0667", "1.00", {"HTMJ": "ha", "HTMJM": "mu"}, False),
        ("1.00", "1.00", {"HTMJ": "m2", "HTMJM": "mu"}, False),  # one unit in both: nobody can tell which
    ],
)
def test_areas_without_shapes_are_told_by_their_partner_column(tmp_path, m2, mu, chosen, sure):
    fields = {"DKBM": ("C", 19), "CBFBM": ("C", 18), "HTMJ": ("N", 16), "HTMJM": ("N", 16)}
    rows = [
        {"DKBM": f"4417811132010100{n:03d}", "CBFBM": "441781113201010001", "HTMJ": m2, "HTMJM": mu} for n in range(4)
    ]
    (found,) = read(delivery(tmp_path / "a.zip", CBDKXX={".dbf": dbf(fields, rows)})).layers
    made = decisions(found.preview)["units"]
    assert (made["chosen"], made["sure"]) == (chosen, sure)


def test_a_layer_that_nobody_named_is_offered_by_its_columns(tmp_path):
    preview, refused = seen(delivery(tmp_path / "a.zip", 第三批=layer()))
    assert refused == "layer_unknown"
    assert offered(preview, "layer")[0] == "parcel"
    assert preview["outlines"]["features"]
    assert seen(tmp_path / "a.zip", layer="parcel")[1] is None


def test_people_are_masked_in_what_is_shown(tmp_path):
    fields = {"CBFBM": ("C", 18), "CBFMC": ("C", 50), "CBFZJHM": ("C", 20)}
    row = {"CBFBM": "441781113201010001", "CBFMC": "陈小明", "CBFZJHM": "44172118870101001X"}
    (found,) = read(delivery(tmp_path / "a.zip", CBF={".dbf": dbf(fields, [row])})).layers
    ((code, name, number),) = found.preview["sample"]["rows"]
    assert (code, name) == ("441781113201010001", "陈*明")
    assert set(number[1:-1]) == {"*"}


def test_control_marks_in_text_do_not_reach_what_is_kept(tmp_path):
    names = [b"\xcb\xae\0\xbf\xe2\x01", b"\xcb\xae\x1b[31m"]
    preview, _ = text_layer(tmp_path, names, "gbk")
    at = preview["sample"]["columns"].index("DKMC")
    assert [row[at] for row in preview["sample"]["rows"]] == ["水\ufffd库\ufffd", "水\ufffd[31m"]
    assert "\\u0000" not in json.dumps(preview)


def test_previews_travel_from_the_child_whole():
    for trap in ("zone37_prefixed_ok", "cm111_no_prefix_no_prj"):
        path = TRAPS / f"{trap}.shp"
        try:
            previews = [found.preview for found in read_confined(path, layer="parcel").layers]
        except IntakeError as refused:
            previews = refused.previews
        assert json.loads(json.dumps(previews)) == [seen(path, layer="parcel")[0]]


def test_an_unreadable_prj_gives_way_to_a_person(tmp_path):
    parts = layer() | {".prj": b"+proj=longlat"}
    path = delivery(tmp_path / "a.zip", DK=parts)
    preview, refused = seen(path)
    assert (refused, offered(preview, "crs")) == ("bad_prj", ["EPSG:4525"])
    assert seen(path, crs=4525)[1] is None


def test_a_map_is_a_small_file_that_comes_back():
    made = maps.ColumnMap("某测绘公司", "parcel", {"DKBM": "parcel_id"}, {"SCMJ": "ha"}, "GBK", 4546)
    assert maps.parsed(maps.written(made)) == made
    assert made.asked()["units"] == {"SCMJ": "ha"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "name: x",
        "{name: x, layer: nothing, columns: {}}",
        "a: &a [*a]",
        "{name: x, layer: parcel, columns: {DKBM: 7}}",
        "{name: x, layer: parcel, columns: {DKBM: a}, units: {SCMJ: acre}}",
        "{name: x, layer: parcel, columns: {DKBM: a}, crs: true}",
        "!!python/object/apply:os.system ['true']",
        "x" * 70_000,
    ],
)
def test_what_is_no_map_is_refused(text):
    with pytest.raises(maps.BadMap):
        maps.parsed(text)


def test_every_unit_is_the_size_the_law_gives_it():
    assert units.PER_M2["mu"] * 2000 / 3 == pytest.approx(1)
    assert units.PER_M2["ha"] * 10_000 == 1
