"""The dictionary at the border; expected values from NY/T 2539, annexes A and B."""

import pytest

from geo import fields
from geo.model import SHAPED, TABLES

DK = [
    "BSM",
    "YSDM",
    "DKBM",
    "DKMC",
    "SYQXZ",
    "DKLB",
    "TDLYLX",
    "DLDJ",
    "TDYT",
    "SFJBNT",
    "SCMJ",
    "DKDZ",
    "DKXZ",
    "DKNZ",
    "DKBZ",
    "DKBZXX",
    "ZJRXM",
    "KJZB",
    "SCMJM",
    "YDKBM",
]


def test_every_table_of_the_standard_is_there():
    spatial = [
        "DK",
        "JZD",
        "JZX",
        "JBNTBHQ",
        "KZD",
        "XJXZQ",
        "XJQY",
        "CJQY",
        "ZJQY",
        "QYJX",
        "DZDW",
        "XZDW",
        "MZDW",
        "ZJ",
        "SGSJ",
    ]
    attribute = [
        "FBF",
        "CBF",
        "CBF_JTCY",
        "CBDKXX",
        "CBHT",
        "LZHT",
        "QSLYZLFJ",
        "CBJYQZDJB",
        "CBJYQZ",
        "CBJYQZ_QZBF",
        "CBJYQZ_QZHF",
        "CBJYQZ_QZZX",
    ]
    known = {field.table for field in fields.dictionary()}
    assert known >= {*spatial, *attribute, "LYD", "LZDK", "JZW", "PZFW", "DLTB", "YJJBNTTB", "JCTB"}


@pytest.mark.parametrize("layer", [*SHAPED, *TABLES])
def test_every_layer_and_table_of_ours_has_fields_and_a_table(layer):
    assert fields.fields(layer)
    assert fields.table_of(layer)


@pytest.mark.parametrize(
    ("table", "count"),
    [
        ("CBDKXX", 12),
        ("FBF", 11),
        ("CBF", 16),
        ("CBF_JTCY", 9),
        ("CBHT", 13),
        ("CBJYQZDJB", 13),
        ("CBJYQZ", 8),
        ("QSLYZLFJ", 5),
    ],
)
def test_tables_have_as_many_fields_as_the_standard(table, count):
    assert len([field for field in fields.dictionary() if field.table == table and not field.ours]) == count


def test_parcel_fields_as_the_standard_has_them():
    assert [f.standard for f in fields.dictionary() if f.table == "DK"][: len(DK)] == DK
    by_name = {field.name: field for field in fields.fields("parcel")}
    code, area = by_name["code"], by_name["surveyed_m2"]
    assert (code.standard, code.type, code.length, code.constraint) == ("DKBM", "char", 19, "M")
    assert (area.type, area.length, area.decimals) == ("float", 15, 2)
    assert by_name["category"].code_list == "DKLB"
    assert by_name["predecessors"].ours


def test_names_are_unique_within_a_layer_and_every_code_list_exists():
    from geo.codes import code_list

    for layer in fields.layers():
        names = [field.name for field in fields.fields(layer.layer)]
        assert len(names) == len(set(names))
    for field in fields.dictionary():
        if field.code_list:
            assert code_list(field.code_list)


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("DK4417812016.shp", "parcel"),
        ("DK4417812016-1.shp", "parcel"),
        ("DK.shp", "parcel"),
        ("dk4417812016.SHP", "parcel"),
        ("矢量数据/DK4417812016.shp", "parcel"),
        ("CBF.dbf", "contractor"),
        ("CBF_JTCY.dbf", "member"),
        ("CBJYQZ_QZZX.dbf", "certificate_cancelled"),
        ("LZDK.dbf", "transfer_parcel"),
        ("DLTB4417812023.shp", "landcover"),
        ("DLTB_BEFORE.shp", "landcover_before"),
        ("DLTB_BEFORE4417812019.shp", "landcover_before"),
        ("YJJBNTTB.gpkg", "basic_farmland"),
        ("JBNTBHQ4417812016.shp", "basic_farmland"),
        ("CJQY4417812016.shp", "boundary"),
        ("LYD.shp", "reserved"),
        ("parcel.gpkg", "parcel"),
        ("brp_fields.shp", None),
        ("poly.shp", None),
    ],
)
def test_files_say_their_layer_by_name(name, layer):
    assert fields.layer_of_file(name) == layer


def test_unknown_layers_are_refused():
    assert fields.layer_of_table("NOSUCH") is None
    assert fields.layer_of_table("dk") == "parcel"
    with pytest.raises(fields.UnknownLayer):
        fields.fields("nosuch")
    with pytest.raises(fields.UnknownLayer):
        fields.table_of("nosuch")


def test_columns_match_in_any_case_and_the_rest_is_ignored():
    matching = fields.match_columns("parcel", ["objectid", "dkbm", "DkMc", "SHAPE_Area"])
    assert matching.columns == {"code": "dkbm", "name": "DkMc"}
    assert matching.ignored == ["objectid", "SHAPE_Area"]
    assert "surveyed_m2" in [field.name for field in matching.missing]
    assert "land_use" not in [field.name for field in matching.missing]


def test_foreign_columns_are_mapped_by_hand():
    matching = fields.match_columns("parcel", ["category", "gewas", "id"], {"DKBM": "id", "dkmc": "gewas"})
    assert matching.columns == {"code": "id", "name": "gewas"}
    assert matching.ignored == ["category"]
    assert matching.unknown_overrides == []


def test_a_column_given_by_hand_is_not_given_twice():
    matching = fields.match_columns("parcel", ["DKBM", "DKMC"], {"DKBM": "DKMC"})
    assert matching.columns == {"code": "DKMC"}
    assert matching.ignored == ["DKBM"]


def test_overrides_that_fit_nothing_are_told():
    matching = fields.match_columns("parcel", ["DKBM"], {"NOSUCH": "DKBM", "DKMC": "absent"})
    assert matching.columns == {"code": "DKBM"}
    assert matching.unknown_overrides == ["NOSUCH=DKBM", "DKMC=absent"]


@pytest.mark.parametrize("column", ["YDKBM", "YCBDKBM", "QQDKBM"])
def test_other_names_of_a_field_are_known(column):
    assert fields.match_columns("parcel", [column]).columns == {"predecessors": column}


def test_two_editions_feed_one_layer():
    assert fields.match_columns("basic_farmland", ["BHQBH", "JBNTMJ"]).columns == {
        "name": "BHQBH",
        "declared_m2": "JBNTMJ",
    }
    assert fields.match_columns("basic_farmland", ["YJJBNTTBBH"]).columns == {"name": "YJJBNTTBBH"}
    assert fields.match_columns("boundary", ["CJQYDM", "CJQYMC"]).columns == {"code": "CJQYDM", "name": "CJQYMC"}


def test_the_exact_case_wins_where_both_are_there():
    assert fields.match_columns("parcel", ["dkbm", "DKBM"]).columns == {"code": "DKBM"}


def test_the_register_has_the_columns_of_parcels():
    assert [f.name for f in fields.fields("register")] == [f.name for f in fields.fields("parcel")]
    assert fields.table_of("register") == "DK"
    assert fields.table_of("landcover_before") == "DLTB_BEFORE"
