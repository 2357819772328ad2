"""A private PostGIS cluster: its own folder, a socket only its people can reach, never a system cluster."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import pq, sql

from data.server import ClusterError, Server, find

#: Names the socket and nothing else: no TCP port is opened.
PORT = 54417
ROLE = DATABASE = "dingxin"
#: The owner of the cluster as PostgreSQL knows it; used to set up and for nothing else.
ADMIN = "postgres"
#: A socket address ends here on Linux.
SOCKET_BYTES = 107


def _share_of_memory() -> int:
    """An eighth of this machine's memory, in megabytes: the rest is for the system's cache, the pages and detection."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return min(max(megabytes // 8, 128), 4096)


#: Right after a kill the old processes may still hold the memory: wait, look again, never delete postmaster.pid.
PAUSES = (0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
DEFAULT = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "shared_buffers": f"{_share_of_memory()}MB",
    "work_mem": "32MB",
    "logging_collector": "on",
    "log_filename": "%a.log",
    "log_truncate_on_rotation": "on",
    # Statements and their values name people; the log does not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
#: For tests: what a power cut would spoil can be made again.
FLEETING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
}


@dataclass(frozen=True)
class Cluster:
    """One cluster in one folder; `start` makes it when it is not there."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Tell whether there is a cluster in the folder."""
        return self.folder.exists()

    @cached_property
    def server(self) -> Server:
        """The PostgreSQL that fits what is in the folder."""
        if not self.exists:
            return find()
        owner = self.folder.stat().st_uid
        try:
            major = int((self.folder / "PG_VERSION").read_text())
        except PermissionError:
            return find(owner=owner)  # refuses, and says whose it is
        except (OSError, ValueError):
            raise ClusterError(
                f"{self.folder} 不是完整的数据库目录（缺 PG_VERSION）。请从备份恢复，或移走该目录后重试。",
                f"{self.folder} is no complete database (no PG_VERSION). Restore a backup, or move it away and retry.",
            ) from None
        return find(major, owner)

    @cached_property
    def sockets(self) -> Path:
        """The folder of the socket: beside the data, or a short one where that path is too long for a socket."""
        beside = self.folder.with_name(self.folder.name + ".socket")
        if len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= SOCKET_BYTES:
            return beside
        return Path("/tmp", "dingxin-" + hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12])

    @property
    def running(self) -> bool:
        """Tell whether the server takes people in."""
        address = f"host='{self.sockets}' port={PORT} connect_timeout=5".encode()
        return pq.PGconn.ping(address) == pq.Ping.OK

    def url(self, database: str = DATABASE, driver: str = "postgresql+psycopg") -> str:
        """The address of a database in this cluster; there is no password in it, the socket knows its people."""
        return f"{driver}://{ROLE}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def start(self) -> bool:
        """Make the cluster if there is none and start it if it does not run; tell whether it was started now."""
        with self._alone():
            if not self.exists:
                self._make()
            if self.running:
                return False
            self._settle()
            self._launch()
            self._furnish()
            return True

    def stop(self) -> bool:
        """Stop the server, rolling back what is open; tell whether it ran."""
        if not self.exists:
            return False
        with self._alone():
            if not self.running:
                return False
            done = self._pg_ctl("stop", "-m", "fast", "-w", "-t", "60")
            if done.returncode:
                raise ClusterError(f"数据库没有停下：{done.stdout}", f"The database did not stop: {done.stdout}")
            return True

    def admin(self, database: str = ADMIN) -> psycopg.Connection:
        """Connect as the owner of the cluster."""
        return psycopg.connect(host=str(self.sockets), port=PORT, user=ADMIN, dbname=database, autocommit=True)

    @contextmanager
    def database(self, name: str, template: str = "template1") -> Iterator[str]:
        """Lend a database of its own, copied from another, and drop it afterwards; gives its name."""
        with self.admin() as connection:
            make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            connection.execute(make.format(*map(sql.Identifier, (name, ROLE, template))))
        try:
            yield name
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still in it."""
        with self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep a second run out while this one makes, starts or stops the cluster."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with open(self.folder.with_name(self.folder.name + ".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        """Make the cluster aside and move it into place whole, so that a killed set-up leaves nothing half done."""
        aside = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        os.chown(aside, self.server.account.pw_uid, self.server.account.pw_gid)
        if not self.server.reaches(aside):
            shutil.rmtree(aside)
            name = self.server.account.pw_name
            raise ClusterError(
                f"账户 {name} 进不了 {aside.parent}。请另设 DINGXIN_HOME，例如 DINGXIN_HOME=/var/lib/dingxin",
                f"The account {name} cannot enter {aside.parent}. Set DINGXIN_HOME, e.g. DINGXIN_HOME=/var/lib/dingxin",
            )
        made = self.server.run(
            "initdb", "-D", aside, "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
            "--auth-local=peer", "--auth-host=reject",
        )  # fmt: skip
        if made.returncode:
            shutil.rmtree(aside)
            raise ClusterError(f"无法建立数据库：\n{made.stdout}", f"The database could not be made:\n{made.stdout}")
        aside.rename(self.folder)

    def _settle(self) -> None:
        """Write what we set, at each start, since the folder may have been moved: who may enter, and the socket."""
        account = self.server.account
        if not self.sockets.exists():
            self.sockets.mkdir(mode=0o700)
            os.chown(self.sockets, account.pw_uid, account.pw_gid)
        mode = self.sockets.lstat()
        if not stat.S_ISDIR(mode.st_mode) or mode.st_uid != account.pw_uid or mode.st_mode & 0o077:
            raise ClusterError(
                f"{self.sockets} 被他人占用或对他人开放。请查看后删除它。",
                f"{self.sockets} belongs to somebody else or is open to others. Look at it, then remove it.",
            )
        values = DEFAULT | {"unix_socket_directories": f'"{self.sockets}"', "port": str(PORT)} | self.settings
        lines = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in values.items())
        people = {account.pw_name, "root"}
        self._write("dingxin.conf", "\n".join(lines))
        self._write("pg_hba.conf", "local all all peer map=house")
        self._write("pg_ident.conf", "\n".join(f"house {name} {role}" for name in people for role in (ROLE, ADMIN)))
        main = self.folder / "postgresql.conf"
        if "dingxin.conf" not in (text := main.read_text()):
            self._write(main.name, text + "\ninclude 'dingxin.conf'\n")

    def _write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text + "\n", encoding="utf-8")
        file.chmod(0o600)
        os.chown(file, self.server.account.pw_uid, self.server.account.pw_gid)

    def _launch(self) -> None:
        for pause in PAUSES:
            done = self._pg_ctl("start", "-w", "-t", "300", "-l", self.folder / "start.log")
            if done.returncode == 0 or self.running:
                return
            if not (self.folder / "postmaster.pid").exists():
                break
            time.sleep(pause)
        if _unburied(self.folder / "postmaster.pid"):
            raise ClusterError(
                "数据库曾被强行终止，而本容器的 1 号进程不回收已死的进程。请重启容器（docker run --init）。",
                "The database was killed, and process 1 of this container does not collect the dead: restart the "
                "container (docker run --init).",
            )
        said = "".join((self.folder / "start.log").read_text(errors="replace").splitlines(keepends=True)[-8:])
        raise ClusterError(
            f"数据库没有启动：\n{said}日志在 {self.folder}/log",
            f"The database did not start (see above); its log is in {self.folder}/log",
        )

    def _furnish(self) -> None:
        """Make our role and database once; the extensions lie in the template, so that every database has them."""
        with self.admin() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                return
            with self.admin("template1") as template:
                for extension in ("postgis", "btree_gist"):
                    template.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
            connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(DATABASE)))

    def _pg_ctl(self, *arguments: str | Path):
        return self.server.run("pg_ctl", "-D", self.folder, *arguments)


def _unburied(lock: Path) -> bool:
    """Tell whether the process that a lock names is dead and still listed, which PostgreSQL takes for alive."""
    try:
        pid = lock.read_text().split()[0]
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


@contextmanager
def shared(name: str, settings: dict[str, str]) -> Iterator[Cluster]:
    """Lend a cluster beside the house's own; runs side by side share it, and the last one out stops it."""
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder / "cluster", settings)
    with open(folder / "in-use", "w") as use:
        fcntl.flock(use, fcntl.LOCK_SH)
        cluster.start()
        yield cluster
        with suppress(BlockingIOError):
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster.stop()


@contextmanager
def benchmark_database() -> Iterator[str]:
    """Lend an empty database of the contest's cluster, which keeps its data as safe as the house's own does."""
    with shared("contest", {}) as cluster, cluster.database(f"bench_{secrets.token_hex(4)}") as name:
        yield cluster.url(name, "postgresql")


def home() -> Path:
    """Where everything this house writes lies."""
    if chosen := os.environ.get("DINGXIN_HOME"):
        return Path(chosen).resolve()
    checkout = Path(__file__).resolve().parent.parent
    # The account that runs PostgreSQL for root must get there: every folder above open to pass through.
    closed = any(not folder.stat().st_mode & stat.S_IXOTH for folder in (checkout, *checkout.parents))
    return Path("/var/lib/dingxin") if closed and os.geteuid() == 0 else checkout / ".dingxin"
