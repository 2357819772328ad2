"""The whole walk of a delivery on a real database: received, read, stored, judged, corrected."""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile

from sqlalchemy import text


def standing(client, **asked):
    """Every finding of a list as (rule, subject, against), read page by page."""
    found, cursor = set(), None
    while True:
        page = client.get("/api/v1/findings", params={"limit": 20, **asked, **({"cursor": cursor} if cursor else {})})
        assert page.status_code == 200, page.text
        for item in page.json()["items"]:
            sides = [side and f"{side['layer']}:{side['code']}" for side in (item["a"], item["b"])]
            found.add((item["rule"], *(side and side.rstrip(":") for side in sides)))
        cursor = page.json()["next"]
        if cursor is None:
            assert len(found) == page.json()["total"]
            return found


def test_what_was_planted_is_found_and_nothing_else(town, sample):
    truth = sample[1]
    assert town.report["state"] == "done"
    found = standing(town.signed_in("official"))
    assert found == truth.findings(1)
    assert town.report["findings"] == len(found)
    rejected = {(row["layer"], row["row"], row["parcel_code"]) for row in town.report["rejected"]}
    assert {(layer, row) for layer, row, _ in rejected} == {(layer, row) for layer, row, _ in truth.rejected(1)}
    for layer in town.report["layers"]:
        assert layer["read"] == layer["stored"] + layer["rejected"]


def test_the_same_file_again_is_the_same_import(town, sample):
    surveyor = town.signed_in("surveyor")
    before = standing(surveyor)
    answer = town.hand_in(surveyor, sample[0] / "township.zip", accept="valid_rows")
    assert answer.status_code == 202
    assert answer.json()["id"] == town.report["id"]
    town.work()
    assert standing(surveyor) == before


def test_a_correction_brings_what_it_must_and_mends_what_it_must(town, sample):
    folder, truth = sample
    surveyor = town.signed_in("surveyor")
    report = town.deliver(surveyor, folder / "correction.zip", accept="valid_rows")
    assert report["state"] == "done", report["error"]
    after = standing(surveyor)
    assert after == truth.findings(2)
    assert any(rule == "OV-05" for rule, _, _ in after)
    gone = standing(surveyor, presence="gone")
    assert gone == truth.findings(1) - truth.findings(2)
    assert report["counts"]["gone"] == len(gone)


def test_a_then_b_then_a_again_is_three_imports(town, sample):
    folder = sample[0]
    surveyor = town.signed_in("surveyor")
    town.deliver(surveyor, folder / "correction.zip", accept="valid_rows")
    again = town.deliver(surveyor, folder / "township.zip", accept="valid_rows")
    assert again["id"] not in (town.report["id"], None)
    assert again["state"] == "done"


def test_rejected_rows_wait_for_the_surveyor(house, sample):
    surveyor = house.signed_in("surveyor")
    report = house.deliver(surveyor, sample[0] / "township.zip")
    assert report["state"] == "awaiting_acceptance"
    assert report["rejected"]
    assert all(row["reason"]["zh"] and row["reason"]["en"] for row in report["rejected"])
    assert count(house, "parcel") == 0
    places = [row["place"] for row in report["rejected"] if row["place"]]
    assert places
    assert all(111 < lon < 113 and 21 < lat < 23 for lon, lat in places)
    accepted = surveyor.post(f"{report_url(report)}/accept", json={"accept": "valid_rows"})
    assert accepted.status_code == 202
    house.work()
    done = surveyor.get(report_url(report)).json()
    assert done["state"] == "done", done["error"]
    assert count(house, "parcel") == next(layer["stored"] for layer in done["layers"] if layer["layer"] == "parcel")
    late = surveyor.post(f"{report_url(report)}/accept", json={"accept": "valid_rows"})
    assert late.status_code == 409


def test_a_waiting_delivery_can_be_withdrawn_and_sent_again(house, sample):
    surveyor = house.signed_in("surveyor")
    report = house.deliver(surveyor, sample[0] / "township.zip")
    withdrawn = surveyor.post(f"{report_url(report)}/withdraw")
    assert withdrawn.json()["state"] == "withdrawn"
    assert count(house, "parcel") == 0
    again = house.hand_in(surveyor, sample[0] / "township.zip")
    assert again.json()["id"] != report["id"]


def test_sending_again_with_acceptance_accepts_what_waits(house, sample):
    surveyor = house.signed_in("surveyor")
    report = house.deliver(surveyor, sample[0] / "township.zip")
    again = house.deliver(surveyor, sample[0] / "township.zip", accept="valid_rows")
    assert again["id"] == report["id"]
    assert again["state"] == "done"


def test_a_refused_file_writes_nothing_and_blocks_nothing(house, tmp_path):
    surveyor = house.signed_in("surveyor")
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    report = house.deliver(surveyor, bad)
    assert report["state"] == "refused"
    assert report["error"]["code"]
    assert report["error"]["zh"]
    assert [count(house, table) for table in ("parcel", "upload_layer", "rejected_row", "finding")] == [0, 0, 0, 0]
    again = house.hand_in(surveyor, bad)
    assert again.json()["id"] != report["id"]


def test_rows_outside_of_the_scope_are_rejected(house, sample):
    surveyor = house.signed_in("surveyor", "441702")
    report = house.deliver(surveyor, sample[0] / "correction.zip")
    assert report["state"] == "awaiting_acceptance"
    assert {row["code"] for row in report["rejected"]} == {"outside_scope"}
    assert sum(layer["stored"] for layer in report["layers"]) == 0


def test_a_scope_that_is_not_ones_own_is_refused(house, sample):
    surveyor = house.signed_in("surveyor", "441702")
    answer = house.hand_in(surveyor, sample[0] / "correction.zip", scope="4417")
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_scope")


def test_the_original_comes_back_byte_for_byte(town, sample):
    official = town.signed_in("official")
    answer = official.get(f"{report_url(town.report)}/original")
    assert answer.content == (sample[0] / "township.zip").read_bytes()
    assert hashlib.sha256(answer.content).hexdigest() == town.report["sha256"]


def test_defects_are_a_layer(town, tmp_path):
    answer = town.signed_in("surveyor").get(f"{report_url(town.report)}/defects.gpkg")
    assert answer.status_code == 200, answer.text
    path = tmp_path / "defects.gpkg"
    path.write_bytes(answer.content)
    with sqlite3.connect(path) as book:
        tables = {name for (name,) in book.execute("SELECT table_name FROM gpkg_contents")}
        assert {"findings", "points", "rejected_parcel"} <= tables
        assert book.execute("SELECT count(*) FROM findings").fetchone()[0] == town.report["findings"]


def test_nothing_unfinished_is_left_on_the_disk(town):
    kept = sorted(path.name for path in (town.home / "uploads").iterdir())
    assert kept == [town.report["sha256"]]


def report_url(report):
    return f"/api/v1/uploads/{report['id']}"


def count(house, table):
    with house.office.begin() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
