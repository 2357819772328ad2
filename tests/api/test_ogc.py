"""OGC API Features as a GIS uses it: GDAL's own client reads over HTTP what its owner may see, and no more."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from datetime import date

import pyogrio
import pytest
import shapely
from sqlalchemy import func, select

from data.store.versions import retire, then
from data.tables import AccessToken, Parcel, ReservedLand
from tests.api.conftest import House

COUNTY, ELSEWHERE = "441781", "441702"
SERVER = """
import sys, uvicorn
from api.app import create_app
from api.settings import Settings
uvicorn.run(create_app(Settings()), fd=int(sys.argv[1]), log_level="warning")
"""
KEYED = {"parcels": "code", "reserved_land": "code", "findings": "key", "finding_points": "key"}


@pytest.fixture(scope="module")
def read_only(cluster, delivered, tmp_path_factory):
    """A house with the sample in it, in which no test changes a fact."""
    name, _, report = delivered
    with cluster.database(f"ogc_{secrets.token_hex(4)}", name) as copied:
        house = House(tmp_path_factory.mktemp("ogc"), cluster.url(copied))
        house.report = report
        yield house
        house.close()


@pytest.fixture(scope="module")
def served(read_only):
    """It behind a server in a process of its own: GDAL holds this one's interpreter while it reads."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        read_only.url = f"http://127.0.0.1:{listening.getsockname()[1]}/ogc"
        settings = {
            "DINGXIN_HOME": str(read_only.home),
            "DINGXIN_DATABASE_URL": read_only.office.settings.database_url,
        }
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(listening.fileno())],
            env=os.environ | settings,
            pass_fds=[listening.fileno()],
        )
        yield read_only
        server.terminate()
        assert server.wait(timeout=30) in (0, -signal.SIGTERM)


@pytest.fixture
def gdal(served):
    """GDAL with the token of a person of some area, sent as the password of basic credentials."""

    def of(scope):
        client = served.signed_in("official", scope)
        token = client.post("/api/v1/tokens", json={"name": "QGIS"}).json()["token"]
        pyogrio.set_gdal_config_options({"GDAL_HTTP_USERPWD": f"any:{token}", "GDAL_HTTP_AUTH": "BASIC"})
        return client

    yield of
    pyogrio.set_gdal_config_options({"GDAL_HTTP_USERPWD": None, "GDAL_HTTP_AUTH": None})


def read(house, layer, **options):
    return pyogrio.read_dataframe(f"OAPIF:{house.url}", layer=layer, **options)


def kept(house, table):
    """What the books hold, shapes as they are kept."""
    with house.office.begin() as session:
        query = select(table.code, func.ST_AsBinary(table.geom)).where(*then(table))
        return {code: shapely.from_wkb(bytes(wkb)) for code, wkb in session.execute(query)}


def test_gdal_reads_every_collection_page_by_page(served, gdal):
    """All features, each once, though a page holds fewer: as many as the books have, by a client nobody here wrote."""
    gdal(COUNTY)
    assert {name for name, _ in pyogrio.list_layers(f"OAPIF:{served.url}")} == set(KEYED)
    for layer, table in (("parcels", Parcel), ("reserved_land", ReservedLand)):
        ours = kept(served, table)
        found = read(served, layer, PAGE_SIZE="300")
        assert sorted(found["code"]) == sorted(ours)
        assert found.crs.to_epsg() == 4546
        degrees = read(served, layer, CRS="EPSG:4326")
        assert degrees.total_bounds == pytest.approx(found.to_crs(4326).total_bounds, abs=1e-8)
    client = served.signed_in("official", COUNTY)
    listed = client.get("/api/v1/findings", params={"limit": 500}).json()
    assert listed["next"] is None
    keys = sorted(each["key"] for each in listed["items"])
    placeless = {each["key"] for each in listed["items"] if not each["point"]}
    assert len(keys) - len(placeless) > 7
    for layer in ("findings", "finding_points"):
        found = read(served, layer, PAGE_SIZE="7")
        assert sorted(found["key"]) == keys
        assert placeless <= set(found["key"][found.geometry.isna()])
    assert set(found["key"][found.geometry.isna()]) == placeless != set()


