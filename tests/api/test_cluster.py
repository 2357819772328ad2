"""A run cut by township finds the same to the bit, whoever does the works, and whoever is lost meanwhile."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import psycopg
import pytest
import shapely
from distributed import Client
from psycopg import sql
from sqlalchemy import make_url

from api import cluster as parts
from api.cluster import ClusterRefused
from api.office import open_office
from api.settings import Settings
from api.work import detect
from api.work.works import Hands
from data.samples.township import CRS, ORIGIN
from data.session import srid_of
from data.store import versions
from geo.detect.joined import joined
from geo.engines import local

#: Villages of the sample that move to townships of their own.
MOVED = {"441781113202": "441781114202", "441781113203": "441781114203", "441781113204": "441781115204"}
TEXTS = """SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.atttypid = 'text'::regtype
AND a.attgenerated = '' AND a.attnum > 0 AND NOT a.attisdropped"""
#: Parcels that lie across the borders of townships, and one of another county, whose code is the lowest.
BORDER = {
    "4417811142020190001": (0, 0, 10, 10),
    "4417811152040190002": (5, 0, 15, 10),
    "4417811132010190003": (0, 8, 10, 18),
    "4417041010010190004": (12, 5, 22, 15),
}


@pytest.fixture(scope="module")
def office(cluster, delivered, tmp_path_factory):
    """A house with the sample spread over three townships, and parcels across their borders."""
    with cluster.database(f"county_{secrets.token_hex(4)}", delivered[0]) as name:
        with cluster.admin(name) as books:
            books.execute("SET session_replication_role = replica")  # no trigger asks who moves a village
            for table, column in books.execute(TEXTS).fetchall():
                move(books, sql.Identifier(table), sql.Identifier(column))
        office = open_office(Settings(home=tmp_path_factory.mktemp("county"), database_url=cluster.url(name)))
        with office.begin() as session:
            shapes = [shapely.transform(shapely.box(*box), lambda xy: xy + ORIGIN - 50) for box in BORDER.values()]
            frame = gpd.GeoDataFrame({"row": range(4), "code": list(BORDER)}, geometry=shapes, crs=CRS)
            frame = frame.assign(surveyed_m2=100.0, category="10")
            versions.supersede(session, "parcel", frame.to_crs(srid_of(session)), 1)
        yield office
        office.engine.dispose()


def move(books: psycopg.Connection, table: sql.Identifier, column: sql.Identifier) -> None:
    for old, new in MOVED.items():
        change = sql.SQL("UPDATE {0} SET {1} = replace({1}, %(old)s, %(new)s) WHERE {1} LIKE %(like)s")
        books.execute(change.format(table, column), {"old": old, "new": new, "like": f"%{old}%"})


def run(office, prefix="", hands=None, tell=detect.silent):
    """Detect, and give everything that was found as bytes, with the answers and the counts."""
    answers = []
    counts = detect.everything(office, prefix, tell, hands, answers)
    return said(joined([answer.detection for answer in answers])), answers, counts


def said(detection):
    """What a detection says, shapes by their bits; where a row stood in what was read is said by nobody."""
    table = pd.DataFrame(detection.findings).drop(columns=["a_row", "b_row"])
    for column in ("geometry", "point"):
        table[column] = shapely.to_wkb(table[column].to_numpy(dtype=object))
    findings = {row["key"]: {name: repr(value) for name, value in row.items()} for row in table.to_dict("records")}
    below = detection.below_tolerance  # each part rounds its own square metres
    rest = {"order": list(findings), "below": (below["pairs"], round(below["m2"], 3)), "invalid": detection.invalid}
    return findings | rest | detection.rules | {"not_compared": sorted(detection.not_compared)}


def differing(one, other):
    """Where two detections say different things, and what."""
    return {name: (one.get(name), other.get(name)) for name in one | other if one.get(name) != other.get(name)}


@pytest.fixture(scope="module")
def undisturbed(office):
    """What a run in one piece finds."""
    return run(office)[0]


@pytest.mark.parametrize(("prefix", "works", "processes"), [("", 5, 2), ("441781", 4, 1)])
def test_whole_and_cut_are_the_same_bits(office, undisturbed, prefix, works, processes):
    whole = undisturbed if prefix == "" else run(office, prefix)[0]
    cut, answers, counts = run(office, prefix, Hands(partial(local.mapped, workers=processes), ours=True))
    assert len(answers) == works
    assert (processes == 1) == all(answer.worker.endswith(f"/{os.getpid()}") for answer in answers)
    assert differing(cut, whole) == {}
    assert {outcome: n for outcome, n in counts.items() if n} == {"still": len(whole["order"])}
    # four pairs share ground; two of them also have corners on each other's edges
    assert sum(sides <= set(map(repr, BORDER)) for sides in parties(cut)) == 4 + 2


def parties(found):
    """The codes of both sides of every finding."""
    return [{found[key]["a_code"], found[key]["b_code"]} for key in found["order"]]


def test_what_is_delivered_meanwhile_is_seen_by_no_work(office, cluster, undisturbed):
    office.engine.dispose()
    template = make_url(office.settings.database_url).database
    with cluster.database(f"{template}_later", template) as name:
        later = open_office(Settings(home=office.settings.home, database_url=cluster.url(name)))

        def deliver(_zh, _en, done, _total):
            if done == 2:
                with later.begin() as session:
                    versions.retire(session, "parcel", list(BORDER), 1, date.today())

        hands = Hands(partial(local.mapped, workers=1), ours=True)
        assert differing(run(later, hands=hands, tell=deliver)[0], undisturbed) == {}
        assert not set(map(repr, BORDER)) & set().union(*parties(run(later, hands=hands)[0]))
        later.engine.dispose()


def test_tiles_in_a_folder_stand_for_the_books(office, undisturbed, tmp_path, monkeypatch):
    monkeypatch.setenv("DINGXIN_DATABASE_URL", "postgresql://nobody@/nothing?host=/nowhere")
    modes = set()

    def look(_zh, _en, _done, _total):
        modes.update((path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.rglob("*"))

    found, _, _ = run(office, hands=Hands(partial(local.mapped, workers=1), tiles=tmp_path), tell=look)
    assert differing(found, undisturbed) == {}
    assert modes == {(True, 0o700), (False, 0o600)}
    assert list(tmp_path.iterdir()) == []


@contextmanager
def started(office, *words, **environment):
    """A part of a cluster in a process of its own, once it says that it is ready, and what it said."""
    settings = office.settings
    ours = {"DINGXIN_HOME": str(settings.home), "DINGXIN_DATABASE_URL": settings.database_url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from api.command import main; main()", "cluster", *words]
    with open(settings.folder("logs") / "cluster.log", "ab") as log:
        process = subprocess.Popen(
            command, env=os.environ | ours | environment, stdout=subprocess.PIPE, stderr=log, text=True, cwd="/"
        )
    try:
        line = next((line for line in process.stdout if "ready: " in line), "")
        assert line, Path(log.name).read_text()
        yield line.partition("ready: ")[2].strip()
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def dask(office):
    """The address of an encrypted cluster of two workers, and its keys."""
    keys = parts.keys_of(office.settings)
    parts.make_keys(keys)
    with (
        started(office, "scheduler", "tls://127.0.0.1:0") as address,
        started(office, "worker", address, "--workers", "2"),
    ):
        yield address, parts.security(address, keys, unencrypted=False)


def test_a_worker_that_is_killed_at_work_changes_nothing(office, dask, undisturbed):
    address, secret = dask
    killed = []
    with psycopg.connect(office.settings.database_url.replace("+psycopg", "")) as books, ThreadPoolExecutor(1) as other:

        def tell(_zh, _en, done, _total):
            # every work reads the issuers: nobody gets further than that until one worker is dead
            if done == 0:
                books.execute("LOCK TABLE issuer IN ACCESS EXCLUSIVE MODE")
                killed.append(other.submit(kill_one_at_work, books, address, secret))

        with parts.hands(address, secret, office.settings) as hands:
            found, answers, counts = run(office, hands=hands, tell=tell)
        pid, its_works = killed[0].result()
    assert its_works
    assert not any(answer.worker.endswith(f"/{pid}") for answer in answers)
    assert len(answers) == 5
    assert differing(found, undisturbed) == {}
    assert (counts["still"], sum(counts.values())) == (len(found["order"]), len(found["order"]))
    # and this would have told: a work that is lost is missed
    lost = said(joined([answer.detection for answer in answers[:-1]]))
    assert differing(lost, undisturbed) != {}


def kill_one_at_work(books, address, secret):
    """Kill a worker that waits in the middle of a work, and let the others go on; its number, and what it had."""
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'issuer'::regclass AND NOT granted"
    until = time.monotonic() + 60
    try:
        while books.execute(waiting).fetchone()[0] < 2:
            assert time.monotonic() < until
        with Client(address, security=secret, set_as_default=False) as client:
            worker, works = next((name, works) for name, works in client.processing().items() if works)
            pid = client.run(os.getpid, workers=[worker])[worker]
            os.kill(pid, signal.SIGKILL)
            return pid, works
    finally:
        books.rollback()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("tcp://192.0.2.1:8786", "unencrypted"),
        ("192.0.2.1:8786", "cluster_address"),
        ("tls://127.0.0.1:8786", "no_keys"),
    ],
)
def test_an_address_that_would_give_data_away_is_refused(tmp_path, address, code):
    with pytest.raises(ClusterRefused) as refused:
        parts.security(address, tmp_path, unencrypted=False)
    assert refused.value.code == code


def test_nobody_takes_part_without_the_keys(office, dask, tmp_path):
    parts.make_keys(tmp_path / "others")
    others = parts.security(dask[0], tmp_path / "others", unencrypted=False)
    with pytest.raises(ClusterRefused) as refused, parts.hands(dask[0], others, office.settings):
        pass
    assert refused.value.code == "cluster_unreachable"


def test_workers_of_another_edition_are_refused(office, tmp_path):
    for package in ("geo", "data", "api", "web"):
        shutil.copytree(Path(parts.__file__).parents[1] / package, tmp_path / package)
    with open(tmp_path / "geo" / "codes.py", "a") as file:
        file.write("# another day\n")
    with (
        started(office, "scheduler", "tcp://127.0.0.1:0") as address,
        started(office, "worker", address, "--workers", "1", PYTHONPATH=str(tmp_path)) as words,
    ):
        assert parts.edition() not in words
        with pytest.raises(ClusterRefused) as refused, parts.hands(address, None, office.settings):
            pass
    assert refused.value.code == "no_workers"
    assert parts.edition() in refused.value.en
