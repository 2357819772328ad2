"""Who may come through which door: every route by every role, and nothing by a foreign page."""

from __future__ import annotations

import contextlib
import re

import pytest

from api import access
from tests.api.conftest import House

KEY = "0" * 64
VILLAGE = "441781104200"
CERTIFICATE = {"number": "441781104200010001J", "name": "无名", "id_tail": "000000"}
DECISION = {"action": "take_up", "reason": "到场", "seq": 0}

PUBLIC = {"anonymous": 200, "surveyor": 200, "official": 200, "admin": 200}
STAFF = {"anonymous": 401, "surveyor": 200, "official": 200, "admin": 200}
#: Things that do not exist: whoever may ask learns so, whoever may not learns nothing.
STAFF_MISS = {"anonymous": 401, "surveyor": 404, "official": 404, "admin": 404}
SURVEYOR_MISS = {"anonymous": 401, "surveyor": 404, "official": 403, "admin": 404}
PUBLIC_MISS = dict.fromkeys(PUBLIC, 404)

#: Every route: what it is asked with, and what each role hears. A route without a line here fails the test.
MATRIX = {
    ("POST", "/api/v1/session"): ({"json": {"username": "nobody", "password": "wrong"}}, dict.fromkeys(PUBLIC, 401)),
    ("DELETE", "/api/v1/session"): ({}, dict.fromkeys(PUBLIC, 204)),
    ("GET", "/api/v1/me"): ({}, STAFF),
    ("POST", "/api/v1/uploads"): (
        {"files": {"file": ("x.zip", b"no zip")}},
        {"anonymous": 401, "surveyor": 202, "official": 403, "admin": 202},
    ),
    ("GET", "/api/v1/uploads"): ({}, STAFF),
    ("GET", "/api/v1/uploads/compare"): ({"params": {"before": 999998, "after": 999999}}, STAFF_MISS),
    ("GET", "/api/v1/uploads/compare.csv"): ({"params": {"before": 999998, "after": 999999}}, STAFF_MISS),
    ("GET", "/api/v1/uploads/{upload_id}"): ({}, STAFF_MISS),
    ("POST", "/api/v1/uploads/{upload_id}/accept"): ({"json": {"accept": "valid_rows"}}, SURVEYOR_MISS),
    ("POST", "/api/v1/uploads/{upload_id}/withdraw"): ({}, SURVEYOR_MISS),
    ("POST", "/api/v1/uploads/{upload_id}/reread"): ({"json": {"crs": "EPSG:4546"}}, SURVEYOR_MISS),
    ("GET", "/api/v1/column-maps"): ({}, STAFF),
    ("POST", "/api/v1/column-maps"): (
        {"json": {"name": "某测绘公司", "layer": "parcel", "columns": {"DKBM": "parcel_id"}}},
        {"anonymous": 401, "surveyor": 201, "official": 403, "admin": 201},
    ),
    ("GET", "/api/v1/column-maps/{map_id}"): ({}, STAFF_MISS),
    ("GET", "/api/v1/uploads/{upload_id}/defects"): ({}, STAFF_MISS),
    ("GET", "/api/v1/uploads/{upload_id}/defects/{group}"): ({}, STAFF_MISS),
    ("GET", "/api/v1/uploads/{upload_id}/defects.gpkg"): ({}, STAFF_MISS),
    ("GET", "/api/v1/uploads/{upload_id}/report.pdf"): ({}, STAFF_MISS),
    ("GET", "/api/v1/uploads/{upload_id}/vanished"): ({}, STAFF_MISS),
    ("GET", "/api/v1/uploads/{upload_id}/original"): ({}, STAFF_MISS),
    ("GET", "/api/v1/findings"): ({}, STAFF),
    ("GET", "/api/v1/findings.csv"): ({}, STAFF),
    ("GET", "/api/v1/findings.gpkg"): ({}, STAFF),
    ("GET", "/api/v1/findings/{key}"): ({}, STAFF_MISS),
    ("GET", "/api/v1/findings/{key}/dossier"): ({}, STAFF_MISS),
    ("GET", "/api/v1/findings/{key}/dossier.pdf"): ({}, STAFF_MISS),
    ("GET", "/api/v1/exports/{what}.{form}"): ({}, STAFF),
    ("POST", "/api/v1/findings/{key}/events"): (
        {"json": DECISION},
        {"anonymous": 401, "surveyor": 403, "official": 404, "admin": 403},
    ),
    ("GET", "/api/v1/parcels"): ({}, STAFF),
    ("GET", "/api/v1/parcels/{code}"): ({}, STAFF_MISS),
    ("GET", "/api/v1/reserved-ledger"): ({}, STAFF),
    ("GET", "/api/v1/reserved-ledger.csv"): ({}, STAFF),
    ("GET", "/api/v1/villages"): ({}, STAFF),
    ("GET", "/api/v1/villages/{code}/map.html"): ({}, STAFF),
    ("GET", "/api/v1/tiles/{layer}/{z}/{x}/{y}.pbf"): ({}, STAFF),
    ("POST", "/api/v1/images"): (
        {"files": {"file": ("x.tif", b"no tiff")}, "data": {"taken_on": "2024-05-01"}},
        {"anonymous": 401, "surveyor": 202, "official": 403, "admin": 202},
    ),
    ("GET", "/api/v1/images"): ({}, STAFF),
    ("GET", "/api/v1/images/{image_id}"): ({}, STAFF_MISS),
    ("POST", "/api/v1/images/{image_id}/withdraw"): ({}, SURVEYOR_MISS),
    ("GET", "/api/v1/images/{image_id}/original"): ({}, STAFF_MISS),
    ("GET", "/api/v1/images/{image_id}/shares"): ({"params": {"parcel": "4417811042000100001"}}, STAFF_MISS),
    ("GET", "/api/v1/images/{image_id}/tiles/{z}/{x}/{y}.{form}"): ({}, STAFF_MISS),
    ("POST", "/api/v1/images/comparisons"): (
        {"json": {"before": 999998, "after": 999999}},
        {"anonymous": 401, "surveyor": 403, "official": 404, "admin": 404},
    ),
    ("GET", "/api/v1/images/comparisons"): ({}, STAFF),
    ("GET", "/api/v1/images/comparisons/{comparison_id}"): ({}, STAFF_MISS),
    ("GET", "/api/v1/images/comparisons/{comparison_id}/patches"): ({}, STAFF_MISS),
    ("POST", "/api/v1/images/comparisons/{comparison_id}/withdraw"): (
        {},
        {"anonymous": 401, "surveyor": 403, "official": 404, "admin": 404},
    ),
    ("POST", "/api/v1/certificates/lookup"): ({"json": CERTIFICATE}, PUBLIC_MISS),
    ("GET", "/api/v1/certificates/{token}.pdf"): ({}, PUBLIC_MISS),
    ("GET", "/api/v1/tokens"): ({}, STAFF),
    ("POST", "/api/v1/tokens"): ({"json": {"name": "QGIS"}}, {"anonymous": 401} | dict.fromkeys(access.ROLES, 201)),
    ("DELETE", "/api/v1/tokens/{token_id}"): ({}, STAFF_MISS),
    ("GET", "/ogc"): ({}, STAFF),
    ("GET", "/ogc/conformance"): ({}, STAFF),
    ("GET", "/ogc/collections"): ({}, STAFF),
    ("GET", "/ogc/collections/{name}"): ({}, STAFF),
    ("GET", "/ogc/collections/{name}/items"): ({}, STAFF),
    ("GET", "/ogc/collections/{name}/items/{id}"): ({}, STAFF_MISS),
    ("GET", "/api/v1/rules"): ({}, PUBLIC),
    ("GET", "/api/v1/rules/asked"): ({}, STAFF),
    ("GET", "/api/v1/thresholds"): ({}, PUBLIC),
    ("POST", "/api/v1/thresholds"): (
        {"content": b"version: x"},
        {"anonymous": 401, "surveyor": 403, "official": 200, "admin": 200},
    ),
    ("GET", "/api/v1/thresholds/mine"): ({}, STAFF),
    ("GET", "/api/v1/thresholds/mine.yaml"): ({}, STAFF),
    ("GET", "/api/v1/health/live"): ({}, PUBLIC),
    ("GET", "/api/v1/health/ready"): ({}, PUBLIC),
    ("GET", "/"): ({}, PUBLIC),
    ("GET", "/sign-in"): ({}, PUBLIC),
    ("GET", "/uploads"): ({}, PUBLIC | {"anonymous": 303}),
    ("GET", "/uploads/compare"): ({}, PUBLIC | {"anonymous": 303}),
    ("GET", "/uploads/{upload_id}"): ({}, PUBLIC | {"anonymous": 303}),
    ("GET", "/map"): ({}, PUBLIC | {"anonymous": 303}),
    ("GET", "/reserved"): ({}, PUBLIC | {"anonymous": 303}),
    ("GET", "/images"): ({}, PUBLIC | {"anonymous": 303}),
    ("GET", "/connect"): ({}, PUBLIC | {"anonymous": 303}),
    ("GET", "/certificate"): ({}, PUBLIC),
    ("GET", "/rules"): ({}, PUBLIC),
    ("GET", "/about"): ({}, PUBLIC),
    ("GET", "/help"): ({}, PUBLIC),
}


