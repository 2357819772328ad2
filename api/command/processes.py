"""Processes that stay when the command ends: one of each name, known by a lock that it holds as long as it lives."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings


@dataclass(frozen=True)
class Process:
    """A verb of ours that runs in the background, such as `serve`."""

    settings: Settings
    verb: str

    @property
    def log(self) -> Path:
        """Where what it prints goes."""
        return self.settings.folder("logs") / f"{self.verb}.log"

    @property
    def pid(self) -> int | None:
        """The number of the process, or none when it does not run: its lock is free then, whatever the file says."""
        with self._file() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0)
        return None

    def start(self) -> bool:
        """Start it unless it runs; tell whether it was started now."""
        with self._file() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            with open(self.log, "ab") as log:
                process = subprocess.Popen(
                    [Path(sys.prefix, "bin", "dingxin"), self.verb],
                    cwd=self.settings.home,
                    env=os.environ | {"DINGXIN_HOME": str(self.settings.home)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=[file.fileno()],
                )
            file.truncate(0)
            file.write(str(process.pid))
            return True

    def stop(self, patience: float = 40) -> bool:
        """Ask it to end, and end it when it does not; tell whether it ran."""
        pid, until = self.pid, time.monotonic() + patience
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        while self.pid is not None and time.monotonic() < until:
            time.sleep(0.1)
        if self.pid is not None:
            os.killpg(pid, signal.SIGKILL)
        return True

    @contextmanager
    def _file(self) -> Iterator:
        file = self.settings.folder("run") / f"{self.verb}.pid"
        with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as opened:
            yield opened


def listener(port: int) -> str | None:
    """Tell which program listens on a port of this machine, as far as the kernel lets us see it."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:] if Path(table).exists() else ():
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    if not inodes:
        return None
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(handle) in inodes:
                return f"{(handle.parents[1] / 'comm').read_text().strip()} (pid {handle.parents[1].name})"
        except OSError:
            continue
    return "其他账户的程序 a program of another account"
