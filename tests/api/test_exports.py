"""Layers, tables and lists to take away: right for each format's own reader, and no more than the person needs."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import text

from api.work import takeaway
from data.store import versions
from tests.api.test_doors import VILLAGE
from tests.data.conftest import delivery

WEST, SOUTH, EAST, NORTH = 111.5, 21.9, 111.7, 22.2


def taken(client, what, **asked):
    answer = client.get(f"/api/v1/exports/{what}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.content


def rows(client, what, **asked):
    return list(csv.DictReader(io.StringIO(taken(client, f"{what}.csv", **asked).decode("utf-8-sig"), newline="")))


@pytest.fixture
def official(town):
    return town.signed_in("official")


def test_every_format_holds_the_parcels_where_they_lie(town, official, tmp_path):
    with town.office.begin() as session:
        kept = dict(session.execute(text("SELECT code, delivered FROM parcel")).all())
    files = {}
    for form in ("gpkg", "geojson", "shp", "dxf"):
        files[form] = tmp_path / f"DK.{'zip' if form == 'shp' else form}"
        files[form].write_bytes(taken(official, f"parcel.{form}"))
    bits = {code: shapely.get_coordinates(shapely.from_wkb(wkb)) for code, wkb in kept.items()}
    for file in (files["gpkg"], f"/vsizip/{files['shp']}/DK.shp"):
        found = pyogrio.read_dataframe(file).set_index("DKBM")
        assert found.crs.to_epsg() == 4525
        assert found.index.sort_values().tolist() == sorted(kept)
        assert all(np.array_equal(shapely.get_coordinates(shape), bits[code]) for code, shape in found.geometry.items())
    degrees = json.loads(files["geojson"].read_text("utf-8"))
    assert len(degrees["features"]) == len(kept)
    assert "crs" not in degrees
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in degrees["features"]])
    assert shapely.box(WEST, SOUTH, EAST, NORTH).contains(shapely.MultiPoint(shapely.centroid(shapes)))
    rings = shapely.get_exterior_ring(shapely.get_geometry(shapes[shapely.is_valid(shapes)], 0))
    assert shapely.is_ccw(rings).all()
    _lie_at(shapes, [kept[one["properties"]["DKBM"]] for one in degrees["features"]])
    drawn = pyogrio.read_dataframe(files["dxf"])
    codes = drawn[drawn["Layer"] == "DK_CODE"]
    assert sorted(codes["Text"]) == sorted(kept)
    outlines = drawn[drawn["Layer"] == "DK"].geometry.to_numpy()
    assert shapely.get_num_coordinates(outlines).sum() == sum(map(len, bits.values()))
    one = codes.set_index("Text").geometry.iloc[0]
    assert shapely.from_wkb(kept[codes["Text"].iloc[0]]).contains(one)


def _lie_at(shapes, delivered):
    """Each vertex in degrees is nearer than a millimetre to one delivered, through PROJ's own way between the two."""
    back = Transformer.from_crs(4490, 4525, always_xy=True)
    for shape, wkb in zip(shapely.transform(shapes, back.transform, interleaved=False), delivered, strict=True):
        points = shapely.points(shapely.get_coordinates(shape))
        assert shapely.distance(points, shapely.MultiPoint(shapely.get_coordinates(shapely.from_wkb(wkb)))).max() < 1e-3


def test_another_system_is_named(official):
    asked = json.loads(taken(official, "parcel.geojson", crs=4546))
    assert asked["crs"]["properties"]["name"].endswith("4546")
    assert 500_000 < asked["features"][0]["geometry"]["coordinates"][0][0][0] < 600_000
    for crs in (4978, 27700):
        assert official.get("/api/v1/exports/parcel.geojson", params={"crs": crs}).status_code == 422


def test_names_are_for_those_who_need_them_and_numbers_for_nobody(town, official):
    with town.office.begin() as session:
        kept = session.execute(text("SELECT code, name, id_number FROM contractor ORDER BY code")).all()
        side = session.scalar(
            text("SELECT bound_east FROM parcel JOIN contractor ON bound_east = contractor.name LIMIT 1")
        )
    for client, plain in ((official, True), (town.signed_in("surveyor"), False)):
        found = rows(client, "contractor")
        assert [row["CBFBM"] for row in found] == [code for code, _, _ in kept]
        for row, (_, name, number) in zip(found, kept, strict=True):
            assert row["CBFMC"] == (name if plain else name[0] + "*" * max(len(name) - 2, 1) + name[2:][-1:])
            assert row["CBFZJHM"] == number[0] + "*" * (len(number) - 2) + number[-1]
        assert (side in {row["DKDZ"] for row in rows(client, "parcel")}) == plain
        numbers = {row["CYZJHM"] for row in rows(client, "CBF_JTCY")}
        assert all("*" in number for number in numbers)


