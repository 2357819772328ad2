"""What was acknowledged is not lost, and what was begun is finished once, whoever is killed when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.api.test_walk import standing


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
    worker = subprocess.Popen(
        [Path(sys.prefix, "bin", "dingxin"), "worker"], env=environment, start_new_session=True
    )
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
