"""Decisions are made before anything is stored: shown with what would mend a file, made anew, kept as maps."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from geo.fields import fields
from geo.intake import maps
from geo.intake.displaced import gcj02

TRAPS = Path(__file__).parents[1] / "data" / "crs_traps"
CODES = [f"4417811132010100{n:03d}" for n in range(6)]


def trap(tmp_path, name):
    path = tmp_path / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in TRAPS.glob(f"{name}.*"):
            archive.write(part, f"DK4417212026{part.suffix}")
    return path


def foreign(tmp_path, **columns):
    """Six fields of 70 m by 50 m under columns of somebody's own."""
    shapes = [shapely.box(601_300 + 80 * n, 2_417_500, 601_370 + 80 * n, 2_417_550) for n in range(6)]
    path = tmp_path / "DK.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4546).to_file(path, layer="DK")
    return path


def reread(house, client, report, **given):
    answer = client.post(f"/api/v1/uploads/{report['id']}/reread", json=given)
    assert answer.status_code == 202, answer.text
    house.work()
    return client.get(f"/api/v1{answer.json()['url']}").json()


def decided(told, name):
    return next(made for made in told["decisions"] if made["name"] == name)


def kept(house, column):
    with house.office.begin() as session:
        return session.scalars(text(f"SELECT {column} FROM parcel ORDER BY code")).all()  # noqa: S608


def test_a_refused_file_shows_what_would_mend_it_and_is_read_again_with_that(house, tmp_path):
    surveyor = house.signed_in("surveyor")
    refused = house.deliver(surveyor, trap(tmp_path, "cm111_no_prefix_no_prj"), accept="ask")
    (preview,) = refused["previews"]
    assert (refused["state"], refused["error"]["code"], refused["layers"]) == ("refused", "no_crs", [])
    assert len(preview["sample"]["rows"]) == 5
    assert len(preview["outlines"]["features"]) == 12
    (mend,) = decided(preview, "crs")["alternatives"]
    mended = reread(house, surveyor, refused, crs=mend["value"])
    assert mended["id"] != refused["id"]
    assert (mended["sha256"], mended["decisions"]["crs"]) == (refused["sha256"], 4546)
    assert mended["state"] == "awaiting_acceptance", "a person looks before anything is stored"
    assert kept(house, "code") == []
    again = reread(house, surveyor, mended, crs="EPSG:4546")
    assert again["id"] == mended["id"], "decisions that change nothing lead back"
    other = reread(house, surveyor, mended, encoding="GBK")
    assert surveyor.get(f"/api/v1/uploads/{mended['id']}").json()["state"] == "withdrawn"
    assert (other["decisions"]["crs"], other["decisions"]["encoding"]) == (4546, "GBK")
    surveyor.post(f"/api/v1/uploads/{other['id']}/accept", json={"accept": "valid_rows"})
    house.work()
    assert len(kept(house, "code")) == 12
    late = surveyor.post(f"/api/v1/uploads/{other['id']}/reread", json={"crs": "4546"})
    assert late.status_code == 409
    acres = house.hand_in(surveyor, tmp_path / "cm111_no_prefix_no_prj.zip", units='{"SCMJ": "acre"}')
    assert (acres.status_code, acres.json()["code"]) == (422, "units")
    foreign_to_it = surveyor.post(f"/api/v1/uploads/{mended['id']}/reread", json={"crs": "somewhere"})
    assert (foreign_to_it.status_code, foreign_to_it.json()["code"]) == (422, "crs")


