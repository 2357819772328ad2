"""Work `tiles`: tiles of zoom 14 over HTTP, by us and by those who make them on the fly; one client, one at a time.

Every method starts its server in a process of its own and asks it for the same tiles, drawn from where parcels lie.
Ours looks up who asks and shows that account's area. Compared are the codes of the parcels whose middle is in a tile.

- dingxin: every tile was asked for once before, and is kept; nobody else keeps any.
- dingxin, first time: all that is kept is thrown away before each request.
- tipg: from a table in the metric system of the parcels, which is how they are measured and delivered.
- tipg, stored 3857: from a table that was brought into the system of the map beforehand.
- ST_AsMVT: the statement of PostGIS's manual behind the least server that can hold it.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
from sqlalchemy import create_engine, make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.sql import read_sql

METHODS = {
    "dingxin": "api.bench.tiles:ours",
    "dingxin, first time": "api.bench.tiles:ours_first",
    "tipg": "api.bench.tiles:tipg",
    "tipg, stored 3857": "api.bench.tiles:tipg_stored",
    "ST_AsMVT": "api.bench.tiles:plain",
}
ZOOM, TILES, SRID = 14, 200, 4525
_VILLAGE, _GROUP = 2000, 200
#: Side of the world in the map's metres.
_WORLD = 40_075_016.685578488


def prepare(folder: Path, size: int, url: str) -> None:
    """Enter the fabric into the books village by village, copy it for the peers, and draw the tiles to ask for."""
    from api.office import open_office
    from api.settings import Settings
    from data.migrations import upgrade

    (folder / "database.txt").write_text(url, encoding="utf-8")
    upgrade(url, srid=SRID)
    office = open_office(Settings(home=folder, database_url=url, srid=SRID))
    (folder / "token.txt").write_text(_settle(office, size), encoding="utf-8")
    office.engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute(read_sql("bench/tiles_peer.sql"))
        middle = "SELECT code, ST_X(m), ST_Y(m) FROM parcel, ST_Centroid(ST_Envelope(geom_3857)) AS m"
        middles = pd.DataFrame(connection.execute(middle).fetchall(), columns=["code", "x", "y"])
    side = _WORLD / (1 << ZOOM)
    x, y = (middles["x"] + _WORLD / 2) // side, (_WORLD / 2 - middles["y"]) // side
    middles["tile"] = [f"{ZOOM}/{int(east)}/{int(south)}" for east, south in zip(x, y, strict=True)]
    middles[["tile", "code"]].to_parquet(folder / "middles.parquet")
    chosen = np.random.default_rng(1).choice(middles["tile"], TILES)
    (folder / "tiles.txt").write_text("\n".join(chosen), encoding="utf-8")


def _settle(office: object, size: int) -> str:
    """Deliver the parcels under invented codes and sign an official in: the token."""
    from api import people
    from data.samples.fabric import fabric
    from data.store import uploads
    from data.store.versions import supersede

    shapes = gpd.GeoSeries(fabric(size).shapes, crs=SRID)
    shapes = shapes.iloc[np.argsort(shapes.hilbert_distance().to_numpy(), kind="stable")]
    row = np.arange(size)
    frame = gpd.GeoDataFrame(
        {
            "code": [_code(number) for number in row],
            "category": np.array(["10", "10", "10", "21", "22"], dtype=object)[row % 5],
            "surveyed_m2": shapes.area.to_numpy(),
        },
        geometry=shapes.to_numpy(),
        crs=SRID,
    )
    with office.begin() as session:
        people.open_account(session, "bench", "official", "4417")
        person = people.named(session, "bench")
        upload, _ = uploads.start(
            session, sha256="0" * 64, filename="DK.zip", size_bytes=1, scope="4417", decisions={}, uploader_id=person.id
        )
        for start in range(0, size, 50 * _VILLAGE):
            supersede(session, "parcel", frame.iloc[start : start + 50 * _VILLAGE], upload.id)
    people.SIGNED_IN_FOR = timedelta(days=30)
    return people.open_session(office, person)


def _code(number: int) -> str:
    village, parcel = divmod(number, _VILLAGE)
    return f"441781{100 + village // 100:03d}{100 + village % 100:03d}{parcel // _GROUP + 1:02d}{parcel + 1:05d}"


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether both have shown the same parcels in the same tiles."""
    return ours.equals(theirs)


