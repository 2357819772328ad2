"""Reading in a child process that can be killed: within limits, in a cell (`geo.cell`), with a folder of its own."""

import contextlib
import errno
import json
import logging
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyogrio

from geo.cell import DISK_FULL, TOO_HEAVY, UNCONFINED, Limits, launch
from geo.intake import reading
from geo.intake.errors import IntakeError, refusal
from geo.intake.reading import Reading
from geo.intake.sources import SHAPEFILE, beside, split_choice

_log = logging.getLogger(__name__)
#: What the child runs.
MODULE: Final = "geo.cell.reading"
#: What one reading may use of this machine.
LIMITS: Final = Limits(seconds=900, memory_bytes=8 << 30, output_bytes=4 << 30, open_files=256)
#: The only formats that the child's GDAL knows: content of another kind finds no driver, whatever it is named.
_DRIVERS: Final = {"ESRI Shapefile", "GPKG", "GeoJSON"}
#: Programs that the child may start where they are installed: mdbtools, which read the tables of an .mdb.
_PROGRAMS: Final = tuple(Path("/usr/bin", name) for name in ("mdb-tables", "mdb-export", "mdb-json", "mdb-schema"))
#: The child, a program that it started, and what that needs.
_MOST_PROCESSES: Final = 8
#: How often it is looked at how much the child has written and started.
_LOOK_SECONDS: Final = 0.5


def read_confined(path: str | Path, *, limits: Limits = LIMITS, module: str = MODULE, **asked: Any) -> Reading:
    """Read a file as `read` does, in a child process; `too_heavy` refuses one that goes beyond the limits.

    The child answers with Arrow and JSON, never with objects of Python. It can read the file and its companions, and
    write its own folder; `unconfined` refuses to read where no filter holds the child from the network.
    """
    with tempfile.TemporaryDirectory(prefix="dingxin-reading-") as name:
        folder = Path(name).resolve()
        status, said = run(_request(path, folder, asked, limits), folder, limits, module, _unwanted_drivers())
        expect_answer(folder, status, said, limits)
        return reading.load(folder)


def expect_answer(folder: Path, status: int, said: str, limits: Limits) -> None:
    """Raise what the child refused, or what stopped it; nothing where it left its answer in the folder."""
    if (folder / "no_landlock").exists():
        _tell_no_landlock()
    if (folder / "refused.json").exists():
        raise IntakeError(**json.loads((folder / "refused.json").read_text(encoding="utf-8")))
    if status == 0:
        return
    _log.warning("reading child ended with status %s: %s", status, said[-2000:])
    if status == UNCONFINED:
        raise refusal("unconfined", detail=said.strip())
    if status == DISK_FULL:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    if status < 0 or status == TOO_HEAVY:
        raise refusal("too_heavy", seconds=limits.seconds, memory_gb=limits.memory_bytes >> 30)
    raise refusal("unreadable", detail=(said.strip().splitlines() or ["-"])[-1].split(":")[0][:80])


def _request(path: str | Path, folder: Path, asked: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """What the child is told: the file by its whole path, with a layer chosen behind it, and what it may reach."""
    file, _ = split_choice(path)
    return {
        "path": os.path.abspath(path),
        "folder": str(folder),
        "asked": asked,
        "limits": asdict(limits),
        "read": [str(part.resolve()) for part in beside(file)],
        "listed": [str(file.parent.resolve())] if file.suffix.lower() in SHAPEFILE else [],
        "programs": [str(program) for program in _PROGRAMS if program.exists()],
    }


def run(request: dict[str, Any], folder: Path, limits: Limits, module: str, unwanted: str) -> tuple[int, str]:
    """Start a child without some of GDAL's drivers; wait no longer than it may take, nor while it writes too much."""
    until = time.monotonic() + limits.seconds
    asked: bytes | None = json.dumps(request).encode()
    with launch.started(module, folder=folder, also={"GDAL_SKIP": unwanted}) as child:
        while True:
            left = until - time.monotonic()
            try:
                _, said = child.communicate(asked, timeout=max(0.0, min(_LOOK_SECONDS, left)))
                return child.returncode, said.decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                asked = None
                if left <= 0 or _written(folder) > limits.output_bytes or _processes(child.pid) > _MOST_PROCESSES:
                    return -signal.SIGKILL, ""


def _written(folder: Path) -> int:
    """How much lies in a folder while somebody works in it."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total


def _processes(session: int) -> int:
    """How many processes a session has; what the child starts cannot leave its own."""
    count = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it may end while it is being looked at
            count += int(stat.read_text().rpartition(")")[2].split()[3]) == session
    return count


def _unwanted_drivers() -> str:
    return ",".join(sorted(set(pyogrio.list_drivers()) - _DRIVERS))


@cache
def _tell_no_landlock() -> None:
    """Said once in the life of a process."""
    _log.warning("this kernel has no Landlock: the reading child is held from the network, but not from other files")
