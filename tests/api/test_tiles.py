"""The door of the tiles: sent once, sent again when the ground changes, and to nobody who may not see it."""

import pytest

from data.store.versions import supersede
from tests.data.conftest import VILLAGE, box, delivery, parcels
from tests.data.test_tiles import address

OTHER = "441781101001"


def enter(house, village=VILLAGE, **shapes):
    with house.office.begin() as session:
        supersede(session, "parcel", parcels(village=village, **shapes), delivery(session))


def url(z=14):
    return "/api/v1/tiles/parcel/{}/{}/{}.pbf".format(*address(z))


@pytest.fixture
def filled(house):
    enter(house, p00001=box(0, 0))
    enter(house, OTHER, p00001=box(20, 0))
    return house


def test_a_tile_is_sent_again_when_a_parcel_changes_and_not_before(filled):
    official = filled.signed_in("official")
    for z in (8, 14, 16):
        first = official.get(url(z))
        assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
        seen = {"If-None-Match": first.headers["etag"]}
        again = official.get(url(z), headers=seen)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        # as a compressing proxy and a browser with several copies say it
        assert official.get(url(z), headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'}).status_code == 304
        enter(filled, p00001=box(0, 0, 10, 10 + z))
        changed = official.get(url(z), headers=seen)
        assert changed.status_code == 200
        assert changed.headers["etag"] != first.headers["etag"]
        # from far out it may look the same
        assert changed.content != first.content or z == 8


def test_what_one_has_seen_is_not_shown_to_another(filled):
    county, town = filled.signed_in("official", "4417"), filled.signed_in("surveyor", VILLAGE[:9])
    whole, own = county.get(url()), town.get(url())
    assert OTHER.encode() in whole.content
    assert VILLAGE.encode() in own.content
    assert OTHER.encode() not in own.content
    # an etag picked up elsewhere opens nothing
    stolen = town.get(url(), headers={"If-None-Match": whole.headers["etag"]})
    assert (stolen.status_code, stolen.content) == (200, own.content)
    assert filled.anonymous().get(url(), headers={"If-None-Match": whole.headers["etag"]}).status_code == 401


def test_where_one_sees_nothing_the_tile_is_empty(filled):
    stranger = filled.signed_in("official", "441702")
    answer = stranger.get(url())
    assert (answer.status_code, answer.content) == (200, b"")