def ours(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """Ours with what it keeps."""
    with _served("ours_app", folder) as ask:
        _asked(folder, ask, "/api/v1/tiles/parcel/{}.pbf", _signed_in(folder))
        return _asked(folder, ask, "/api/v1/tiles/parcel/{}.pbf", _signed_in(folder))


def ours_first(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """Ours with nothing kept."""
    with _served("ours_app", folder) as ask, _connect(folder) as connection:
        connection.autocommit = True

        def forget() -> None:
            connection.execute("DELETE FROM map_tile")

        return _asked(folder, ask, "/api/v1/tiles/parcel/{}.pbf", _signed_in(folder), forget)


def tipg(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The tile server of the OGC standards, on the shapes as they are measured."""
    with _served("tipg_app", folder) as ask:
        return _asked(folder, ask, "/collections/peer.parcel/tiles/WebMercatorQuad/{}")


def tipg_stored(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The same on shapes stored for the map."""
    with _served("tipg_app", folder) as ask:
        return _asked(folder, ask, "/collections/peer.parcel_3857/tiles/WebMercatorQuad/{}")


def plain(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """PostGIS on the fly, with nothing around it."""
    with _served("plain_app", folder) as ask:
        return _asked(folder, ask, "/{}")


def ours_app() -> object:
    """A house on the database of the contest."""
    from api.app import create_app
    from api.settings import Settings

    folder = Path(os.environ["BENCH_FOLDER"])
    return create_app(Settings(home=folder, database_url=_url(folder), srid=SRID))


def tipg_app() -> object:
    """Tipg's own application, told where the parcels are."""
    url = make_url(_url(Path(os.environ["BENCH_FOLDER"])))
    # its address of a database has no other place for the folder of a socket
    place = quote(str(url.query.get("host", url.host)), safe=""), url.query.get("port", url.port)
    who = url.username if url.password is None else f"{url.username}:{quote(url.password, safe='')}"
    address = "postgresql://{}@{}:{}/{}".format(who, *place, url.database)
    os.environ |= {"DATABASE_URL": address, "TIPG_DB_SCHEMAS": '["peer"]'}
    from tipg.main import app

    return app


def plain_app() -> Starlette:
    """One route, one statement, connections kept open."""
    url = make_url(_url(Path(os.environ["BENCH_FOLDER"]))).set(drivername="postgresql+psycopg")
    engine, statement = create_engine(url), read_sql("bench/tiles_plain.sql")

    def tile(request: Request) -> Response:
        with engine.connect() as connection:
            body = connection.exec_driver_sql(statement, {k: int(v) for k, v in request.path_params.items()}).scalar()
        return Response(bytes(body))

    return Starlette(routes=[Route("/{z}/{x}/{y}", tile)])


@contextmanager
def _served(app: str, folder: Path) -> Iterator[http.client.HTTPConnection]:
    """Start a server on a free port of this machine, and give a connection to it that stays open."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        command = [sys.executable, "-m", "uvicorn", "--factory", f"api.bench.tiles:{app}", "--log-level", "error"]
        server = subprocess.Popen(
            [*command, "--fd", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            env=os.environ | {"BENCH_FOLDER": str(folder)},
        )
        connection = http.client.HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=120)
        try:
            yield connection
        finally:
            connection.close()
            server.terminate()
            server.wait()


def _asked(
    folder: Path,
    ask: http.client.HTTPConnection,
    path: str,
    headers: dict[str, str] | None = None,
    before: Callable[[], None] = lambda: None,
) -> tuple[pd.DataFrame, list[float]]:
    """Ask for the tiles one by one; the first request, which starts the server, is not counted."""
    addresses = (folder / "tiles.txt").read_text(encoding="utf-8").split()
    seconds, shown = [], {}
    for address in (addresses[0], *addresses):
        before()
        start = time.perf_counter()
        ask.request("GET", path.format(address), headers=headers or {})
        answer = ask.getresponse()
        body = answer.read()
        seconds.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{address}: HTTP {answer.status}")
        shown[address] = body
    told = [(address, code) for address, body in shown.items() for code in codes(body)]
    table = pd.DataFrame(told, columns=["tile", "code"]).merge(pd.read_parquet(folder / "middles.parquet"))
    return table.sort_values(["tile", "code"], ignore_index=True), seconds[1:]


def codes(tile: bytes) -> set[str]:
    """Read the values of 19 digits out of a vector tile: layers (3) hold values (4), which hold texts (1)."""
    texts = (
        text
        for number, layer in _fields(tile)
        if number == 3
        for kind, value in _fields(layer)
        if kind == 4
        for inner, text in _fields(value)
        if inner == 1
    )
    return {text.decode() for text in texts if len(text) == 19 and text.isdigit()}


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a protocol buffer that have a length."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 2:
            length, at = _varint(message, at)
            yield key >> 3, message[at : at + length]
            at += length
        elif key & 7 == 0:
            _, at = _varint(message, at)
        else:
            at += {1: 8, 5: 4}[key & 7]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (message[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if message[at - 1] < 128:
            return value, at


def _signed_in(folder: Path) -> dict[str, str]:
    from api.people import COOKIE

    return {"Cookie": f"{COOKIE}={(folder / 'token.txt').read_text(encoding='utf-8')}"}


def _connect(folder: Path) -> "psycopg.Connection[tuple]":
    return psycopg.connect(_url(folder))


def _url(folder: Path) -> str:
    return (folder / "database.txt").read_text(encoding="utf-8")
