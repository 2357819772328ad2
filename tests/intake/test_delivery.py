"""What a file holds: deliveries of many layers and tables, GeoPackages, GeoJSON, lone tables, and their names."""

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geo.intake import IntakeError, read
from tests.intake.build import CODE, ORIGIN, dbf, delivery, layer, parcels, shp, square, zipped

FBF = dbf({"FBFBM": ("C", 14), "FBFMC": ("C", 50)}, [{"FBFBM": "44178111320101", "FBFMC": "第一组"}])


def refusal(path, **asked) -> str:
    with pytest.raises(IntakeError) as refused:
        read(path, **asked)
    return refused.value.code


def test_a_delivery_of_layers_and_tables(tmp_path):
    path = delivery(
        tmp_path / "a.zip", DK4417812026=layer(3), LYD=layer(2, dbf=LYD), FBF={".dbf": FBF}, 说明={".dbf": FBF}
    )
    reading = read(path)
    assert [(found.layer, found.source, found.read) for found in reading.layers] == [
        ("parcel", "DK4417812026", 3),
        ("reserved", "LYD", 2),
        ("issuer", "FBF", 1),
    ]
    assert reading.layers[2].frame["name"][0] == "第一组"
    (said,) = reading.notes
    assert said["code"] == "ignored_layers"
    assert "说明" in said["zh"]


LYD = dbf({"LYDBH": ("C", 19), "HDMJ": ("N", 16)}, [{"LYDBH": f"44178111320101L000{n}", "HDMJ": "1"} for n in (1, 2)])


def test_one_layer_may_be_chosen_or_come_with_the_rest(tmp_path):
    path = delivery(tmp_path / "a.zip", DK=layer(3), LYD=layer(2, dbf=LYD), FBF={".dbf": FBF})
    assert [found.layer for found in read(path, layer="reserved").layers] == ["reserved"]
    assert [found.layer for found in read(path, layer="reserved", rest=True).layers] == ["parcel", "reserved", "issuer"]
    assert [found.layer for found in read(f"{path}:DK").layers] == ["parcel"]
    assert refusal(path, layer="building") == "ambiguous_layer"
    assert refusal(f"{path}:XX") == "layer_not_found"


def test_two_candidates_for_a_layer(tmp_path):
    path = delivery(tmp_path / "a.zip", DK4417812025=layer(3), DK4417812026=layer(3))
    assert refusal(path) == "ambiguous_layer"
    assert read(f"{path}:DK4417812026").layers[0].read == 3


def test_two_layers_of_foreign_names(tmp_path):
    path = delivery(tmp_path / "a.zip", 承包地=layer(3), 留用地=layer(3))
    assert refusal(path, layer="parcel") == "ambiguous_layer"
    assert read(f"{path}:承包地", layer="parcel").layers[0].read == 3


def test_a_lone_layer_of_a_foreign_name_must_be_named(tmp_path):
    path = delivery(tmp_path / "a.zip", 地块=layer(3))
    assert refusal(path) == "layer_unknown"
    assert read(path, layer="parcel").layers[0].read == 3
    assert read(path, fallback="parcel").layers[0].layer == "parcel"


def test_an_empty_layer_among_others_is_borne(tmp_path):
    path = delivery(tmp_path / "a.zip", DK=layer(3), LYD=layer(0, dbf=dbf({"LYDBH": ("C", 19)}, [])))
    found = read(path).layer("reserved")
    assert (found.read, len(found.frame)) == (0, 0)
    assert [said["code"] for said in found.notes if said["code"] == "empty_source"]


def test_a_layer_that_came_as_a_lone_table_lacks_its_shapes(tmp_path):
    assert refusal(delivery(tmp_path / "a.zip", DK={".dbf": layer(3)[".dbf"]})) == "missing_part"


def test_parts_in_other_case_belong_together(tmp_path):
    parts = layer(3)
    path = zipped(
        tmp_path / "a.zip", {f"{'DK' if at % 2 else 'dk'}{s.upper()}": c for at, (s, c) in enumerate(parts.items())}
    )
    assert read(path).layers[0].read == 3


def test_a_geopackage(tmp_path):
    shapes = [shapely.Polygon(square(at)[0]) for at in range(3)]
    frame = gpd.GeoDataFrame(
        {"DKBM": [CODE.format(n) for n in range(3)], "SCMJ": [100.0] * 3}, geometry=shapes, crs=4525
    )
    path = tmp_path / "delivery.gpkg"
    frame.to_file(path, layer="DK")
    frame.iloc[:1].rename(columns={"DKBM": "LYDBH"}).assign(LYDBH="44178111320101L0001").to_file(path, layer="LYD")
    reading = read(path)
    assert [(found.layer, found.read) for found in reading.layers] == [("parcel", 3), ("reserved", 1)]
    assert reading.layers[0].frame.area.round(6).tolist() == [100.0] * 3
    assert [found.layer for found in read(f"{path}:LYD").layers] == ["reserved"]
    assert refusal(f"{path}:XX") == "layer_not_found"


