"""The verbs at the machine: the same walk as by the page, with exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api import people


@pytest.fixture
def dingxin(house):
    """Run the command line on this house."""
    with house.office.begin() as session:
        people.open_account(session, "surveyor", "surveyor", "4417")
    settings = house.office.settings
    environment = os.environ | {"DINGXIN_HOME": str(settings.home), "DINGXIN_DATABASE_URL": settings.database_url}

    def run(*words):
        command = [Path(sys.prefix, "bin", "dingxin"), *map(str, words)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)

    return run


def test_receive_and_detect(dingxin, sample):
    folder, truth = sample
    expected = len(truth.findings(1))
    received = dingxin("receive", folder / "township.zip", "--accept", "valid_rows")
    assert received.returncode == 0, received.stderr
    report = json.loads(received.stdout)
    assert report["state"] == "done"
    assert report["findings"] == expected
    again = dingxin("detect")
    assert json.loads(again.stdout)["still"] == expected


def test_receive_waits_for_consent(dingxin, sample):
    received = dingxin("receive", sample[0] / "township.zip")
    assert received.returncode == 0
    assert json.loads(received.stdout)["state"] == "awaiting_acceptance"


def test_exit_codes(dingxin, sample, tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"no zip")
    assert dingxin("receive", bad).returncode == 2
    assert dingxin("receive", tmp_path / "missing.zip").returncode == 2
    assert dingxin("receive", sample[0] / "correction.zip", "--as", "nobody").returncode == 64
    assert dingxin("receive", sample[0] / "correction.zip", "--map", "DKBM").returncode == 64
    assert dingxin("receive", sample[0] / "correction.zip", "--crs", "x").returncode == 64
    assert dingxin("receive").returncode == 64
