"""What was acknowledged is not lost, and what was begun is finished once, whoever is killed when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import DateTime, text
from sqlalchemy.dialects.postgresql import TSTZRANGE

from api.work.walk import walk
from data.cluster import Cluster
from data.migrations import upgrade
from data.store import uploads
from data.tables import Base
from tests.api.conftest import House
from tests.api.test_walk import standing

#: What a delivery leaves in the books, and what is found there.
KEPT = {
    "parcel", "reserved_land", "issuer", "contractor", "household_member", "contract", "parcel_right", "transfer",
    "transfer_parcel", "certificate", "rejected_row", "upload", "upload_layer", "finding", "finding_version",
    "sighting",
}  # fmt: skip
#: What a link says wherever it stands: the delivery by its digest; who handed it in is another person in every run.
LINKS = {
    "upload": "(SELECT sha256 FROM upload WHERE id = {})",
    "run": "(SELECT sha256 FROM upload JOIN run ON run.upload_id = upload.id WHERE run.id = {})",
    "account": "{} IS NOT NULL",
}
#: Before which commit the worker dies, one death after the other: each begins where the one before was stopped.
KILLED_BEFORE = (2, 4, 6, 7, 2)


def test_the_same_file_twice_at_once_is_one_import(house, sample):
    """Eight hands, one file: one row, one job, and every hand gets its number."""
    clients = [house.signed_in("surveyor") for _ in range(8)]
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda client: house.hand_in(client, sample[0] / "correction.zip"), clients))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    with house.office.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM upload")) == 1
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'work_on_upload'")) == 1


@pytest.mark.parametrize("moment", ["reading", "storing", "detecting"])
def test_a_killed_worker_loses_and_doubles_nothing(house, sample, moment):
    folder, truth = sample
    surveyor = house.signed_in("surveyor")
    upload = house.hand_in(surveyor, folder / "township.zip", accept="valid_rows").json()
    settings = house.office.settings
    environment = os.environ | {"DINGXIN_HOME": str(settings.home), "DINGXIN_DATABASE_URL": settings.database_url}
    worker = subprocess.Popen([Path(sys.prefix, "bin", "dingxin"), "worker"], env=environment, start_new_session=True)
    try:
        until = time.monotonic() + 120
        while surveyor.get(f"/api/v1/uploads/{upload['id']}").json()["state"] != moment:
            assert worker.poll() is None
            assert time.monotonic() < until
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    with house.office.begin() as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
    house.work()
    report = surveyor.get(f"/api/v1/uploads/{upload['id']}").json()
    assert report["state"] == "done", report["error"]
    found = standing(surveyor)
    assert found == truth.findings(1)
    assert report["counts"]["new"] == len(found)
    with house.office.begin() as session:
        doubled = session.scalar(text("SELECT count(*) - count(DISTINCT code) FROM parcel WHERE upper_inf(known)"))
    assert doubled == 0


def books(house) -> dict[str, str]:
    """What stands in every table of facts and findings, with its links: by codes, keys and the digest of the delivery.

    Numbers and moments differ by the run and are left out; whether a version is the current one is not.
    """
    kept = {}
    with house.office.begin() as session:
        for table in (table for table in Base.metadata.sorted_tables if table.name in KEPT):
            listed = ", ".join(filter(None, map(told, table.columns)))
            row = f"md5(ROW({listed})::text)"  # names of our own columns
            asked = f"SELECT md5(coalesce(string_agg({row}, '' ORDER BY {row}), '')) FROM \"{table.name}\" t"  # noqa: S608
            kept[table.name] = session.scalar(text(asked))
    return kept


def told(column) -> str | None:
    """How a column is compared; None where it is another one in every run."""
    ours = f't."{column.name}"'
    for link in column.foreign_keys:
        return LINKS.get(link.column.table.name, "{}").format(ours)
    if isinstance(column.type, TSTZRANGE):
        return f"upper_inf({ours})"
    return None if column.name in ("id", "progress") or isinstance(column.type, DateTime) else ours


@pytest.fixture(scope="module")
def undisturbed(cluster, template, sample, tmp_path_factory):
    """The books after a delivery into an empty house that was left in peace."""
    with cluster.database("in_peace", template) as name:
        house = House(tmp_path_factory.mktemp("peace"), cluster.url(name))
        report = house.deliver(house.signed_in("surveyor"), sample[0] / "correction.zip", accept="valid_rows")
        assert report["state"] == "done"
        yield books(house)
        house.close()


def doomed(house, *when) -> subprocess.CompletedProcess:
    """A worker that ends badly, and is found missing."""
    settings = house.office.settings
    environment = os.environ | {"DINGXIN_HOME": str(settings.home), "DINGXIN_DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "tests.api.doomed", *map(str, when)]
    return subprocess.run(command, env=environment, check=False, capture_output=True, timeout=60)


def missed(house) -> None:
    """Let the time pass after which a worker is missed."""
    with house.office.begin() as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
        session.execute(text("UPDATE procrastinate_jobs SET attempts = 0, scheduled_at = NULL"))


def test_killed_time_and_again_the_books_are_the_same(house, sample, undisturbed):
    """One delivery, its worker killed again and again before a later commit; compared with a run left in peace."""
    surveyor = house.signed_in("surveyor")
    upload = house.hand_in(surveyor, sample[0] / "correction.zip", accept="valid_rows").json()
    states = []
    for commits in KILLED_BEFORE:
        assert doomed(house, commits).returncode == -signal.SIGKILL
        states.append(surveyor.get(f"/api/v1/uploads/{upload['id']}").json()["state"])
        missed(house)
    assert books(house) != undisturbed, "what differs is not seen"
    house.work()
    assert surveyor.get(f"/api/v1/uploads/{upload['id']}").json()["state"] == "done", states
    assert {"received", "reading", "storing", "detecting"} <= set(states)
    assert books(house) == undisturbed


def test_killed_between_rows_and_their_mark_the_books_would_differ(house, sample, undisturbed, monkeypatch):
    """The comparison sees it: rows committed before the delivery says so are entered again, and none counts as new."""
    upload = house.hand_in(house.signed_in("surveyor"), sample[0] / "correction.zip", accept="valid_rows").json()
    move = uploads.move

    def killed_before_the_mark(session, upload_id, state, **told):
        if state != "detecting":
            return move(session, upload_id, state, **told)
        session.commit()
        raise InterruptedError

    with monkeypatch.context() as defenceless:
        defenceless.setattr(uploads, "move", killed_before_the_mark)
        with pytest.raises(InterruptedError):
            walk(house.office, upload["id"], accept=True)
    house.work()
    found = books(house)
    assert {name for name in KEPT if found[name] != undisturbed[name]} == {"upload"}


def test_without_the_lock_and_the_index_one_file_would_be_two_imports(house, sample, undisturbed, monkeypatch):
    """The comparison sees it: two hands at once, neither of which sees the other."""
    with house.office.begin() as session:
        session.execute(text("DROP INDEX upload_under_way_key"))
    both, same = Barrier(2, timeout=30), uploads._same

    def look_at_once(*asked):
        known = same(*asked)
        both.wait()
        return known

    monkeypatch.setattr(uploads.locks, "lock", lambda *_: None)
    monkeypatch.setattr(uploads, "_same", look_at_once)
    clients = [house.signed_in("surveyor") for _ in range(2)]
    path = sample[0] / "correction.zip"
    with ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(lambda client: house.hand_in(client, path, accept="valid_rows"), clients))
    assert len({answer.json()["id"] for answer in answers}) == 2
    house.work()
    assert books(house) != undisturbed


def test_the_server_killed_in_the_middle_of_storing_and_of_detecting(sample, undisturbed, undertaker, tmp_path):
    """PostgreSQL as an office runs it, writing through to the disk: it and the worker are killed, twice, in a COPY."""
    with tempfile.TemporaryDirectory(prefix="dingxin-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        cluster = Cluster(Path(folder, "cluster"))
        cluster.start()
        try:
            upgrade(cluster.url())
            house = House(tmp_path, cluster.url())
            surveyor = house.signed_in("surveyor")
            upload = house.hand_in(surveyor, sample[0] / "correction.zip", accept="valid_rows").json()
            for table, state in (("parcel", "storing"), ("finding_version", "detecting")):
                server = int((cluster.folder / "postmaster.pid").read_text().split()[0])
                assert doomed(house, table, cluster.folder).returncode == -signal.SIGKILL
                assert not cluster.running
                undertaker(server)
                assert cluster.start()
                house.office.engine.dispose()
                assert surveyor.get(f"/api/v1/uploads/{upload['id']}").json()["state"] == state
                missed(house)
            house.work()
            assert books(house) == undisturbed
            house.close()
        finally:
            cluster.stop()


def test_two_overlapping_deliveries_at_once_see_each_other(house, sample, tmp_path):
    """Two surveyors, two files, one piece of ground, two workers at once: what they share is found."""
    x, y = 561_000, 2_440_000  # near 潭水镇, in CGCS2000 / 3-degree Gauss-Kruger CM 111E
    files = []
    for name, code, shift in (("a", "4417811132010100001", 0), ("b", "4417811132010200001", 60)):
        square = shapely.box(x + shift, y, x + shift + 100, y + 100)
        frame = gpd.GeoDataFrame(
            {"DKBM": [code], "DKMC": ["试验田"], "DKLB": ["10"], "SCMJ": [10_000.0]}, geometry=[square], crs=4546
        )
        path = tmp_path / f"{name}.gpkg"
        frame.to_file(path, layer="DK", engine="pyogrio")
        files.append(path)
    clients = [house.signed_in("surveyor", scope) for scope in ("44178111320101", "44178111320102")]
    ids = [house.hand_in(client, path).json()["id"] for client, path in zip(clients, files, strict=True)]
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _: house.work(), range(2)))
    official = house.signed_in("official")
    states = [official.get(f"/api/v1/uploads/{one}").json() for one in ids]
    assert [one["state"] for one in states] == ["done", "done"], [one["error"] for one in states]
    found = official.get("/api/v1/findings", params={"rule": "OV-02"}).json()["items"]
    assert [round(item["shared_m2"]) for item in found] == [4000]