def filled(path):
    """A path with values that are well formed and name nothing."""
    parcel = "parcels/" in path
    values = {
        "upload_id": "999999",
        "map_id": "999999",
        "key": KEY,
        "code": "4417811042000100001" if parcel else VILLAGE,
        "layer": "parcel",
        "what": "parcel",
        "form": "png" if "tiles/" in path else "csv",
        "image_id": "999999",
        "comparison_id": "999999",
        "z": "14",
        "x": "13270",
        "y": "7160",
        "token": "nothing",
        "group": "0123456789abcdef",
        "token_id": "999999",
        "name": "parcels",
        "id": "none",
    }
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], path)


def test_every_route_says_what_each_role_may(house):
    doors = {(method, path): roles for method, path, roles in access.doors(house.app)}
    assert doors.keys() == MATRIX.keys()
    clients = {"anonymous": house.anonymous} | {role: lambda role=role: house.signed_in(role) for role in access.ROLES}
    for (method, path), (asked, expected) in MATRIX.items():
        for role, status in expected.items():
            house.office.lookups.forget("192.0.2.1")
            answer = clients[role]().request(method, filled(path), follow_redirects=False, **asked)
            assert answer.status_code == status, (method, path, role, answer.text[:300])


def test_another_village_is_as_if_it_were_not(town):
    """Whoever answers for other ground finds nothing there, by any door."""
    near = town.signed_in("official")
    finding = near.get("/api/v1/findings").json()["items"][0]
    parcel = near.get("/api/v1/parcels").json()["features"][0]["properties"]["code"]
    box = {"bbox": "111,21,113,23"}
    for role in access.ROLES:
        far = town.signed_in(role, "441702")
        upload = f"/api/v1/uploads/{town.report['id']}"
        for path in (
            upload,
            f"{upload}/original",
            f"{upload}/defects",
            f"{upload}/defects.gpkg",
            f"{upload}/report.pdf",
            f"{upload}/vanished",
            f"/api/v1/findings/{finding['key']}",
            f"/api/v1/parcels/{parcel}",
            f"/api/v1/villages/{parcel[:12]}/map.html",
        ):
            assert far.get(path).status_code == 404, (role, path)
        assert far.get("/api/v1/findings").json()["total"] == 0
        assert far.get("/api/v1/findings", params={"village": parcel[:12]}).json()["total"] == 0
        assert far.get("/api/v1/parcels", params=box).json()["features"] == []
        assert far.get("/api/v1/villages").json()["items"] == []
        assert far.get("/api/v1/uploads").json()["items"] == []
        assert parcel not in far.get("/api/v1/findings.csv").text
        for what in ("parcel", "contractor", "findings", "uploads"):
            assert len(far.get(f"/api/v1/exports/{what}.csv").text.splitlines()) == 1, (role, what)
            assert far.get(f"/api/v1/exports/{what}.csv", params={"village": parcel[:12]}).status_code == 404
    decided = town.signed_in("official", "441702").post(f"/api/v1/findings/{finding['key']}/events", json=DECISION)
    assert decided.status_code == 404


