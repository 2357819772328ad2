"""Two images of the office compared: who may, what becomes of it, and that it is done once, whole, and again alike."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import partial

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api import people
from api.work import comparisons, detect
from data.samples.scenes import scene
from data.store.versions import supersede
from geo.imagery.compared import LIMITS, compared
from tests.api.test_walk import standing
from tests.data.conftest import VILLAGE, delivery, parcels
from tests.imagery.build import classes, photo, tiff

SEED, SIDE_M = 41, 240.0
COUNTY, CITY = VILLAGE[:6], VILLAGE[:4]
BEFORE, AFTER = "2025-06-01", "2026-03-01"
PATH = "/api/v1/images/comparisons"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A small ground drawn at two dates: houses that were built, and a field that was bulldozed, are known."""
    folder = tmp_path_factory.mktemp("scene")
    shown = scene("season", 1.0, 4, SEED, SIDE_M)
    return shown, shown.write(folder)


@pytest.fixture
def ground(house, drawn):
    """A house with the parcels of that ground in its books, and both images taken in."""
    shown, paths = drawn
    shapes = {f"p{number:05d}": shape for number, shape in enumerate(shown.parcels, start=1)}
    with house.office.begin() as session:
        supersede(session, "parcel", parcels(**shapes), delivery(session))
    surveyor = house.signed_in("surveyor")
    house.images = [
        house.picture(surveyor, path, taken_on=day)["id"] for path, day in zip(paths, (BEFORE, AFTER), strict=True)
    ]
    house.official = house.signed_in("official", COUNTY)
    return house


def ask(house, client=None, **settings):
    before, after = house.images
    body = {"before": before, "after": after, **({"settings": settings} if settings else {})}
    return (client or house.official).post(PATH, json=body)


def work(house):
    """Do the comparison, and then what it handed in."""
    house.work()
    house.work()


def done(house, client=None, **settings):
    """Start a comparison, work on it, and give what became of it."""
    answer = ask(house, client, **settings)
    assert answer.status_code == 202, answer.text
    work(house)
    return house.official.get(f"{PATH}/{answer.json()['id']}").json()


def patches(house, told):
    found = house.official.get(f"{PATH}/{told['id']}/patches").json()["features"]
    to_metres = Transformer.from_crs(4490, 4525, always_xy=True).transform
    return [
        (one["properties"], shapely.transform(shapely.geometry.shape(one["geometry"]), to_metres, interleaved=False))
        for one in found
    ]


def expected(drawn, found, kind, least_m2):
    """The parcels of which patches of a kind cover enough, by shapely."""
    union = shapely.union_all([shape for said, shape in found if said["class_code"] == kind])
    covered = shapely.area(shapely.intersection(np.array(drawn[0].parcels, dtype=object), union))
    return {f"parcel:{VILLAGE}01{number:05d}" for number, m2 in enumerate(covered, start=1) if m2 >= least_m2}


def test_what_was_built_between_two_images_is_suspected_on_its_parcels(ground, drawn):
    told = done(ground)
    assert told["state"] == "done", told
    assert told["before"]["taken_on"], told["after"]["taken_on"] == (BEFORE, AFTER)
    assert told["settings"]["min_area_m2"] == 50.0
    assert told["asked_by"] == ground.official.person.username
    counted = {one["kind"]: one["patches"] for one in told["patches"]}
    found = patches(ground, told)
    assert len(found) == counted["built"] + counted.get("earthwork", 0)
    assert {said["class_code"] for said, _ in found} <= {"20", "DT"}
    for said, shape in found:
        assert said["area_m2"] == pytest.approx(shape.area, abs=0.05)
        assert said["area_m2"] >= 50
        assert said["width_m"] > 0
        assert (said["before_on"], said["after_on"], said["stands"]) == (BEFORE, AFTER, True)
    planted = [shape for kind, shape in drawn[0].truth if kind == "built"]
    met = sum(any(shape.intersection(one).area > shape.area / 2 for _, one in found) for shape in planted)
    assert met >= 0.7 * len(planted)
    sure = expected(drawn, found, "20", 52.0)
    suspected = {subject for rule, subject, _ in standing(ground.official) if rule == "ZZ-04"}
    assert sure
    assert sure <= suspected <= expected(drawn, found, "20", 50.0)
    resting = {one["key"] for said, _ in found for one in said["findings"] if one["rule"] == "ZZ-04"}
    listed = ground.official.get("/api/v1/findings?rule=ZZ-04").json()["items"]
    assert resting == {one["key"] for one in listed}
    upload = ground.official.get(f"/api/v1/uploads/{told['upload']}").json()
    assert (upload["state"], upload["layers"][0]["layer"]) == ("done", "change_patch")
    assert upload["layers"][0]["stored"] == len(found)
    assert standing(ground.official, upload=told["upload"]) == standing(ground.official)