def test_what_is_not_sure_waits_and_a_saved_map_is_offered_to_the_next_file(house, tmp_path):
    surveyor = house.signed_in("surveyor")
    refused = house.deliver(surveyor, foreign(tmp_path, parcel_id=CODES, acreage=[0.35] * 6))
    (preview,) = refused["previews"]
    guessed = {}
    for other in decided(preview, "columns")["alternatives"]:
        guessed |= other["value"]
    assert guessed == {"DKBM": "parcel_id", "SCMJ": "acreage"}
    made = {"name": "某测绘公司", "layer": "parcel", "columns": guessed, "units": {"SCMJ": "ha"}, "encoding": None}
    saved = surveyor.post("/api/v1/column-maps", json=made).json()
    assert maps.parsed(surveyor.get(saved["file"]).text) == maps.ColumnMap(
        "某测绘公司", "parcel", guessed, made["units"]
    )
    fitting = surveyor.get("/api/v1/column-maps", params={"upload": refused["id"]}).json()["items"]
    assert [each["id"] for each in fitting] == [saved["id"]]
    mended = reread(house, surveyor, refused, columns=guessed)
    units = decided(mended["layers"][0], "units")
    assert (units["chosen"], units["sure"]) == ({"SCMJ": "ha"}, False)
    assert surveyor.get("/api/v1/column-maps", params={"upload": mended["id"]}).json()["items"] == []
    sure = reread(house, surveyor, mended, units={"SCMJ": "ha"})
    assert all(each["sure"] for each in sure["layers"][0]["decisions"])
    surveyor.post(f"/api/v1/uploads/{sure['id']}/accept", json={"accept": "valid_rows"})
    house.work()
    assert kept(house, "surveyed_m2") == pytest.approx([3500.0] * 6)  # 0.35 ha
    elsewhere = house.signed_in("surveyor", "441702")
    assert elsewhere.get("/api/v1/column-maps").json()["items"] != []
    assert house.signed_in("surveyor", "3301").get("/api/v1/column-maps").json()["items"] == []


def test_a_clean_file_of_which_all_is_sure_is_stored_at_once_and_a_shifted_one_is_not(house, tmp_path):
    surveyor = house.signed_in("surveyor")
    first = house.deliver(surveyor, foreign(tmp_path, DKBM=CODES, SCMJ=[3500.0] * 6))
    assert first["state"] == "done", first
    frame = gpd.read_file(tmp_path / "DK.gpkg")
    frame["geometry"] = frame.translate(300, -400)
    frame.to_file(tmp_path / "aside.gpkg", layer="DK")
    aside = house.deliver(surveyor, tmp_path / "aside.gpkg")
    assert aside["state"] == "awaiting_acceptance"
    made = decided(aside["layers"][0], "crs")
    assert not made["sure"]
    assert "500 m" in made["evidence"][-1]["en"]


def test_a_first_survey_out_of_a_web_map_is_held_against_the_bounds_in_the_books(house, tmp_path):
    surveyor = house.signed_in("surveyor")
    (standard,) = [known.standard for known in fields("boundary") if known.name == "code"]
    village = {standard: ["441781113201"], "CJQYMC": ["平地村"]}
    bound = gpd.GeoDataFrame(village, geometry=[shapely.box(601_200, 2_417_400, 602_400, 2_417_650)], crs=4546)
    bound.to_file(tmp_path / "CJQY.gpkg", layer="CJQY")
    assert house.deliver(surveyor, tmp_path / "CJQY.gpkg", accept="valid_rows")["state"] == "done"
    shapes = [shapely.box(601_300 + 80 * n, 2_417_500, 601_370 + 80 * n, 2_417_550) for n in range(12)]
    true = gpd.GeoDataFrame({"DKBM": [f"4417811132010100{n:03d}" for n in range(12)]}, geometry=shapes, crs=4546)
    web = true.to_crs(4490)
    web["geometry"] = shapely.transform(web.geometry.to_numpy(), gcj02)
    web.to_file(tmp_path / "DK.gpkg", layer="DK")
    told = house.deliver(surveyor, tmp_path / "DK.gpkg")
    made = decided(told["layers"][0], "crs")
    assert (told["state"], made["sure"]) == ("awaiting_acceptance", False)
    assert "GCJ-02" in made["evidence"][-1]["zh"]
