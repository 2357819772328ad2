"""The verbs at the machine: the same walk as by the page, with exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from api import people
from tests.command import dingxin, inside


@pytest.fixture(autouse=True)
def surveyor(house):
    """In whose name the verbs hand in, unless they are told another."""
    with house.office.begin() as session:
        people.open_account(session, "surveyor", "surveyor", "4417")


def start(house, *words):
    """Run a verb in a process of its own."""
    command = [Path(sys.prefix, "bin", "dingxin"), *map(str, words)]
    environment = os.environ | inside(house)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


def test_receive_and_detect(house, sample):
    folder, truth = sample
    expected = len(truth.findings(1))
    received = start(house, "receive", folder / "township.zip", "--accept", "valid_rows")
    assert received.returncode == 0, received.stderr
    report = json.loads(received.stdout)
    assert report["state"] == "done"
    assert report["findings"] == expected
    again = start(house, "detect")
    assert json.loads(again.stdout)["still"] == expected


def test_receive_waits_for_consent(house, sample):
    received = dingxin("receive", sample[0] / "township.zip", **inside(house))
    assert received.returncode == 0
    assert json.loads(received.stdout)["state"] == "awaiting_acceptance"


def test_exit_codes(house, sample, tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"no zip")
    receive = partial(dingxin, "receive", **inside(house))
    assert receive(bad).returncode == 2
    assert receive(tmp_path / "missing.zip").returncode == 2
    assert receive(sample[0] / "correction.zip", "--as", "nobody").returncode == 64
    assert receive(sample[0] / "correction.zip", "--map", "DKBM").returncode == 64
    assert receive(sample[0] / "correction.zip", "--crs", "x").returncode == 64
    assert receive().returncode == 64