def test_every_patch_tells_the_two_images_and_the_settings_it_is_from(ground):
    told = done(ground, min_area_m2=80.0)
    with ground.office.begin() as session:
        rows = session.execute(text("SELECT DISTINCT attributes ->> 'method' FROM survey_feature")).scalars().all()
    (method,) = (json.loads(row) for row in rows)
    assert [method["images"][role]["image"] for role in ("before", "after")] == ground.images
    assert [method["images"][role]["taken_on"] for role in ("before", "after")] == [BEFORE, AFTER]
    assert method["settings"] == told["settings"]
    assert method["settings"]["min_area_m2"] == 80.0
    assert told["method"] == method
    assert min(said["area_m2"] for said, _ in patches(ground, told)) >= 80


def test_an_approval_of_the_ground_takes_its_part_away(ground, drawn):
    """Less approvals in space, and in time: one that was in force on the day of the later image."""
    first = done(ground)
    found = patches(ground, first)
    before = {subject for rule, subject, _ in standing(ground.official) if rule == "ZZ-04"}
    subject = min(before)
    parcel = drawn[0].parcels[int(subject[-5:]) - 1]
    for until, stays in (("2026-02-01", True), ("2027-01-01", False)):
        frame = gpd.GeoDataFrame(
            {
                "row": [0],
                "name": ["批文"],
                "valid_from": [date(2025, 1, 1)],
                "valid_to": [date.fromisoformat(until)],
            },
            geometry=[parcel],
            crs=4525,
        )
        with ground.office.begin() as session:
            supersede(session, "approval", frame, delivery(session))
        detect.everything(ground.office)
        now = {subject for rule, subject, _ in standing(ground.official) if rule == "ZZ-04"}
        assert (subject in now) is stays
    assert found


def test_the_same_comparison_is_one_and_again_gives_the_same_names(ground):
    first = done(ground)
    keys = {item["key"] for item in ground.official.get("/api/v1/findings?limit=500").json()["items"]}
    assert ask(ground).json()["id"] == first["id"]
    with ground.office.begin() as session:  # another delivery since: what is asked again is done again
        session.execute(text("UPDATE upload SET accepted_at = now() WHERE id = :id"), {"id": delivery(session)})
    again = done(ground)
    assert again["id"] != first["id"]
    assert again["counts"]["new"] == again["counts"]["gone"] == again["counts"]["changed"] == 0
    assert {item["key"] for item in ground.official.get("/api/v1/findings?limit=500").json()["items"]} == keys
    assert [said["ref"] for said, _ in patches(ground, again)] == [said["ref"] for said, _ in patches(ground, first)]
    with ground.office.begin() as session:
        assert session.scalar(text("SELECT count(DISTINCT code) = count(*) FROM survey_feature"))


def test_other_settings_take_the_place_of_what_was_found_before(ground):
    first = done(ground)
    small = {said["ref"] for said, _ in patches(ground, first) if said["area_m2"] < 149}
    assert small
    second = done(ground, min_area_m2=150.0)
    stands = {said["ref"]: said["stands"] for said, _ in patches(ground, first)}
    assert not any(stands[ref] for ref in small)
    kept = {said["ref"] for said, _ in patches(ground, second)}
    assert kept
    assert kept <= set(stands)
    assert second["counts"]["gone"] > 0


def test_who_started_a_comparison_does_not_judge_what_it_found(ground):
    done(ground)
    key = next(one["key"] for one in ground.official.get("/api/v1/findings").json()["items"] if one["rule"] == "ZZ-04")
    colleague = ground.signed_in("official", COUNTY)
    colleague.post(f"/api/v1/findings/{key}/events", json={"action": "take_up", "reason": "到场", "seq": 0})
    decision = {"action": "confirm", "reason": "到场核实", "seq": 1}
    refused = ground.official.post(f"/api/v1/findings/{key}/events", json=decision)
    assert (refused.status_code, refused.json()["code"]) == (403, "four_eyes")
    assert colleague.post(f"/api/v1/findings/{key}/events", json=decision).status_code == 201


