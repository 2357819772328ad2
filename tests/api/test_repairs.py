"""A repair of an invalid shape is proposed and shown; what was delivered is stored unless a person accepts it.

The bow-tie crosses itself at (6, 6) and falls into triangles of base 12 and height 6 (36 m²) and of base 4 and height 2
(4 m²): 40 m² together, and their difference, 32 m², by the shoelace formula. The spike goes out from a square of
100 m² and comes back on itself: nothing is gained or lost. The third parcel is sound.
"""

from __future__ import annotations

import hashlib

import pytest
import shapely
from sqlalchemy import text

from api.routes import answers
from tests.api.test_answers import held
from tests.api.test_compare import FIELDS
from tests.data.conftest import EAST, NORTH, VILLAGE, box, parcels


def ring(*corners):
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


BOW_TIE = ring((0, 0), (8, 8), (4, 8), (12, 0))
SPIKE = ring((20, 0), (30, 0), (30, 5), (35, 5), (30, 5), (30, 10), (20, 10))
SHAPES = {"p00001": BOW_TIE, "p00002": SPIKE, "p00003": box(50, 0)}
#: Areas by hand: as delivered, and repaired.
BEFORE, AFTER = (32.0, 100.0), (40.0, 100.0)
EACH = [{"layer": "parcel", "row": 0}, {"layer": "parcel", "row": 1}]


@pytest.fixture
def delivered(house, tmp_path):
    """A surveyor, the file, and the delivery of it."""
    path = tmp_path / "bow_tie.gpkg"
    parcels(**SHAPES).drop(columns="row").rename(columns=FIELDS).to_file(path, layer="DK")
    surveyor = house.signed_in("surveyor")

    def deliver(**fields):
        return surveyor, path, house.deliver(surveyor, path, **fields)

    return deliver


def accepted(house, surveyor, upload, **answer):
    path = f"/api/v1/uploads/{upload['id']}"
    given = surveyor.post(f"{path}/accept", json={"accept": "valid_rows", **answer})
    assert given.status_code == 202, given.text
    house.work()
    return held(answers.UploadTold, surveyor.get(path))


def stored(house):
    """The stored areas (m²) as the database has them, and the parcels found invalid."""
    with house.office.begin() as session:
        areas = session.scalars(text("SELECT ST_Area(geom) FROM parcel WHERE upper_inf(known) ORDER BY code")).all()
        found = session.scalars(text("SELECT subject FROM finding WHERE rule = 'QC-G01' ORDER BY subject")).all()
    return areas, [subject[-5:] for subject in found]


def test_a_repair_is_told_with_its_areas_and_waits_for_a_person(delivered):
    surveyor, _, upload = delivered()
    assert upload["state"] == "awaiting_acceptance"
    told = held(answers.UploadTold, surveyor.get(f"/api/v1/uploads/{upload['id']}")).repairs
    assert [(each.row, each.code) for each in told.items] == [(0, f"{VILLAGE}0100001"), (1, f"{VILLAGE}0100002")]
    assert tuple(each.area_before_m2 for each in told.items) == pytest.approx(BEFORE)
    assert tuple(each.area_after_m2 for each in told.items) == pytest.approx(AFTER)
    assert [each.before["type"] for each in told.items] == ["Polygon", "Polygon"]
    assert len(told.items[0].after["coordinates"]) == 2
    lon, lat = told.items[0].after["coordinates"][0][0][0]
    assert 111 < lon < 113
    assert 21 < lat < 23
    assert (told.accepted, told.by, told.stored) == ([], None, None)


@pytest.mark.parametrize("at_once", [True, False])
def test_what_was_delivered_is_stored_unless_a_repair_is_accepted(house, delivered, at_once):
    if at_once:
        *_, upload = delivered(accept="valid_rows")
        told = answers.UploadTold(**upload)
    else:
        surveyor, _, upload = delivered(accept="ask")
        told = accepted(house, surveyor, upload)
    areas, found = stored(house)
    assert (len(told.repairs.items), told.repairs.accepted, told.repairs.stored) == (2, [], 0)
    assert areas == pytest.approx([*BEFORE, 100.0])
    assert found == ["00001", "00002"]


def test_accepted_repairs_are_stored_and_the_file_stays_as_it_came(house, delivered):
    surveyor, path, upload = delivered(accept="ask")
    told = accepted(house, surveyor, upload, repairs="all")
    areas, found = stored(house)
    assert areas == pytest.approx([*AFTER, 100.0])
    assert found == []
    assert [row.model_dump() for row in told.repairs.accepted] == EACH
    assert (told.repairs.by, told.repairs.stored) == (surveyor.person.username, 2)
    original = surveyor.get(f"/api/v1/uploads/{upload['id']}/original").content
    assert hashlib.sha256(original).hexdigest() == upload["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_one_of_two_is_accepted_by_who_may_and_only_if_proposed(house, delivered):
    surveyor, _, upload = delivered(accept="ask")
    path = f"/api/v1/uploads/{upload['id']}/accept"
    stranger = house.signed_in("surveyor", scope="441781")
    assert stranger.post(path, json={"accept": "valid_rows", "repairs": "all"}).status_code == 404
    sound = {"accept": "valid_rows", "repairs": [{"layer": "parcel", "row": 2}]}
    refused = surveyor.post(path, json=sound)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_proposed")
    told = accepted(house, surveyor, upload, repairs=EACH[:1])
    areas, found = stored(house)
    assert areas == pytest.approx([40.0, 100.0, 100.0])
    assert found == ["00002"]
    assert told.repairs.stored == 1
