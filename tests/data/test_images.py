"""Images in the books: entered once, found by area and day, never taken out, and ready only when whole."""

from datetime import date

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.store import images
from data.store.errors import Stale, Unknown
from tests.data.conftest import account

NEAR = shapely.box(601_000, 2_417_000, 601_100, 2_417_100)


def entered(session, sha="a" * 64, *, scope="4417", day=date(2024, 5, 1), kind="orthophoto", **asked):
    return images.start(
        session,
        sha256=sha,
        filename="village.tif",
        size_bytes=7,
        kind=kind,
        taken_on=day,
        scope=scope,
        asked=asked,
        uploader_id=account(session),
    )


def ready(session, sha, frame=NEAR, **said):
    image, _ = entered(session, sha, **said)
    facts = {"wide": 100, "high": 100, "bands": 3, "dtype": "uint8", "pixel_m": 1.0, "look": {}, "crs": "EPSG:4546"}
    made = {"cog_name": f"{sha}.tif", "cog_sha256": sha, "cog_bytes": 5}
    return images.move(session, image.id, "ready", frame=frame, **facts, **made)


def test_the_same_bytes_are_one_image(session):
    first, is_new = entered(session)
    again, is_newer = entered(session)
    assert (is_new, is_newer, again.id) == (True, False, first.id)


def test_the_same_bytes_with_another_day_are_no_second_image(session):
    first, _ = entered(session)
    with pytest.raises(Stale):
        entered(session, day=date(2023, 5, 1))
    images.move(session, first.id, "withdrawn")
    second, is_new = entered(session, day=date(2023, 5, 1))
    assert is_new
    assert second.id != first.id


def test_each_area_has_its_own(session):
    first, _ = entered(session, scope="441781")
    second, _ = entered(session, scope="441702")
    assert first.id != second.id


def test_found_by_area_kind_and_state_the_latest_first(session, tmp_path):
    old = ready(session, "1" * 64, day=date(2023, 1, 1))
    new = ready(session, "2" * 64, day=date(2025, 1, 1), scope="441781")
    classes = ready(session, "3" * 64, kind="classes", day=date(2024, 1, 1))
    entered(session, "4" * 64)
    assert [image.id for image in images.listing(session)] == [new.id, classes.id, old.id]
    assert [image.id for image in images.listing(session, kind="classes")] == [classes.id]
    assert len(images.listing(session, state=None)) == 4
    assert [image.id for image in images.listing(session, "441702")] == [classes.id, old.id]
    assert [image.id for image in images.listing(session, "441781113201")] == [new.id, classes.id, old.id]
    assert images.path(tmp_path, old) == tmp_path / f"{'1' * 64}.tif"
    assert images.original(tmp_path, old) == tmp_path / ("1" * 64)
    with pytest.raises(Unknown):
        images.get(session, new.id, "441702")


def test_pairs_share_ground_and_are_of_two_days(session):
    before = ready(session, "1" * 64, day=date(2023, 1, 1))
    after = ready(session, "2" * 64, day=date(2025, 1, 1))
    ready(session, "3" * 64, day=date(2025, 1, 1))
    ready(session, "4" * 64, shapely.box(0, 0, 1, 1), day=date(2021, 1, 1))
    session.expire_all()
    found = images.pairs(session)
    assert (before.id, after.id) in [(one.id, other.id) for one, other in found]
    assert len(found) == 2
    assert images.frame(images.get(session, before.id)).equals(NEAR)


def test_an_image_is_ready_only_when_all_is_known_of_it(session):
    image, _ = entered(session)
    with pytest.raises(DBAPIError, match="whole"):
        images.move(session, image.id, "ready", crs="EPSG:4546")


def test_what_has_ended_does_not_come_back(session):
    image, _ = entered(session)
    images.move(session, image.id, "refused", error={"code": "raster_magic"})
    with pytest.raises(Stale):
        images.move(session, image.id, "ready")
    with pytest.raises(Unknown):
        images.path(image.filename, image)


def test_no_image_is_ever_taken_out(session):
    entered(session)
    with pytest.raises(DBAPIError, match="kept for ever"):
        session.execute(text("DELETE FROM image"))