def test_only_who_answers_for_the_whole_ground_may_compare(ground, drawn):
    assert ask(ground, ground.signed_in("surveyor")).status_code == 403
    assert ask(ground, ground.signed_in("official", "441781")).json()["code"] == "outside_scope"
    near = parcels(village="441781104200", p00001=shapely.box(*drawn[0].parcels[0].bounds))
    with ground.office.begin() as session:
        supersede(session, "parcel", near, delivery(session))
    refused = ask(ground)
    assert (refused.status_code, refused.json()["code"]) == (403, "outside_scope")
    assert ask(ground, ground.signed_in("official", CITY)).status_code == 202


def test_another_area_sees_no_comparison(ground):
    told = done(ground)
    far = ground.signed_in("official", "441781")
    assert far.get(PATH).json()["items"] == []
    for path in ("", "/patches"):
        assert far.get(f"{PATH}/{told['id']}{path}").status_code == 404
    assert far.post(f"{PATH}/{told['id']}/withdraw").status_code == 404
    assert [one["id"] for one in ground.signed_in("official", CITY).get(PATH).json()["items"]] == [told["id"]]


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"min_area_m2": 1e9}, 422),
        ({"min_area_m2": "many"}, 422),
        ({"min_area_m2": float("inf")}, 422),
        ({"slack_px": 1.5}, 422),
        ({"unknown": 1}, 422),
    ],
)
def test_settings_are_known_numbers_within_reach(ground, settings, status):
    before, after = ground.images
    body = json.dumps({"before": before, "after": after, "settings": settings})
    answer = ground.official.post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status


def test_what_cannot_be_compared_is_refused_at_the_door(ground, tmp_path):
    surveyor = ground.signed_in("surveyor")
    before, after = ground.images
    assert ground.official.post(PATH, json={"before": after, "after": before}).json()["code"] == "images_not_later"
    assert ground.official.post(PATH, json={"before": before, "after": before}).json()["code"] == "images_not_later"
    raster = tiff(tmp_path / "c.tif", classes(100, 100), corner=(37_560_000, 2_400_000))
    cover = ground.picture(surveyor, raster, kind="classes", nodata="0", taken_on="2026-04-01")["id"]
    assert ground.official.post(PATH, json={"before": before, "after": cover}).json()["code"] == "images_other_kind"
    far = ground.picture(surveyor, tiff(tmp_path / "d.tif", photo(100, 100)), taken_on="2026-04-01")["id"]
    answer = ground.official.post(PATH, json={"before": before, "after": far})
    assert answer.json()["code"] == "images_no_common_ground"
    surveyor.post(f"/api/v1/images/{after}/withdraw")
    assert ask(ground).status_code == 404


def test_what_turns_out_not_to_fit_is_refused_in_words_and_leaves_nothing(ground, drawn, tmp_path):
    """Pixels of another size: only looking at the images tells."""
    coarse = tiff(
        tmp_path / "coarse.tif",
        photo(120, 120, bands=4),
        pixel=2.0,
        corner=(37_560_000, 2_400_000),
        alpha="unspecified",
    )
    later = ground.picture(ground.signed_in("surveyor"), coarse, taken_on="2026-05-01")["id"]
    ground.images[1] = later
    told = done(ground)
    assert (told["state"], told["error"]["code"]) == ("refused", "images_other_pixels")
    assert told["error"]["zh"]
    assert told["upload"] is None
    with ground.office.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM survey_feature")) == 0
    assert list((ground.home / "images").glob(".*")) == []
    assert ask(ground).json()["id"] != told["id"]


def test_an_image_without_change_ends_without_a_delivery(ground, drawn, tmp_path):
    with rasterio.open(drawn[1][0]) as file:
        profile, values = file.profile, file.read()
    with rasterio.open(
        tmp_path / "again.tif", "w", **profile | {"compress": "deflate", "alpha": "unspecified"}
    ) as file:
        file.write(values)
    ground.images[1] = ground.picture(ground.signed_in("surveyor"), tmp_path / "again.tif", taken_on=AFTER)["id"]
    told = done(ground)
    assert (told["state"], told["upload"], told["patches"]) == ("done", None, [])
    assert ground.official.get(f"{PATH}/{told['id']}/patches").json()["features"] == []


