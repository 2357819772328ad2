"""The private cluster: made by itself, reached by its own people alone, never harmed by a crash or a second run."""

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from data.cluster import FLEETING, PORT, ROLE, Cluster
from data.server import MAJORS, ClusterError


@pytest.fixture(scope="module")
def place():
    """A short folder that every account can pass through, as pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="dingxin ", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def made(place):
    """A cluster of its own, made once, as an office has it."""
    cluster = Cluster(place / "cluster")
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def running(made):
    """The same cluster, running."""
    made.start()
    return made


def ask(cluster, question):
    """One value, asked as the house asks."""
    with psycopg.connect(cluster.url(driver="postgresql")) as connection:
        return connection.execute(question).fetchone()[0]


def test_it_has_postgis_checksums_utf8_and_chinese_order(running):
    assert ask(running, "SELECT ST_Area('POLYGON((0 0,2 0,2 1,0 1,0 0))')") == 2
    assert ask(running, "SHOW data_checksums") == "on"
    assert ask(running, "SHOW server_encoding") == "UTF8"
    by_sound = "SELECT string_agg(n, '' ORDER BY n COLLATE \"zh-x-icu\") FROM unnest(ARRAY['周','陈','李']) n"
    assert ask(running, by_sound) == "陈李周"


def test_the_house_is_no_superuser(running):
    assert ask(running, "SELECT current_user") == ROLE
    assert ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_it_opens_no_tcp_port(running):
    server = int((running.folder / "postmaster.pid").read_text().split()[0])
    ours = {os.readlink(handle) for handle in Path(f"/proc/{server}/fd").iterdir()}
    lines = [
        line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()[1:]
    ]
    listening = {f"socket:[{fields[9]}]" for fields in lines if fields[3] == "0A"}
    assert not listening & ours
    assert ask(running, "SHOW listen_addresses") == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as somebody else")
def test_other_accounts_do_not_get_in(running):
    psql = [
        running.server.bin / "psql",
        "-h",
        running.sockets,
        "-p",
        str(PORT),
        "-U",
        ROLE,
        "-c",
        "SELECT 1",
        "dingxin",
    ]
    done = subprocess.run(
        psql, cwd="/", user="nobody", group="nogroup", extra_groups=[], capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Permission denied" in done.stderr


def test_starting_again_changes_nothing(running):
    before = ask(running, "SELECT system_identifier FROM pg_control_system()")
    assert running.start() is False
    assert running.stop() is True
    assert running.stop() is False
    assert running.running is False
    assert running.start() is True
    assert ask(running, "SELECT system_identifier FROM pg_control_system()") == before


def test_it_comes_back_after_a_kill(made, undertaker):
    made.stop()
    made.start()
    with psycopg.connect(made.url(driver="postgresql"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    server = int((made.folder / "postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    undertaker(server)
    made.start()
    assert ask(made, "SELECT n FROM kept") == 7


def test_two_runs_at_once_make_one_cluster(place):
    results = []
    clusters = [Cluster(place / "two", FLEETING) for _ in range(2)]
    threads = [threading.Thread(target=lambda one=one: results.append(one.start())) for one in clusters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clusters[0].stop()
    assert sorted(results) == [False, True]


def test_a_long_path_gets_a_short_socket(place):
    cluster = Cluster(place / ("深" * 40) / "cluster", FLEETING)
    assert len(os.fsencode(cluster.sockets / f".s.PGSQL.{PORT}")) <= 107
    cluster.start()
    try:
        assert ask(cluster, "SELECT 1") == 1
        assert cluster.sockets.stat().st_mode & 0o077 == 0
    finally:
        cluster.stop()
        cluster.sockets.rmdir()


def test_variables_of_another_server_do_not_lead_astray(running, monkeypatch):
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "elsewhere.invalid")
    running.stop()
    running.start()
    assert ask(running, "SELECT 1") == 1


def test_another_major_version_is_refused_in_words_and_left_alone(place):
    folder = place / "old"
    folder.mkdir()
    (folder / "PG_VERSION").write_text(f"{MAJORS[0] - 1}\n")
    with pytest.raises(ClusterError, match=rf"postgresql-{MAJORS[0] - 1}-postgis-3") as refused:
        Cluster(folder).start()
    assert str(MAJORS[0] - 1) in refused.value.zh
    assert [file.name for file in folder.iterdir()] == ["PG_VERSION"]


def test_a_folder_that_is_no_cluster_is_refused_and_left_alone(place):
    folder = place / "other"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(ClusterError, match="PG_VERSION"):
        Cluster(folder).start()
    assert (folder / "letter.txt").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over to another account")
def test_a_closed_parent_is_refused_in_words(place):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClusterError, match="DINGXIN_HOME"):
        Cluster(closed / "cluster").start()
    assert not (closed / "cluster").exists()