def test_heights_null_shapes_and_points_in_a_geopackage(tmp_path):
    x, y = ORIGIN
    shapes = [
        shapely.Polygon([(x, y, 5), (x, y + 1, 5), (x + 1, y, 5)]),
        None,
        shapely.Point(x, y),
        shapely.MultiPolygon([shapely.box(x, y, x + 1, y + 1), shapely.box(x + 2, y, x + 3, y + 1)]),
        shapely.Polygon(),
    ]
    frame = gpd.GeoDataFrame({"DKBM": [CODE.format(n) for n in range(5)]}, geometry=shapes, crs=4525)
    path = tmp_path / "dk.gpkg"
    pyogrio.write_dataframe(frame, path, layer="dk", geometry_type="Unknown")
    (found,) = read(path).layers
    assert {row.row: row.code for row in found.rejected} == {1: "null_geometry", 2: "not_polygon", 4: "empty_geometry"}
    assert found.read == 5
    assert not found.frame.has_z.any()
    assert "z_dropped" in [said["code"] for said in found.notes]


def test_layers_of_points_in_a_geopackage(tmp_path):
    frame = gpd.GeoDataFrame({"DKBM": [CODE.format(1)]}, geometry=[shapely.Point(ORIGIN)], crs=4525)
    frame.to_file(tmp_path / "dk.gpkg", layer="DK")
    assert refusal(tmp_path / "dk.gpkg") == "geom_type"


def test_geojson(tmp_path):
    frame = gpd.GeoDataFrame({"DKBM": [CODE.format(1)]}, geometry=[shapely.box(111.98, 21.84, 111.99, 21.85)], crs=4490)
    path = tmp_path / "DK.geojson"
    frame.to_file(path, driver="GeoJSON")
    (found,) = read(path).layers
    assert (found.layer, found.crs, found.read) == ("parcel", "EPSG:4490", 1)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.gpkg", b"<OGRVRTDataSource/>", "magic"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(84), "inner_broken"),
        ("a.geojson", b"<kml/>", "magic"),
        ("a.geojson", b"PK\x05\x06", "magic"),
        ("a.shp", b"", "missing_part"),
        ("a.tif", b"II*\0", "no_layer"),
        ("a.kml", b"<kml/>", "no_layer"),
    ],
)
def test_content_of_another_kind(tmp_path, name, content, code):
    from geo.intake import read_confined

    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(IntakeError) as refused:
        read_confined(str(path), layer="parcel")
    assert refused.value.code == code


def test_a_file_that_is_not_there(tmp_path):
    assert refusal(tmp_path / "a.zip") == "not_found"


def test_foreign_columns_by_a_map(tmp_path):
    fields = {"ident": ("C", 19), "flaeche": ("N", 16)}
    rows = [{"ident": CODE.format(n), "flaeche": "7"} for n in range(3)]
    path = delivery(tmp_path / "a.zip", DK=layer(3) | {".dbf": dbf(fields, rows)})
    (found,) = read(path, columns={"DKBM": "ident", "SCMJ": "flaeche"}).layers
    assert found.columns == {"code": "ident", "surveyed_m2": "flaeche"}
    assert found.frame["surveyed_m2"].tolist() == [7.0] * 3
    assert refusal(path, columns={"DKBM": "ident", "XX": "flaeche"}) == "column_map"
    assert refusal(path, columns={"DKBM": "ident", "SCMJ": "nowhere"}) == "column_map"


def test_columns_that_are_not_of_the_standard_are_listed(tmp_path):
    fields = {"DKBM": ("C", 19), "WHATEVER": ("C", 3)}
    path = delivery(tmp_path / "a.zip", DK=layer(2) | {".dbf": dbf(fields, parcels(2))})
    (found,) = read(path).layers
    assert found.ignored == ["WHATEVER"]
    (said,) = [said for said in found.notes if said["code"] == "columns_missing"]
    assert "SCMJ" in said["zh"]


def test_shapes_are_not_mixed_up_with_rows(tmp_path):
    shapes = [square(at, size=at + 1) for at in range(4)]
    parts = layer(4) | shp([shapes[0], None, *shapes[2:]])
    (found,) = read(delivery(tmp_path / "a.zip", DK=parts)).layers
    assert dict(zip(found.frame["code"].str[-1], found.frame.area.round(6), strict=True)) == {
        "0": 1.0,
        "2": 9.0,
        "3": 16.0,
    }