def test_a_comparison_is_called_off_before_it_is_handed_in(ground):
    begun = ask(ground).json()
    told = ground.official.post(f"{PATH}/{begun['id']}/withdraw").json()
    assert (told["state"], told["withdrawn_by"]) == ("withdrawn", ground.official.person.username)
    ground.work()
    assert ground.official.get(f"{PATH}/{begun['id']}").json()["state"] == "withdrawn"
    assert ground.official.post(f"{PATH}/{begun['id']}/withdraw").status_code == 409
    with ground.office.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM survey_feature")) == 0
    assert ask(ground).json()["id"] != begun["id"]


def test_what_was_asked_is_never_changed_or_taken_out(ground):
    ask(ground)
    for change in (
        "DELETE FROM comparison",
        "UPDATE comparison SET asked_by = asked_by",
        "UPDATE comparison SET scope = ''",
    ):
        with pytest.raises(DBAPIError, match="kept for ever"), ground.office.begin() as session:
            session.execute(text(change))


@pytest.mark.parametrize("commit", [1, 2, 3, 4])
def test_a_worker_killed_before_a_commit_leaves_nothing_half_written(ground, commit):
    """Whenever it dies: patches are in the books only with the outcome, and the next worker finishes the work once."""
    begun = ask(ground).json()
    url = ground.office.engine.url.render_as_string(hide_password=False)
    env = os.environ | {"DINGXIN_HOME": str(ground.home), "DINGXIN_DATABASE_URL": url}
    killed = subprocess.run([sys.executable, "-m", "tests.api.doomed", str(commit)], env=env, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    told = ground.official.get(f"{PATH}/{begun['id']}").json()
    assert told["state"] in ("received", "comparing")
    assert told["upload"] is None
    with ground.office.begin() as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
    work(ground)
    told = ground.official.get(f"{PATH}/{begun['id']}").json()
    assert told["state"] == "done", told["error"]
    with ground.office.begin() as session:
        (uploads, doubled) = session.execute(
            text(
                "SELECT (SELECT count(*) FROM upload WHERE filename LIKE '影像比较%'),"
                " (SELECT count(*) - count(DISTINCT code) FROM survey_feature WHERE upper_inf(known))"
            )
        ).one()
    assert (uploads, doubled) == (1, 0)


def test_a_child_that_takes_too_much_is_told_in_words(ground, monkeypatch):
    short = replace(LIMITS, seconds=1)
    monkeypatch.setattr(comparisons, "compared", partial(compared, limits=short))
    told = done(ground)
    assert (told["state"], told["error"]["code"]) == ("refused", "too_heavy")


def test_at_the_machine_itself(ground):
    with ground.office.begin() as session:
        people.open_account(session, "anna", "official", COUNTY)
    begun = comparisons.start_as(ground.office, "anna", *ground.images, {})
    told = comparisons.finish(ground.office, begun["id"])
    assert told["state"] == "done"
    assert told["asked_by"] == "anna"
    assert ask(ground).json()["id"] == begun["id"]


def test_the_dossier_names_both_images_and_shows_the_ground_in_them(ground):
    told = done(ground)
    (key, *_) = [one["key"] for said, _ in patches(ground, told) for one in said["findings"] if one["rule"] == "ZZ-04"]
    (seen,) = ground.official.get(f"/api/v1/findings/{key}/dossier").json()["comparisons"]
    assert seen["id"] == told["id"]
    assert [seen[role]["id"] for role in ("before", "after")] == ground.images
    assert [seen[role]["taken_on"] for role in ("before", "after")] == [BEFORE, AFTER]
    assert seen["settings"] == told["settings"]
    assert seen["patches"]
    for role in ("before", "after"):
        assert seen[role]["svg"].startswith("<svg")
        assert "data:image/png;base64," in seen[role]["svg"]
    printed = ground.official.get(f"/api/v1/findings/{key}/dossier.pdf")
    assert printed.content.startswith(b"%PDF")
    ground.signed_in("surveyor").post(f"/api/v1/images/{ground.images[0]}/withdraw")
    (seen,) = ground.official.get(f"/api/v1/findings/{key}/dossier").json()["comparisons"]
    assert (seen["before"]["svg"], seen["before"]["filename"]) == (None, "before.tif")
