"""What was acknowledged is not lost, and what was begun is finished once, whoever is killed when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import DateTime, text
from sqlalchemy.dialects.postgresql import TSTZRANGE

from data.tables import Base
from tests.api.test_walk import standing

#: What a delivery leaves in the books, and what is found there.
KEPT = {
    "parcel", "reserved_land", "issuer", "contractor", "household_member", "contract", "parcel_right", "transfer",
    "transfer_parcel", "certificate", "rejected_row", "upload_layer", "finding", "finding_version", "sighting",
}  # fmt: skip
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
    assert standing(surveyor) == truth.findings(1)
    assert report["counts"]["new"] == len(truth.findings(1))
    with house.office.begin() as session:
        doubled = session.scalar(text("SELECT count(*) - count(DISTINCT code) FROM parcel WHERE upper_inf(known)"))
    assert doubled == 0


def books(house) -> dict[str, str]:
    """What stands in every table of facts and findings, but for numbers, moments and names that differ by the run."""
    kept = {}
    with house.office.begin() as session:
        for table in (table for table in Base.metadata.sorted_tables if table.name in KEPT):
            columns = [
                column.name
                for column in table.columns
                if not column.foreign_keys
                and not column.primary_key
                and not isinstance(column.type, (DateTime, TSTZRANGE))
                and column.name not in ("id", "upload_id", "run_id", "progress", "token", "versions", "attempts")
            ]
            listed = ", ".join(f'"{name}"' for name in columns)
            row = f"md5(ROW({listed})::text)"  # names of our own columns
            asked = f"SELECT md5(coalesce(string_agg({row}, '' ORDER BY {row}), '')) FROM \"{table.name}\""  # noqa: S608
            kept[table.name] = session.scalar(text(asked))
    return kept


def test_killed_time_and_again_the_books_are_the_same(house, cluster, template, sample, tmp_path):
    """One delivery, its worker killed again and again before a later commit; compared with a run left in peace."""
    path = sample[0] / "correction.zip"
    with cluster.database("in_peace", template) as name:
        (tmp_path / "peace").mkdir()
        peaceful = type(house)(tmp_path / "peace", cluster.url(name))
        surveyor = peaceful.signed_in("surveyor")
        assert peaceful.deliver(surveyor, path, accept="valid_rows")["state"] == "done"
        expected = books(peaceful)
        peaceful.close()
    surveyor = house.signed_in("surveyor")
    upload = house.hand_in(surveyor, path, accept="valid_rows").json()
    settings = house.office.settings
    environment = os.environ | {"DINGXIN_HOME": str(settings.home), "DINGXIN_DATABASE_URL": settings.database_url}
    states = []
    for commits in KILLED_BEFORE:
        died = subprocess.run([sys.executable, "-m", "tests.api.doomed", str(commits)], env=environment, check=False)
        assert died.returncode == -signal.SIGKILL
        states.append(surveyor.get(f"/api/v1/uploads/{upload['id']}").json()["state"])
        with house.office.begin() as session:
            session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
            session.execute(text("UPDATE procrastinate_jobs SET attempts = 0"))
    assert books(house) != expected, "what differs is not seen"
    house.work()
    assert surveyor.get(f"/api/v1/uploads/{upload['id']}").json()["state"] == "done", states
    assert {"received", "reading", "storing", "detecting"} <= set(states)
    assert books(house) == expected


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
