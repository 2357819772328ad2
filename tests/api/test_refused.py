"""Bad inputs of every kind through the whole house: refused or rejected with a reason, and the house is as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest
from sqlalchemy import func, select

from data.tables import FACTS
from geo.intake.reader import read
from tests.badinput.corpus import cases, outcome
from tests.intake.build import delivery, layer

#: Archives, structure, shapes, systems, attributes; the first case of each number.
NUMBERS = (7, 11, 16, 27, 31, 45, 60, 68, 70, 76, 87)


def facts(house) -> dict[str, int]:
    """How many rows each table of facts holds."""
    with house.office.begin() as session:
        return {name: session.scalar(select(func.count()).select_from(table)) for name, table in FACTS.items()}


def test_bad_inputs_of_every_kind_leave_the_house_as_it_was(house, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    surveyor = house.signed_in("surveyor")
    assert house.deliver(surveyor, delivery(tmp_path / "good.zip", DK=layer(2)), accept="valid_rows")["state"] == "done"
    before = facts(house)
    assert before["parcel"] == 2
    handed = []
    for number in NUMBERS:
        case = next(case for case in cases() if case.number == number)
        folder = tmp_path / str(number)
        folder.mkdir()
        path = case.build(folder)
        handed.append((case, outcome(case, read, path), house.hand_in(surveyor, path, layer="parcel").json()["id"]))
    house.work()
    for case, here, number in handed:
        told = surveyor.get(f"/api/v1/uploads/{number}").json()
        if here.level == "file":
            assert (told["state"], told["error"]) == ("refused", {"code": case.code, "zh": here.zh, "en": here.en})
        else:
            assert told["state"] == "awaiting_acceptance", (case.name, told["error"])
            said = {(row["code"], row["row"], row["reason"]["zh"], row["reason"]["en"]) for row in told["rejected"]}
            assert {(code, row) for code, row, _, _ in said} == {(case.code, row) for row in case.rows}
            assert (here.zh, here.en) in {(zh, en) for _, _, zh, en in said}
    assert facts(house) == before
    assert list(scratch.iterdir()) == []
    assert not [path for path in (house.home / "uploads").iterdir() if path.name.startswith(".")]
    assert house.deliver(surveyor, delivery(tmp_path / "more.zip", DK=layer(3)), accept="valid_rows")["state"] == "done"
    assert facts(house) == before | {"parcel": 3}


def test_a_full_disk_is_told_and_what_comes_later_is_taken(database, tmp_path):
    """A disk of 64 kB, mounted where this test alone sees it, under a delivery of a megabyte."""
    apart = ["unshare", "--mount"] + ["--user", "--map-root-user"] * (os.geteuid() != 0)
    if not shutil.which("unshare") or subprocess.run([*apart, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk of his own")
    (tmp_path / "uploads").mkdir()
    run = 'mount -t tmpfs -o size=64k full "$2/uploads" && exec "$1" -m tests.api.full_disk "$2" "$3"'
    command = [*apart, "sh", "-c", run, "sh", sys.executable, tmp_path, database]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[507, "disk_full", 0], [202, None, 1]]
