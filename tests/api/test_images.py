"""Images through the door: taken in once and whole, shown in tiles to those who may, measured under parcels."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile

from api.gate import BODY_LIMIT
from api.work import images
from data.store.versions import supersede
from tests.data.conftest import EAST, NORTH, VILLAGE, box, delivery, parcels
from tests.imagery.build import classes, photo, tiff

HALF_WORLD = 20037508.342789244
CODE = f"{VILLAGE}0100001"
DAY = {"taken_on": "2024-05-01"}


@pytest.fixture
def surveyor(house):
    return house.signed_in("surveyor")


@pytest.fixture
def ortho(tmp_path):
    return tiff(tmp_path / "a.tif", photo(400, 400), corner=(EAST - 200, NORTH + 200))


def address(z, east=EAST, north=NORTH):
    """The tile that holds a place."""
    from pyproj import Transformer

    x, y = Transformer.from_crs(4525, 3857, always_xy=True).transform(east, north)
    side = 2 * HALF_WORLD / (1 << z)
    return z, int((x + HALF_WORLD) // side), int((HALF_WORLD - y) // side)


def tile(client, image, z=17, form="png", **headers):
    return client.get("/api/v1/images/{}/tiles/{}/{}/{}.{}".format(image["id"], *address(z), form), headers=headers)


def pixels(answer):
    with MemoryFile(answer.content) as memory, memory.open() as file:
        return file.read()


def test_an_orthophoto_is_taken_in_and_shown(house, surveyor, ortho):
    image = house.picture(surveyor, ortho, **DAY)
    assert (image["state"], image["crs"], image["size"], image["bands"]) == ("ready", "EPSG:4525", [400, 400], 3)
    assert image["pixel_m"] == 1.0
    assert image["notes"][0]["code"] == "raster_all_ground"
    assert image["bbox"][0] < image["bbox"][2]
    official = house.signed_in("official")
    assert [one["id"] for one in official.get("/api/v1/images").json()["items"]] == [image["id"]]
    for form in ("png", "webp"):
        answer = tile(official, image, form=form)
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"image/{form}")
        assert pixels(answer).shape[1:] == (256, 256)
    assert surveyor.get(f"/api/v1/images/{image['id']}/original").content == ortho.read_bytes()


def test_an_image_is_larger_than_a_form(house, surveyor, tmp_path):
    """Pictures of a village have many megabytes; only their own limit counts."""
    ortho = tiff(tmp_path / "large.tif", photo(800, 800), corner=(EAST - 400, NORTH + 400))
    assert ortho.stat().st_size > BODY_LIMIT
    assert house.picture(surveyor, ortho, **DAY)["state"] == "ready"


def test_a_tile_is_sent_once(house, surveyor, ortho):
    image = house.picture(surveyor, ortho, **DAY)
    first = tile(surveyor, image)
    again = tile(surveyor, image, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_beyond_the_image_a_tile_is_clear(house, surveyor, ortho):
    image = house.picture(surveyor, ortho, **DAY)
    answer = surveyor.get(f"/api/v1/images/{image['id']}/tiles/3/0/0.png")
    assert answer.status_code == 200
    assert pixels(answer)[3].max() == 0
    for bad in ("23/0/0.png", "3/8/0.png", "-1/0/0.png", "3/0/99999999999999.png"):
        assert surveyor.get(f"/api/v1/images/{image['id']}/tiles/{bad}").status_code == 404
    assert surveyor.get(f"/api/v1/images/{image['id']}/tiles/3/0/0.gif").status_code == 422


def test_the_same_bytes_are_one_image_and_one_pair_of_files(house, surveyor, ortho):
    first, again = (house.picture(surveyor, ortho, **DAY) for _ in range(2))
    assert first == again
    assert len(list((house.home / "images").iterdir())) == 2


def test_who_was_wrong_about_an_image_withdraws_it_first(house, surveyor, ortho):
    first = house.picture(surveyor, ortho, **DAY)
    with ortho.open("rb") as file:
        answer = surveyor.post("/api/v1/images", files={"file": file}, data={"taken_on": "2023-05-01"})
    assert (answer.status_code, answer.json()["code"]) == (409, "image_known")
    withdrawn = surveyor.post(f"/api/v1/images/{first['id']}/withdraw").json()
    assert (withdrawn["state"], withdrawn["tiles"]) == ("withdrawn", None)
    assert tile(surveyor, first).status_code == 404
    second = house.picture(surveyor, ortho, taken_on="2023-05-01")
    assert (second["state"], second["taken_on"]) == ("ready", "2023-05-01")


def test_another_area_sees_nothing_of_it(house, surveyor, ortho):
    image = house.picture(surveyor, ortho, scope=VILLAGE[:6], **DAY)
    for role in ("surveyor", "official", "admin"):
        far, near = house.signed_in(role, "441781"), house.signed_in(role, VILLAGE)
        for path in ("", "/original"):
            assert far.get(f"/api/v1/images/{image['id']}{path}").status_code == 404
            assert near.get(f"/api/v1/images/{image['id']}{path}").status_code == 200
        assert tile(far, image).status_code == 404
        assert tile(near, image).status_code == 200
        assert far.get("/api/v1/images").json()["items"] == []
    assert house.signed_in("surveyor", VILLAGE).post(f"/api/v1/images/{image['id']}/withdraw").status_code == 403
    assert house.signed_in("surveyor", "441781").post(f"/api/v1/images/{image['id']}/withdraw").status_code == 404
    outside = house.signed_in("surveyor", VILLAGE)
    with ortho.open("rb") as file:
        answer = outside.post("/api/v1/images", files={"file": file}, data=DAY | {"scope": "4417"})
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_scope")


def test_what_is_no_image_is_refused_with_a_reason(house, surveyor, tmp_path):
    (tmp_path / "a.tif").write_bytes(b"PK\3\4" + bytes(100))
    image = house.picture(surveyor, tmp_path / "a.tif", **DAY)
    assert (image["state"], image["error"]["code"]) == ("refused", "raster_magic")
    assert tile(surveyor, image).status_code == 404
    assert list((house.home / "images").glob(".*")) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "taken_on"),
        ({"taken_on": "2024-02-30"}, "taken_on"),
        ({"taken_on": "9999-01-01"}, "taken_on"),
        (DAY | {"kind": "map"}, "kind"),
        (DAY | {"crs": "+init=x"}, "crs"),
        (DAY | {"nodata": "nan"}, "nodata"),
        (DAY | {"scope": "44x"}, "scope"),
        (DAY | {"layer": "parcel"}, "unknown_field"),
    ],
)
def test_what_is_said_of_it_is_read_strictly(surveyor, fields, code):
    answer = surveyor.post("/api/v1/images", files={"file": ("a.tif", b"x")}, data=fields)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_classes_under_a_parcel(house, surveyor, tmp_path):
    """A parcel of 10 by 10 m across the middle of four quarters: 4 + 6 columns, 3 + 7 rows of metres."""
    with house.office.begin() as session:
        supersede(session, "parcel", parcels(p00001=box(0, 0)), delivery(session))
    raster = tiff(tmp_path / "c.tif", classes(100, 100), corner=(EAST + 4 - 50, NORTH + 7 + 50))
    image = house.picture(surveyor, raster, kind="classes", nodata="0", **DAY)
    assert image["state"] == "ready", image["error"]
    assert [one["value"] for one in image["classes"]] == [1, 2, 3]
    official = house.signed_in("official")
    told = official.get(f"/api/v1/images/{image['id']}/shares", params={"parcel": CODE}).json()
    found = {one["value"]: one["m2"] for one in told["classes"]}
    assert found == pytest.approx({1: 4 * 3, 2: 6 * 3, 3: 4 * 7}, abs=1e-3)
    assert told["covered_m2"] == pytest.approx(58, abs=1e-3)
    assert told["area_m2"] == pytest.approx(100, abs=1e-3)
    far = house.signed_in("official", "441781")
    assert far.get(f"/api/v1/images/{image['id']}/shares", params={"parcel": CODE}).status_code == 404
    none = official.get(f"/api/v1/images/{image['id']}/shares", params={"parcel": CODE[:-1] + "9"})
    assert none.status_code == 404


def test_an_orthophoto_has_no_classes(house, surveyor, ortho):
    with house.office.begin() as session:
        supersede(session, "parcel", parcels(p00001=box(0, 0)), delivery(session))
    image = house.picture(surveyor, ortho, **DAY)
    answer = surveyor.get(f"/api/v1/images/{image['id']}/shares", params={"parcel": CODE})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_classes")


@pytest.mark.parametrize("commit", [1, 2, 3])
def test_a_worker_killed_before_a_commit_leaves_row_and_file_agreed(house, surveyor, ortho, commit):
    """Whenever it dies: no row speaks of a file that is not there whole, and the next worker finishes the work."""
    with ortho.open("rb") as file:
        image = surveyor.post("/api/v1/images", files={"file": file}, data=DAY).json()
    url = house.office.engine.url.render_as_string(hide_password=False)
    env = os.environ | {"DINGXIN_HOME": str(house.home), "DINGXIN_DATABASE_URL": url}
    done = subprocess.run([sys.executable, "-m", "tests.api.doomed", str(commit)], env=env, capture_output=True)
    told = surveyor.get(f"/api/v1/images/{image['id']}").json()
    assert told["state"] in ("received", "ready"), done.stderr
    if commit < 3:
        assert (done.returncode, told["state"]) == (-signal.SIGKILL, "received")
    images.take_in(house.office, image["id"])
    told = surveyor.get(f"/api/v1/images/{image['id']}").json()
    assert told["state"] == "ready"
    folder = house.home / "images"
    assert len([path for path in folder.iterdir() if not path.name.startswith(".")]) == 2
    assert tile(surveyor, told).status_code == 200


def test_a_file_of_this_machine(house, ortho):
    with house.office.begin() as session:
        from api import people

        people.open_account(session, "anna", "surveyor", "4417")
    image = images.hand_in_file(house.office, "anna", ortho, dict(DAY))
    house.work()
    told = images.told(house.office, None, image["id"])
    assert told["state"] == "ready"
    with rasterio.open(house.home / "images" / told["sha256"]) as kept, rasterio.open(ortho) as given:
        assert np.array_equal(kept.read(), given.read())
    (cog,) = (house.home / "images").glob("*.tif")
    with rasterio.open(cog) as made, rasterio.open(ortho) as given:
        assert np.array_equal(made.read(), given.read())
        assert made.transform == given.transform
