"""Deciding about findings: in order, by those who may, and never twice on one look."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from sqlalchemy import text

from api.routes import answers
from geo.delivery.sheets import inert
from tests.api.test_answers import held


@pytest.fixture
def official(town):
    return town.signed_in("official")


def first(client, **asked):
    return client.get("/api/v1/findings", params={"limit": 1, **asked}).json()["items"][0]


def decide(client, key, action, seq, reason="实地核查", **more):
    said = {"action": action, "reason": reason, "seq": seq, **more}
    return client.post(f"/api/v1/findings/{key}/events", json=said)


def test_the_list_says_what_the_page_needs(official):
    page = official.get("/api/v1/findings", params={"category": "overlap"}).json()
    item = page["items"][0]
    assert item["category"] == "overlap"
    assert item["sentence"]["zh"] != item["sentence"]["en"]
    lon, lat = item["point"]
    west, south, east, north = item["bbox"]
    assert west <= lon <= east
    assert south <= lat <= north
    assert re.fullmatch(r"\d{12}", item["village"]["code"])
    assert item["village"]["name"]
    assert sum(page["facets"]["rule"].values()) == page["total"]
    assert page["facets"]["category"]["overlap"] == page["total"]


def test_filters_are_taken_literally(official):
    assert official.get("/api/v1/findings", params={"q": "%"}).json()["total"] == 0
    # the sign itself stands in one name only: reserved land is held against `basic_farmland` as a whole
    assert {one["rule"] for one in official.get("/api/v1/findings", params={"q": "_"}).json()["items"]} == {"OV-14"}
    whole = official.get("/api/v1/findings").json()["total"]
    by_rule = official.get("/api/v1/findings").json()["facets"]["rule"]
    for rule, count in by_rule.items():
        assert official.get("/api/v1/findings", params={"rule": rule}).json()["total"] == count
    assert sum(by_rule.values()) == whole


def test_a_dossier_shows_both_sides_and_the_law(official):
    item = first(official, rule="OV-01")
    told = official.get(f"/api/v1/findings/{item['key']}").json()
    assert told["articles"][0]["law_zh"]
    assert told["thresholds"]["min_area_m2"] == 1.0
    assert told["cut"]["type"] in ("Polygon", "MultiPolygon")
    assert told["a_shape"]["type"] in ("Polygon", "MultiPolygon")
    assert told["a_detail"]["surveyed_m2"] > 0
    assert "*" in told["a_detail"]["contractor"]["name"]
    assert told["a_detail"]["issuer"]["name"]
    assert told["run"]["versions"]["geos"]
    assert told["actions"] == ["assign", "take_up"]
    assert told["events"] == []


def test_a_finding_walks_from_open_to_closed(official):
    key = first(official)["key"]
    for seq, (action, state) in enumerate(
        [("take_up", "in_check"), ("confirm", "confirmed"), ("remedy", "in_remedy"), ("close", "closed")]
    ):
        answer = decide(official, key, action, seq)
        assert answer.status_code == 201, answer.text
        assert answer.json() == {"key": key, "state": state, "seq": seq + 1}
    told = official.get(f"/api/v1/findings/{key}").json()
    assert [event["action"] for event in told["events"]] == ["take_up", "confirm", "remedy", "close"]
    assert told["events"][0]["actor"] == official.person.username
    assert told["actions"] == ["resurvey"]


def test_of_two_who_looked_once_one_is_told(town, official):
    key = first(official)["key"]
    other = town.signed_in("official")
    assert decide(official, key, "take_up", 0).status_code == 201
    late = decide(other, key, "take_up", 0)
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert len(official.get(f"/api/v1/findings/{key}").json()["events"]) == 1


def test_an_action_that_the_state_does_not_know(official):
    answer = decide(official, first(official)["key"], "confirm", 0)
    assert (answer.status_code, answer.json()["code"]) == (422, "illegal_move")


def test_whoever_brought_it_in_does_not_judge_it(town, official):
    """The uploader becomes an official: they may take up, and neither judge nor be offered to."""
    key = first(official)["key"]
    with town.office.begin() as session:
        uploader = session.scalar(text("SELECT uploader_id FROM upload LIMIT 1"))
        session.execute(text("UPDATE account SET role = 'official' WHERE id = :id"), {"id": uploader})
    from api import people

    with town.office.begin() as session:
        account = session.execute(text("SELECT username FROM account WHERE id = :id"), {"id": uploader}).scalar_one()
        person = people.named(session, account)
    friend = town.anonymous()
    friend.cookies.set(people.COOKIE, people.open_session(town.office, person))
    assert decide(friend, key, "take_up", 0).status_code == 201
    assert "confirm" not in friend.get(f"/api/v1/findings/{key}").json()["actions"]
    answer = decide(friend, key, "confirm", 1)
    assert (answer.status_code, answer.json()["code"]) == (403, "four_eyes")
    assert decide(official, key, "confirm", 1).status_code == 201


def test_assigning_names_a_person_and_a_day(town, official):
    key = first(official)["key"]
    other = town.signed_in("surveyor")
    answer = decide(official, key, "assign", 0, assignee=other.person.username, due_on="2027-01-31")
    assert answer.status_code == 201, answer.text
    event = official.get(f"/api/v1/findings/{key}").json()["events"][0]
    assert (event["assignee"], event["due_on"]) == (other.person.username, "2027-01-31")
    assert decide(official, key, "assign", 1, assignee="nobody").json()["code"] == "assignee"


def test_a_decision_outlives_the_next_run(town, official, sample):
    key = first(official)["key"]
    decide(official, key, "take_up", 0)
    decide(official, key, "dismiss", 1)
    from api.work import detect

    counts = detect.everything(town.office)
    assert (counts["new"], counts["gone"], counts["reopened"]) == (0, 0, 0)
    assert official.get(f"/api/v1/findings/{key}").json()["state"] == "dismissed"


def test_the_list_to_take_away(official, tmp_path):
    total = official.get("/api/v1/findings").json()["total"]
    table = official.get("/api/v1/findings.csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == total
    assert rows[0]["sentence_zh"]
    overlaps = official.get("/api/v1/findings.csv", params={"category": "overlap"})
    assert {row["category"] for row in csv.DictReader(io.StringIO(overlaps.content.decode("utf-8-sig")))} == {"overlap"}
    layer = official.get("/api/v1/findings.gpkg")
    assert layer.content.startswith(b"SQLite format 3")


@pytest.mark.parametrize("text", ["=1+1", "+cmd|", "-2", "@SUM(A1)", "\ttab", "\rcr", "＝HYPERLINK()", "＠x"])
def test_a_cell_is_never_a_formula(text):
    assert inert(text) == f"'{text}"


def test_numbers_and_names_stay_as_they_are():
    assert [inert(value) for value in (-1.5, None, "张三", "0=0")] == [-1.5, None, "张三", "0=0"]


def test_a_village_map_reaches_for_nothing(official):
    village = official.get("/api/v1/villages").json()["items"][0]
    assert village["parcels"] > 0
    page = official.get(f"/api/v1/villages/{village['code']}/map.html")
    assert page.status_code == 200, page.text[:500]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=|url\(["']?http|@import""", page.text)