def test_a_foreign_page_changes_nothing(house):
    """Every unsafe route, taken from the route table, refuses a request that another site made."""
    client = house.signed_in("admin")
    unsafe = [(method, path) for method, path, _ in access.doors(house.app) if method not in ("GET", "HEAD")]
    assert len(unsafe) >= 7
    for method, path in unsafe:
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Referer": "https://evil.example/page"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "http://testserver.evil.example"},
            {"Origin": "http://[broken"},
        ):
            answer = client.request(method, filled(path), headers=headers, json={})
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin"), (method, path, headers)
    assert client.get("/api/v1/me").status_code == 200
    assert client.delete("/api/v1/session", headers={"Origin": "http://testserver"}).status_code == 204


def test_nothing_unsafe_is_done_by_get(house):
    """What changes something is never a GET."""
    changing = ("accept", "withdraw", "events", "session", "lookup")
    for method, path, _ in access.doors(house.app):
        if method == "GET":
            assert not path.endswith(changing)


def test_a_silent_route_stops_the_start(house):
    @house.app.get("/api/v1/forgotten")
    def forgotten():
        return {}

    with pytest.raises(RuntimeError, match="forgotten"):
        access.check(house.app)


def test_headers_are_on_every_answer(house):
    for path in ("/", "/api/v1/rules", "/api/v1/me", "/nothing"):
        headers = house.anonymous().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_without_a_database_it_says_so_and_lives(tmp_path):
    house = House(tmp_path, "postgresql+psycopg:///none?host=/nowhere")
    client = house.anonymous()
    assert client.get("/api/v1/health/live").status_code == 200
    for answer in (client.get("/api/v1/health/ready"), client.post("/api/v1/certificates/lookup", json=CERTIFICATE)):
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    house.close()


def test_who_finds_no_free_connection_is_asked_to_wait(house):
    """Rather a clear word now than a queue without end."""
    office = house.office
    office.engine.pool._timeout = 0.1
    client = house.signed_in("official")
    with contextlib.ExitStack() as taken:
        for _ in range(20):
            taken.enter_context(office.engine.connect())
        answer = client.get("/api/v1/findings")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
