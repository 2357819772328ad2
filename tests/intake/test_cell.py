"""The cell of the reading child: a stranger's code in it reaches nothing; without the wall in question it does."""

import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from geo.cell import launch
from geo.intake import IntakeError, confined, read_confined
from geo.intake.confined import LIMITS
from tests.intake.build import delivery, layer


@pytest.fixture
def ground(tmp_path):
    """A file to read, a secret beside it, a listener and a database's socket; what was connected is counted."""
    (tmp_path / "in").mkdir()
    (tmp_path / "beside").mkdir()
    place = Ground(tmp_path)
    yield place
    place.listener.close()
    place.plug.close()


class Ground:
    """Where the intruder acts."""

    def __init__(self, folder):
        self.given = delivery(folder / "in" / "a.zip", DK=layer(1))
        self.secret = folder / "in" / "secret"
        self.secret.write_text("secret")
        self.elsewhere = str(folder / "beside" / "new")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.plug = socket.socket(socket.AF_UNIX)
        self.socket = str(folder / ".s.PGSQL.5432")
        self.plug.bind(self.socket)
        self.plug.listen()
        self.plug.setblocking(False)

    def visitors(self):
        """How many came to either door."""
        count = 0
        for door in (self.listener, self.plug):
            try:
                door.accept()[0].close()
                count += 1
            except BlockingIOError:
                pass
        return count

    def act(self, monkeypatch, deed, target=None, without="", programs=(), **limits):
        """What became of a deed in the cell."""
        monkeypatch.setattr(confined, "_PROGRAMS", programs)
        monkeypatch.setattr(launch, "_environment", with_more(launch._environment, {"WITHOUT": without}))
        asked = {"deed": deed, "target": target, "module": "tests.intake.intruder"}
        with pytest.raises(IntakeError) as outcome:
            read_confined(self.given, limits=replace(LIMITS, **limits), **asked)
        monkeypatch.undo()
        return outcome.value.code


def with_more(environment, more):
    return lambda folder: environment(folder) | more


REFUSED = ("EPERM", "EACCES")


@pytest.mark.parametrize("without", ["", "files", "calls"])
def test_no_network_and_no_database(ground, monkeypatch, without):
    """Two walls stand before the network, one before a socket among the files; neither alone lets anybody through."""
    assert ground.act(monkeypatch, "connect", ground.port, without) in REFUSED
    if without != "calls":
        assert ground.act(monkeypatch, "connect_file", ground.socket, without) in REFUSED
    assert ground.visitors() == 0


def test_without_the_walls_both_doors_are_reached(ground, monkeypatch):
    assert ground.act(monkeypatch, "connect", ground.port, "calls files") == "done"
    assert ground.act(monkeypatch, "connect_file", ground.socket, "calls files") == "done"
    assert ground.visitors() == 2


@pytest.mark.parametrize(
    ("deed", "target", "wall"),
    [
        ("read", lambda ground: str(ground.secret), "files"),
        ("read", lambda _: "/etc/passwd", "files"),
        ("read", lambda _: f"/proc/{os.getpid()}/environ", "files"),
        ("read", lambda _: sys.modules["api"].__file__, "files"),
        ("names", lambda _: "/", "files"),
        ("write", lambda ground: ground.elsewhere, "files"),
        ("cut", lambda ground: str(ground.given), "files"),
        ("open_to_all", lambda ground: str(ground.secret), "calls"),
        ("signal_parent", lambda _: None, "calls files"),
        ("limit_parent", lambda _: None, "calls"),
        ("start", lambda _: "/bin/true", "calls files"),
        ("fork", lambda _: None, "calls"),
        ("new_user", lambda _: None, "calls"),
    ],
)
def test_what_the_intruder_may_not_do_and_could(ground, monkeypatch, deed, target, wall):
    import api  # noqa: F401 (a file of the project that is none of the reader's)

    assert ground.act(monkeypatch, deed, target(ground)) in REFUSED
    without = ground.act(monkeypatch, deed, target(ground), wall + " capabilities")
    assert without == "done", "the deed proves nothing where nobody could do it"


@pytest.mark.parametrize("deed", ["trace", "ring", "new_session"])
def test_what_nobody_in_the_cell_may_ask(ground, monkeypatch, deed):
    """Machines differ in whether the kernel would do it; never does it reach the kernel."""
    assert ground.act(monkeypatch, deed) == "EPERM"


def test_the_secrets_of_the_system(ground, monkeypatch):
    assert ground.act(monkeypatch, "read", "/etc/shadow") in REFUSED


def test_the_programs_of_the_reader_and_no_other(ground, monkeypatch):
    """Where mdbtools are installed the child may start them; here /bin/true stands for them."""
    true = Path("/bin/true").resolve()
    assert ground.act(monkeypatch, "start", str(true), programs=(true,)) == "done"
    assert ground.act(monkeypatch, "start", "/bin/false", programs=(true,)) == "EACCES"
    assert ground.act(monkeypatch, "crowd", 8, programs=(true,)) == "too_heavy"
    assert ground.act(monkeypatch, "crowd", 3, programs=(true,)) == "done"


@pytest.mark.parametrize(
    ("deed", "size", "limits", "outcome", "more"),
    [
        ("fill_memory", 1 << 30, {"memory_bytes": 1 << 29}, "ENOMEM", {"memory_bytes": 1 << 31}),
        ("wait", 1.2, {"seconds": 1}, "too_heavy", {"seconds": 60}),
        ("long_file", 1 << 21, {"output_bytes": 1 << 20}, "EFBIG", {"output_bytes": 1 << 22}),
        ("fill_folder", 1 << 26, {"output_bytes": 1 << 25}, "too_heavy", {"output_bytes": 1 << 27}),
        ("many_files", 100, {"open_files": 32}, "EMFILE", {"open_files": 128}),
    ],
)
def test_limits_and_the_same_within_them(ground, monkeypatch, deed, size, limits, outcome, more):
    assert ground.act(monkeypatch, deed, size, **limits) == outcome
    assert ground.act(monkeypatch, deed, size, **more) == "done"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away, so only root has that to lose")
def test_root_is_no_longer_root(ground, monkeypatch):
    assert ground.act(monkeypatch, "give_away", str(ground.secret), without="calls") == "EPERM"
    assert ground.act(monkeypatch, "give_away", str(ground.secret), without="calls capabilities") == "done"


def test_nothing_is_read_where_the_filter_cannot_be_installed(ground, monkeypatch, tmp_path):
    """A machine without libseccomp, which the wrapper of the library finds by the system's loader."""
    (tmp_path / "pyseccomp.py").write_text("raise RuntimeError('Unable to find libseccomp')")
    way = f"{tmp_path}{os.pathsep}{Path(__file__).parents[2]}"
    monkeypatch.setattr(launch, "_environment", with_more(launch._environment, {"PYTHONPATH": way}))
    with pytest.raises(IntakeError) as refused:
        read_confined(ground.given)
    assert refused.value.code == "unconfined"
    assert "libseccomp" in refused.value.zh


def test_without_landlock_reading_goes_on_and_it_is_told_once(ground, monkeypatch, caplog):
    confined._tell_no_landlock.cache_clear()
    for _ in range(2):
        assert ground.act(monkeypatch, "names", "/", without="files") == "done"
    assert [record.message for record in caplog.records if "Landlock" in record.message] == [
        "this kernel has no Landlock: the reading child is held from the network, but not from other files"
    ]