def test_in_the_metric_system_not_one_bit_is_lost(served, gdal):
    """Axes are as the system names them, north first; GDAL turns them back, and every coordinate is the one we keep."""
    gdal(COUNTY)
    found = read(served, "parcels", CRS="EPSG:4546", INITIAL_REQUEST_PAGE_SIZE="50")
    assert found.crs.to_epsg() == 4546
    ours = kept(served, Parcel)
    theirs = dict(zip(found["code"], found.geometry, strict=True))
    assert all(shapely.equals_identical(shapely.normalize(theirs[c]), shapely.normalize(ours[c])) for c in ours)
    raw = served.signed_in("official", COUNTY).get(
        "/ogc/collections/parcels/items?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4546"
    )
    assert raw.headers["content-crs"] == "<http://www.opengis.net/def/crs/EPSG/0/4546>"
    north, east = raw.json()["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert 2_300_000 < north < 2_600_000
    assert 400_000 < east < 700_000


def test_a_box_selects_what_meets_it_in_any_system(served, gdal):
    """GDAL's own choice among all features is what the server chooses, in degrees and in metres."""
    gdal(COUNTY)
    ours = kept(served, Parcel)
    west, south, east, north = shapely.total_bounds(list(ours.values()))
    box = (west, south, west + (east - west) / 3, south + (north - south) / 3)
    inside = sorted(code for code, shape in ours.items() if shapely.box(*box).intersects(shape))
    assert 0 < len(inside) < len(ours)
    assert sorted(read(served, "parcels", CRS="EPSG:4546", bbox=box)["code"]) == inside
    degrees = read(served, "parcels", CRS="EPSG:4490")
    corner = (*degrees.total_bounds[:2], *degrees.geometry.iloc[0].centroid.coords[0])
    mine = sorted(degrees["code"][degrees.intersects(shapely.box(*corner))])
    assert sorted(read(served, "parcels", CRS="EPSG:4490", bbox=corner)["code"]) == mine


def test_whoever_answers_for_other_ground_sees_nothing(served, gdal):
    """A token opens what its owner may see: elsewhere nothing, in one village that village, and afterwards nobody."""
    client = gdal(ELSEWHERE)
    for layer in KEYED:
        assert len(read(served, layer)) == 0
    code = next(iter(kept(served, Parcel)))
    assert client.get(f"/ogc/collections/parcels/items/{code}").status_code == 404
    gdal(code[:12])
    assert set(read(served, "parcels")["code"].str[:12]) == {code[:12]}
    found = read(served, "findings")
    assert len(found) > 0
    assert all(code[:12] in (str(row.a_code)[:12], str(row.b_code)[:12]) for row in found.itertuples())


def test_a_token_ends_with_its_owners_will_its_year_or_its_account(town):
    """Taken back, run out or of a closed account: nobody; a cookie reads too, and a token opens no other door."""
    client = town.signed_in("official", COUNTY)
    made = client.post("/api/v1/tokens", json={"name": "QGIS"}).json()
    program = town.anonymous()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert program.get("/ogc/collections/parcels/items?limit=1", headers=bearer).json()["numberReturned"] == 1
    assert program.get("/api/v1/parcels", headers=bearer).status_code == 401
    assert client.get("/ogc").status_code == 200
    assert [one["id"] for one in client.get("/api/v1/tokens").json()["items"]] == [made["id"]]
    assert town.signed_in("admin", COUNTY).delete(f"/api/v1/tokens/{made['id']}").status_code == 404
    with town.office.begin() as session:
        assert made["token"].encode() not in session.scalars(select(AccessToken.token_hash)).one()
        token = session.scalars(select(AccessToken)).one()
        token.expires_at = token.made_at
    refused = program.get("/ogc", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused.headers["www-authenticate"].startswith("Basic")
    again = client.post("/api/v1/tokens", json={"name": "GDAL"}).json()
    bearer = {"Authorization": f"Bearer {again['token']}"}
    assert program.get("/ogc", headers=bearer).status_code == 200
    assert client.delete(f"/api/v1/tokens/{again['id']}").status_code == 204
    assert program.get("/ogc", headers=bearer).status_code == 401


def test_a_day_of_the_past_shows_what_was_true_on_it(town):
    """`datetime` asks for days on the ground; the sample is true on every day."""
    client = town.signed_in("official", COUNTY)
    here = "/ogc/collections/parcels/items"
    today = client.get(here, params={"limit": 1}).json()["numberMatched"]
    with town.office.begin() as session:
        code = session.scalar(select(func.min(Parcel.code)).where(*then(Parcel)))
        assert retire(session, "parcel", [code], town.report["id"], date(2020, 1, 1)) == 1
    ask = lambda when: client.get(here, params={"limit": 1, "datetime": when}).json()["numberMatched"]  # noqa: E731
    assert ask("2019-12-31") == ask("../2019-12-31T23:59:59Z") == today
    assert ask("2020-01-01") == ask("2020-01-01/..") == today - 1


REFUSED = (
    "limit=0", "limit=-1", "limit=abc", "limit=1&limit=2", "offset=5", "nothing=1", "f=html", "crs=EPSG:4326",
    "bbox=1,2,3", "bbox=nan,0,1,1", "bbox=3,0,1,1", "bbox=1e999,0,1e999,1", "bbox=1,2,3,4&bbox-crs=x",
    "datetime=yesterday", "datetime=2020-02-30", "datetime=2021-01-01/2020-01-01", "datetime=../..",
)  # fmt: skip


def test_what_the_standard_does_not_know_is_refused(read_only):
    client = read_only.signed_in("official", COUNTY)
    for query in REFUSED:
        answer = client.get(f"/ogc/collections/parcels/items?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "parameter"), query
    assert client.get("/ogc/collections/people/items").status_code == 404
    assert client.get("/ogc/collections/parcels/items/none").status_code == 404
    assert client.get("/ogc/collections/parcels/items?f=json").status_code == 200


def test_equal_values_choose_and_nothing_in_them_is_sql(read_only):
    client = read_only.signed_in("official", COUNTY)
    here = "/ogc/collections/findings/items"
    found = client.get(here).json()["features"]
    rule = found[0]["properties"]["rule"]
    chosen = client.get(here, params={"rule": rule}).json()
    assert {one["properties"]["rule"] for one in chosen["features"]} == {rule}
    assert len(chosen["features"]) == sum(one["properties"]["rule"] == rule for one in found)
    assert client.get(here, params={"rule": "' OR 1=1 --"}).json()["features"] == []


def test_nothing_published_names_a_person(read_only):
    """No holder, no member, no number of an identity card in any collection."""
    with read_only.office.begin() as session:
        from data.tables import Contractor, HouseholdMember

        names = set(session.scalars(select(Contractor.name))) | set(session.scalars(select(HouseholdMember.name)))
        numbers = set(session.scalars(select(HouseholdMember.id_number)))
    client = read_only.signed_in("admin")
    for layer in KEYED:
        text = client.get(f"/ogc/collections/{layer}/items?limit=10000").text
        assert not [name for name in names if name and len(name) > 2 and name in text]
        assert not [number for number in numbers if number and number in text]