def test_lists_are_what_the_pages_show(town, official):
    asked = {"category": "overlap", "presence": "any"}
    listed = official.get("/api/v1/findings", params={**asked, "limit": 500}).json()
    page = openpyxl.load_workbook(io.BytesIO(taken(official, "findings.xlsx", **asked))).active
    head, *lines = page.iter_rows(values_only=True)
    keys = [line[0] for line in lines]
    assert head[0].strip() == "key"
    assert keys == [one["key"] for one in listed["items"]]
    assert [row["key"] for row in rows(official, "findings", **asked)] == keys
    drawn = zipfile.ZipFile(io.BytesIO(taken(official, "findings.shp", **asked)))
    assert "findings.shp" in drawn.namelist()
    (upload,) = rows(official, "uploads")
    assert (upload["id"], upload["state"]) == (str(town.report["id"]), "done")
    assert int(upload["read"]) == int(upload["stored"]) + int(upload["rejected"])
    assert int(upload["rejected"]) == len(rows(official, "rejected", upload=upload["id"]))
    for row in rows(official, "rejected", upload=upload["id"]):
        assert row["reason_zh"]
        assert row["reason_en"]


def test_a_village_of_a_layer_of_several_tables(official, tmp_path):
    village = "441781113201"
    assert [row["CJQYMC"] for row in rows(official, "boundary", village=village)] == ["旗鼓村"]
    codes = {row["DKBM"][:12] for row in rows(official, "DK", village=village)}
    assert codes == {village}
    path = tmp_path / "x.gpkg"
    path.write_bytes(taken(official, "contract.gpkg", village=village))
    with sqlite3.connect(path) as book:
        assert book.execute("SELECT count(*) FROM CBHT WHERE CBHTBM NOT LIKE ?", (f"{village}%",)).fetchone() == (0,)


REFUSED = {
    "nothing.csv": (404, "not_found"),
    "parcel.exe": (422, "invalid_input"),
    "contractor.geojson": (422, "no_shapes"),
    "rejected.csv": (422, "which_upload"),
    "rejected.csv?upload=999999": (404, "not_found"),
    "parcel.csv?village=44170": (404, "not_found"),
    f"parcel.csv?village={VILLAGE}'": (422, "invalid_input"),
    "parcel.geojson?crs=-1": (422, "invalid_input"),
    "..%2f..%2fetc.csv": (404, "not_found"),
}


def test_what_is_not_there_is_refused_in_words(house):
    official = house.signed_in("official", "441781")
    for path, expected in REFUSED.items():
        answer = official.get(f"/api/v1/exports/{path}")
        assert (answer.status_code, answer.json()["code"]) == expected, path


def test_the_register_is_handed_each_right_with_its_unit(town, official, tmp_path):
    with town.office.begin() as session:
        right = "SELECT parcel_code, contractor_code FROM parcel_right ORDER BY code LIMIT 1"
        parcel, holder = session.execute(text(right)).one()
        unit = {"code": [parcel], "unit_code": [f"{parcel[:12]}JD00021W00000000"], "sharing": ["共同共有"]}
        versions.supersede(session, "unit_code", pd.DataFrame(unit), delivery(session))
        who = text("SELECT name, id_number FROM contractor WHERE code = :code")
        name, number = session.execute(who, {"code": holder}).one()
        rights = session.scalar(text("SELECT count(*) FROM parcel_right"))
    told = rows(official, "registry")
    assert len(told) == rights
    (one,) = [row for row in told if row["DKBM"] == parcel]
    assert (one["BDCDYH"], one["GYQK"], one["QLR"]) == (unit["unit_code"][0], "共同共有", name)
    assert one["ZJH"] != number
    assert not [row for row in told if row["BDCDYH"] and row["DKBM"] != parcel]
    path, _, _ = takeaway.written(town.office, None, takeaway.Asked("registry", "xlsx"), tmp_path)
    head, *lines = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    line = dict(zip(head, next(line for line in lines if line[0] == parcel), strict=True))
    assert line["ZJH 证件号"] == number
    assert line["CBMJ 承包面积(亩)"] == pytest.approx(float(one["CBMJ"]))
    assert [row["BDCDYH"] for row in rows(official, "unit_code")] == unit["unit_code"]
