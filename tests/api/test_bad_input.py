"""Whatever is sent, the answer says what is wrong and is never a failure of ours."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from api import stream
from api.access import Everyone
from api.office import Here

ODD_TEXT = [
    "\x00",
    "a\x00b",
    "%",
    "_",
    "'",
    '"',
    "); DROP TABLE finding;--",
    "𠮷",
    "\u202e",
    "٣",
    "９",
    "-1",
    "1e9",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    "9" * 400,
    "../../etc/passwd",
    "${7*7}",
    " ",
]
BOXES = [
    "nan,21,112,23",
    "111,21,inf,23",
    "112,21,111,23",
    "111,23,112,21",
    "111,21,112",
    "1,2,3,4,5",
    "",
    ",,,",
    "-181,0,0,1",
    "0,-91,1,0",
    "9" * 200 + ",1,2,3",
    "111,21,111,23",
    "a,b,c,d",
    "1e400,1,2,3",
    "١,2,3,4",
]
TILES = ["-1/0/0", "0/1/0", "0/0/1", "23/0/0", "40/1/1", "1/2/0", f"{2**63}/0/0", "1/0/-1", "a/0/0", "1.5/0/0", "٣/0/0"]


@pytest.fixture(scope="module")
def client(cluster, template, tmp_path_factory):
    from tests.api.conftest import House

    with cluster.database("bad_input", template) as name:
        house = House(tmp_path_factory.mktemp("home"), cluster.url(name))
        client = house.signed_in("official")
        client.house = house
        yield client
        house.close()


@pytest.mark.parametrize("limit", ["-1", "0", "1000000000", "1.5", "x", "", "9" * 50])
@pytest.mark.parametrize("path", ["/api/v1/findings", "/api/v1/uploads", "/api/v1/parcels"])
def test_limits(client, path, limit):
    assert client.get(path, params={"limit": limit}).status_code == 422


@pytest.mark.parametrize("bbox", BOXES)
@pytest.mark.parametrize("path", ["/api/v1/findings", "/api/v1/parcels"])
def test_boxes(client, path, bbox):
    assert client.get(path, params={"bbox": bbox}).status_code == 422


@pytest.mark.parametrize("address", TILES)
def test_tiles(client, address):
    assert client.get(f"/api/v1/tiles/parcel/{address}.pbf").status_code == 404


def test_a_layer_without_tiles(client):
    assert client.get("/api/v1/tiles/contractor/1/0/0.pbf").status_code in (404, 422)


@pytest.mark.parametrize("odd", ODD_TEXT)
def test_odd_words_anywhere(client, odd):
    for name in ("rule", "category", "state", "presence", "village", "upload", "q", "cursor", "bbox", "limit"):
        answer = client.get("/api/v1/findings", params={name: odd})
        assert answer.status_code in (200, 422), (name, answer.text)
    for path in (
        "findings/{}",
        "uploads/{}",
        "parcels/{}",
        "villages/{}/map.html",
        "certificates/{}.pdf",
        "tiles/{}/1/0/0.pbf",
        "uploads/{}/original",
    ):
        from urllib.parse import quote

        answer = client.get(f"/api/v1/{path.format(quote(odd, safe=''))}")
        assert answer.status_code in (404, 422), (path, answer.text)
    given = {"number": odd, "name": odd, "id_tail": odd[:6].ljust(6, "0")}
    client.house.office.lookups.forget("192.0.2.1")
    assert client.post("/api/v1/certificates/lookup", json=given).status_code in (404, 422)
    client.house.office.sign_ins.forget(f"192.0.2.1|{odd.strip()}")
    client.house.office.addresses.forget("192.0.2.1")
    answer = client.post("/api/v1/session", json={"username": odd, "password": odd})
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":' * 100_000, b"[" * 100_000,
        b'{"username": "\\ud800", "password": "x"}', b'{"username": "a\\u0000", "password": "x"}',
        b'{"username": "a", "username": ["b"], "password": "x"}', b'{"username": 1e400, "password": "x"}',
        json.dumps({"username": "x" * 100_000, "password": "x"}).encode(),
    ],
)  # fmt: skip
def test_odd_bodies(client, body):
    for path in (
        "/api/v1/session",
        "/api/v1/certificates/lookup",
        f"/api/v1/findings/{'0' * 64}/events",
        "/api/v1/uploads/1/accept",
    ):
        answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 403, 404, 422), (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_large_body_is_not_read(client):
    answer = client.post("/api/v1/session", content=b" " * (2 << 20))
    assert answer.status_code == 413


def test_a_refusal_never_repeats_what_was_sent(client):
    answer = client.post("/api/v1/session", json={"username": ["11010519491231002X"], "password": "geheim"})
    assert answer.status_code == 422
    assert "11010519491231002X" not in answer.text


def test_every_refusal_is_a_problem_in_two_languages(client):
    for answer in (
        client.get("/api/v1/nothing"),
        client.get("/api/v1/findings?limit=0"),
        client.put("/api/v1/me"),
        client.house.anonymous().get("/api/v1/me"),
    ):
        told = answer.json()
        assert {"type", "title", "status", "code", "detail_zh", "detail_en"} <= told.keys()
        assert told["status"] == answer.status_code


def test_a_failure_of_ours_tells_nothing_and_logs_no_words(client, caplog):
    """Neither the answer nor the log repeats what an error says: it may quote a row, and rows name people."""
    app = client.house.app
    canary = "11010519491231" + "002X"  # in two parts: a traceback shows the lines of the source

    @app.get("/api/v1/broken", dependencies=[Everyone])
    def broken():
        raise ValueError(canary)

    @app.get("/api/v1/broken-row", dependencies=[Everyone])
    def broken_row(office: Here):
        with office.begin() as session:
            session.execute(
                text("INSERT INTO account (username, password_hash, role, scope) VALUES (:n, '', 'x', '')"),
                {"n": canary},
            )

    for path in ("/api/v1/broken", "/api/v1/broken-row"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert canary not in answer.text
    assert "ValueError" in caplog.text
    assert "IntegrityError" in caplog.text
    assert canary not in caplog.text


class TestUploads:
    """What can be wrong with a delivery before anybody looks into it."""

    @pytest.fixture
    def surveyor(self, client):
        return client.house.signed_in("surveyor")

    def sent(self, surveyor, body, kind="multipart/form-data; boundary=b"):
        answer = surveyor.post("/api/v1/uploads", content=body, headers={"Content-Type": kind})
        folder = surveyor.app.state.office.settings.home / "uploads"
        left = [path.name for path in folder.iterdir() if path.name.startswith(".")] if folder.exists() else []
        assert left == []
        return answer

    def test_too_long_by_its_own_word(self, surveyor):
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(10**12)}
        assert surveyor.post("/api/v1/uploads", content=b"x", headers=headers).status_code == 413

    def test_too_long_while_it_streams(self, surveyor, monkeypatch):
        monkeypatch.setattr(stream, "PACKAGE_BYTES", 1000)
        part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n' + b"x" * 5000

        def chunks():
            yield part
            yield b"\r\n--b--\r\n"

        assert self.sent(surveyor, chunks()).status_code == 413

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"", "multipart/form-data; boundary=b"),
            (b"x", "application/json"),
            (b"x", "multipart/form-data"),
            (b"garbage", "multipart/form-data; boundary=b"),
            (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nhalf',
             "multipart/form-data; boundary=b"),
            (b'--b\r\nContent-Disposition: form-data; name="layer"\r\n\r\nparcel\r\n--b--\r\n',
             "multipart/form-data; boundary=b"),
            (b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--b--\r\n',
             "multipart/form-data; boundary=b"),
            (b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' * 100_000 + b"--b--\r\n",
             "multipart/form-data; boundary=b"),
            (b"--b\r\n" + b"A" * 100_000 + b": x\r\n\r\n1\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        ],
    )  # fmt: skip
    def test_forms_that_are_none(self, surveyor, body, kind):
        answer = self.sent(surveyor, body, kind)
        assert answer.status_code == 422, answer.text

    @pytest.mark.parametrize(
        "fields",
        [
            {"layer": "nothing"}, {"layer": "register"}, {"crs": "4546; DROP"}, {"crs": "+init=/etc/passwd"},
            {"encoding": "../x"}, {"columns": "{"}, {"columns": "[]"}, {"columns": '{"DKBM": 1}'},
            {"columns": '{"DKBM": ""}'}, {"scope": "44x"}, {"accept": "all"}, {"survey_date": "2024-02-30"},
            {"survey_date": "9999-12-31"}, {"unknown": "x"}, {"columns": "[" * 50_000},
        ],
    )  # fmt: skip
    def test_decisions_that_are_none(self, surveyor, fields):
        answer = surveyor.post("/api/v1/uploads", files={"file": ("a.zip", b"x")}, data=fields)
        assert answer.status_code == 422, answer.text

    @pytest.mark.parametrize(
        ("name", "shown"),
        [("../../x.zip", "x.zip"), ("C:\\a\\b.zip", "b.zip"), ("..", "unnamed"), ("a\u202ezip.exe", "azip.exe"),
         ("地" * 300 + ".zip", "地" * 65 + ".zip")],
    )  # fmt: skip
    def test_names_of_files(self, name, shown):
        assert stream.shown_name(name) == shown
