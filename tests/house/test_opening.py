"""Opening and closing a whole house of its own, as somebody at the machine does: up, up again, status, down."""

import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import psycopg
import pytest

from data.cluster import Cluster

COUNTED = ("upload", "account", "parcel", "finding", "finding_version")


@pytest.fixture(scope="module")
def house():
    """Run verbs in a house that is nobody else's, on a port that is free."""
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="dingxin ", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        mine = {"DINGXIN_HOME": folder, "DINGXIN_PORT": str(port)}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DINGXIN_")}

        def run(*words):
            command = [Path(sys.prefix, "bin", "dingxin"), *words]
            return subprocess.run(command, env=clean | mine, capture_output=True, text=True, timeout=300)

        run.port, run.cluster = port, Cluster(Path(folder, "cluster"))
        yield run
        run("down")


@pytest.fixture(scope="module")
def opened(house):
    """What the first `up` said."""
    done = house("up")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def counts(house):
    with psycopg.connect(house.cluster.url(driver="postgresql")) as books:
        return {table: books.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}  # noqa: S608


def test_the_first_up_says_what_to_open_and_as_whom(house, opened):
    assert f"http://127.0.0.1:{house.port}" in opened
    for name in ("surveyor", "official", "admin"):
        assert re.search(rf"{name} +\S{{16}}\n", opened)


def test_the_pages_answer_and_the_sample_is_in_the_books(house, opened):
    with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{house.port}/", timeout=10) as page:
        assert page.status == 200
    known = counts(house)
    assert known["upload"] == 2
    assert known["parcel"] > 6000
    assert known["finding"] > 0


def test_up_again_duplicates_nothing(house, opened):
    before = counts(house)
    again = house("up")
    assert again.returncode == 0, again.stderr
    assert counts(house) == before
    assert "./dingxin password" in again.stdout


def test_status_tells_by_its_code(house, opened):
    assert house("status").returncode == 0


def test_a_lost_password_is_replaced(house, opened):
    fresh = house("password", "surveyor").stdout.strip()
    assert len(fresh) == 16
    assert fresh not in opened
    assert house("password", "nobody").returncode == 1


def test_down_and_up_keep_everything(house, opened):
    before = counts(house)
    assert house("down").returncode == 0
    assert house("status").returncode == 3
    assert house("down").returncode == 0
    assert house("up").returncode == 0
    assert counts(house) == before


def test_a_taken_port_is_named_with_its_holder(house, opened):
    house("down")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", house.port))
        other.listen()
        refused = house("up")
    assert refused.returncode == 1
    assert f"pid {os.getpid()}" in refused.stderr
    assert "DINGXIN_PORT" in refused.stderr


@pytest.mark.parametrize(("words", "code"), [((), 64), (("nonsense",), 64), (("status", "--nonsense"), 64)])
def test_wrong_usage_is_64(house, words, code):
    assert house(*words).returncode == code


def test_a_closed_house_says_how_to_open_it(house):
    house("down")
    refused = house("password", "surveyor")
    assert refused.returncode == 1
    assert "./dingxin up" in refused.stderr
