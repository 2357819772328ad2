"""Findings between two deliveries, on a case drawn by hand whose three lists are known beforehand.

Three pairs of parcels overlap at first. The surveyor mends the first pair, makes the second worse and adds a fourth;
in between, somebody else has mended the third.
"""

from __future__ import annotations

import csv
import io
import secrets

import pytest

from api.routes import answers
from tests.api.conftest import House
from tests.api.test_answers import held
from tests.data.conftest import VILLAGE, box, parcels

FIELDS = {"code": "DKBM", "name": "DKMC", "category": "DKLB", "surveyed_m2": "SCMJ"}
STEADY = {"p00001": box(0, 0), "p00003": box(50, 0), "p00005": box(100, 0)}
FIRST = STEADY | {"p00002": box(9, 0), "p00004": box(58, 0), "p00006": box(105, 0)}
BETWEEN = {"p00005": box(100, 0), "p00006": box(110, 0)}
SECOND = STEADY | BETWEEN | {"p00002": box(10, 0), "p00004": box(57, 0), "p00007": box(150, 0), "p00008": box(155, 0)}


def delivered(house, client, folder, name, shapes):
    path = folder / f"{name}.gpkg"
    parcels(**shapes).drop(columns="row").rename(columns=FIELDS).to_file(path, layer="DK")
    report = house.deliver(client, path, accept="valid_rows")
    assert report["state"] == "done", report["error"]
    return report


@pytest.fixture(scope="module")
def three(cluster, template, tmp_path_factory):
    """The three deliveries, and the surveyor of the first and last."""
    folder = tmp_path_factory.mktemp("three")
    with cluster.database(f"three_{secrets.token_hex(4)}", template) as name:
        house = House(folder / "home", cluster.url(name))
        ours, other = house.signed_in("surveyor"), house.signed_in("surveyor")
        made = [(ours, "first", FIRST), (other, "between", BETWEEN), (ours, "second", SECOND)]
        yield [delivered(house, who, folder, name, shapes) for who, name, shapes in made], ours
        house.close()


def compared(client, before, after, **asked):
    answer = client.get("/api/v1/uploads/compare", params={"before": before, "after": after, **asked})
    return held(answers.Comparison, answer)


def overlaps(items):
    """What a list says of overlaps: serials of the pair, by which delivery, areas then and now."""
    pair = [(item.a.code[-1] + item.b.code[-1], item) for item in items if item.rule == "OV-01"]
    return {serials: (item.by, item.before_m2, item.after_m2) for serials, item in pair}


def test_three_lists_that_were_known_beforehand(three):
    (first, between, second), ours = three
    told = {turn: compared(ours, first["id"], second["id"], turn=turn).items for turn in ("fixed", "new", "open")}
    assert overlaps(told["fixed"]) == {"12": (second["id"], 10.0, None), "56": (between["id"], 50.0, None)}
    assert overlaps(told["new"]) == {"78": (second["id"], None, 50.0)}
    assert overlaps(told["open"]) == {"34": (None, 20.0, 30.0)}
    (worse,) = (item for item in told["open"] if item.rule == "OV-01")
    assert worse.changed
    assert {item.surveyor for item in told["new"] if item.rule == "OV-01"} == {ours.person.username}


def test_the_counts_are_those_of_the_lists_by_village_and_surveyor(three):
    (first, _, second), ours = three
    whole = compared(ours, first["id"], second["id"], limit=500)
    for turn in ("fixed", "new", "open"):
        assert getattr(whole.counts, turn) == sum(item.turn == turn for item in whole.items)
        assert sum(getattr(part, turn) for part in whole.parts) == getattr(whole.counts, turn)
    assert whole.counts.fixed_elsewhere == sum(i.turn == "fixed" and i.by != second["id"] for i in whole.items) >= 1
    assert {part.village.code for part in whole.parts} == {VILLAGE}
    for part in whole.parts:
        asked = {"village": part.village.code, "surveyor": part.surveyor, "limit": 500}
        assert len(compared(ours, first["id"], second["id"], **asked).items) == part.fixed + part.new + part.open


def test_pages_and_table_hold_the_same(three):
    (first, _, second), ours = three
    pair = {"before": first["id"], "after": second["id"]}
    whole = compared(ours, **pair, limit=500).items
    paged, cursor = [], None
    while cursor != "":
        page = compared(ours, **pair, limit=2, **({"cursor": cursor} if cursor else {}))
        paged, cursor = paged + page.items, page.next or ""
    assert paged == whole
    table = ours.get("/api/v1/uploads/compare.csv", params=pair).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["key"] for row in rows] == [item.key for item in whole]
    (worse,) = (row for row in rows if (row["rule"], row["turn"]) == ("OV-01", "open"))
    assert (worse["difference_m2"], worse["difference_mu"]) == ("10.0", "0.02")


def test_the_delivery_before_is_the_one_on_the_same_ground(three):
    (first, between, second), ours = three
    told = [ours.get(f"/api/v1/uploads/{each['id']}").json()["previous"] for each in (first, between, second)]
    assert told == [None, first["id"], between["id"]]


def test_what_cannot_be_compared_is_said(three):
    (first, _, second), ours = three
    wrong = ours.get("/api/v1/uploads/compare", params={"before": second["id"], "after": first["id"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_comparable")