def test_a_village_that_is_too_large_for_one_page(official, monkeypatch):
    monkeypatch.setattr("web.map.SEVERAL", 10)
    village = official.get("/api/v1/villages").json()["items"][0]["code"]
    answer = official.get(f"/api/v1/villages/{village}/map.html")
    assert (answer.status_code, answer.json()["code"]) == (422, "map_too_large")


def test_a_parcel_with_its_right_and_what_is_suspected(official):
    code = first(official, rule="OV-01")["a"]["code"]
    told = official.get(f"/api/v1/parcels/{code}").json()
    assert told["code"] == code
    assert told["geometry"]["coordinates"]
    assert told["findings"]
    assert official.get(f"/api/v1/parcels/{code}", params={"as_of": "1950-01-01"}).status_code in (200, 404)
    box = ",".join(map(str, first(official, rule="OV-01")["bbox"]))
    near = official.get("/api/v1/parcels", params={"bbox": box}).json()
    assert code in json.dumps(near)


def test_tiles_are_had_once(official):
    lon, lat = first(official, category="overlap")["point"]
    import math

    z = 15
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    for layer in ("parcel", "finding"):
        tile = official.get(f"/api/v1/tiles/{layer}/{z}/{x}/{y}.pbf")
        assert tile.status_code == 200
        assert layer.encode() in tile.content
        again = official.get(f"/api/v1/tiles/{layer}/{z}/{x}/{y}.pbf", headers={"If-None-Match": tile.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_rules_that_lack_their_data_are_told_and_never_called_clean(town):
    told = held(answers.RulesAsked, town.signed_in("official").get("/api/v1/rules/asked"))
    by_rule = {each.rule: each for each in told.items}
    assert by_rule["OV-01"].status == "run"
    assert by_rule["OV-01"].findings >= 4
    assert by_rule["ZZ-03"].status == "skipped"
    assert by_rule["ZZ-03"].reason.zh == "没有提供地类图斑(前期)（DLTB_BEFORE）"
    assert told.not_run == sum(each.status == "skipped" for each in told.items) > 0
    far = held(answers.RulesAsked, town.signed_in("official", "441702").get("/api/v1/rules/asked"))
    assert {each.status for each in far.items} == {"never"}
