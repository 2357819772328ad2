"""A corrected delivery: what it changed is counted; what it leaves out is asked about and never ended by itself."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import text

from api.routes import answers
from tests.api.test_answers import held
from tests.api.test_compare import FIELDS
from tests.data.conftest import VILLAGE, box, parcels

FIRST = {f"p0000{n}": box(20 * n, 0) for n in range(1, 6)}
#: One stays as it was, one changes, one is new; 00003 is named as what the new one was made of; 4 and 5 are left out.
SECOND = {"p00001": FIRST["p00001"], "p00002": box(40, 0, 10, 11), "p00006": box(60, 0)}
LEFT_OUT = [f"{VILLAGE}0100004", f"{VILLAGE}0100005"]
_numbers = itertools.count()


def drawn(folder, shapes, **columns):
    path = folder / f"parcels{next(_numbers)}.gpkg"
    frame = parcels(**shapes).drop(columns="row").assign(**columns)
    frame.rename(columns=FIELDS | {"predecessors": "YDKBM"}).to_file(path, layer="DK")
    return path


@pytest.fixture
def waiting(house, tmp_path):
    """The second delivery, waiting for its surveyor."""
    surveyor = house.signed_in("surveyor")
    first = house.deliver(surveyor, drawn(tmp_path, FIRST), accept="valid_rows")
    assert first["vanished"]["counts"] == {}
    assert first["layers"][0]["entered"] == {"new": 5, "changed": 0, "unchanged": 0, "left": 0}
    named = [None, None, f"{VILLAGE}0100003"]
    second = house.deliver(surveyor, drawn(tmp_path, SECOND, predecessors=named), accept="ask")
    assert second["state"] == "awaiting_acceptance"
    return surveyor, first, second


def standing(house):
    with house.office.begin() as session:
        query = "SELECT code FROM parcel WHERE upper_inf(known) AND upper_inf(valid) ORDER BY code"
        return [code[-1] for code in session.scalars(text(query))]


def answered(house, surveyor, upload, **answer):
    path = f"/api/v1/uploads/{upload['id']}"
    given = surveyor.post(f"{path}/accept", json={"accept": "valid_rows", **answer})
    assert given.status_code == 202, given.text
    house.work()
    return held(answers.UploadTold, surveyor.get(path))


def test_what_is_left_out_is_listed_and_stays_unless_it_is_said_to_end(house, waiting):
    surveyor, first, second = waiting
    assert second["vanished"]["counts"] == {"parcel": 2}
    listed = held(answers.Vanished, surveyor.get(f"/api/v1/uploads/{second['id']}/vanished"))
    assert [row.code for row in listed.items] == LEFT_OUT
    assert {row.since_upload for row in listed.items} == {first["id"]}
    assert all(111 < row.place[0] < 113 and 21 < row.place[1] < 23 for row in listed.items)
    told = answered(house, surveyor, second)
    assert told.layers[0].entered.model_dump() == {"new": 1, "changed": 1, "unchanged": 1, "left": 1}
    assert (told.vanished.answer, told.vanished.ended, told.vanished.by) == ("keep", {}, surveyor.person.username)
    assert standing(house) == ["1", "2", "4", "5", "6"]


def test_what_is_said_to_end_ends_from_that_day_but_for_what_was_touched_meanwhile(house, waiting, tmp_path):
    surveyor, _, second = waiting
    house.deliver(surveyor, drawn(tmp_path, {"p00005": box(100, 0, 12, 12)}), accept="valid_rows")
    told = answered(house, surveyor, second, vanished="end", codes=LEFT_OUT, ended_on="2026-06-01")
    assert (told.vanished.answer, told.vanished.ended) == ("end", {"parcel": 1})
    assert standing(house) == ["1", "2", "5", "6"]
    ended = f"/api/v1/parcels/{LEFT_OUT[0]}"
    assert surveyor.get(ended, params={"as_of": "2026-05-31"}).status_code == 200
    assert surveyor.get(ended, params={"as_of": "2026-06-01"}).status_code == 404


def test_a_rejected_row_has_not_vanished(house, tmp_path):
    surveyor = house.signed_in("surveyor")
    house.deliver(surveyor, drawn(tmp_path, {name: FIRST[name] for name in ("p00001", "p00002")}), accept="valid_rows")
    empty = drawn(tmp_path, {"p00001": FIRST["p00001"], "p00002": box(0, 0, 0, 0)})
    assert house.deliver(surveyor, empty)["vanished"]["counts"] == {}
