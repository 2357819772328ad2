"""Reading in a child process that can be killed: limits on memory, time, files and output, and a folder of its own."""

import errno
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyogrio

import geo
from geo.intake import reading
from geo.intake.errors import IntakeError, refusal
from geo.intake.reading import Reading

_log = logging.getLogger(__name__)
#: The only formats that the child's GDAL knows: content of another kind finds no driver, whatever it is named.
_DRIVERS: Final = {"ESRI Shapefile", "GPKG", "GeoJSON"}
#: How the child says what stopped it, where that was not the file's content.
TOO_HEAVY: Final = 3
DISK_FULL: Final = 4


@dataclass(frozen=True)
class Restraint:
    """What one reading may use of this machine."""

    seconds: int = 900
    memory_bytes: int = 8 << 30
    output_bytes: int = 4 << 30
    open_files: int = 256


def read_confined(path: str | Path, *, restraint: Restraint | None = None, **asked: Any) -> Reading:
    """Read a file as `read` does, in a child process; `too_heavy` refuses one that goes beyond the limits.

    The child answers with Parquet and JSON, never with objects of Python.
    """
    limits = restraint or Restraint()
    with tempfile.TemporaryDirectory(prefix="dingxin-reading-") as name:
        folder = Path(name)
        request = {"path": _absolute(path), "folder": name, "asked": asked, "limits": asdict(limits)}
        status, said = _run(request, folder, limits)
        if (folder / "refused.json").exists():
            raise IntakeError(**json.loads((folder / "refused.json").read_text(encoding="utf-8")))
        if status == 0:
            return reading.load(folder)
    _log.warning("reading child ended with status %s: %s", status, said[-2000:])
    if status == DISK_FULL:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    if status < 0 or status == TOO_HEAVY:
        raise refusal("too_heavy", seconds=limits.seconds, memory_gb=limits.memory_bytes >> 30)
    raise refusal("unreadable", detail=(said.strip().splitlines() or ["-"])[-1].split(":")[0][:80])


def _absolute(path: str | Path) -> str:
    """The path as the child needs it, which stands in another folder; a layer chosen behind it stays there."""
    return os.path.abspath(path)


def _run(request: dict[str, Any], folder: Path, limits: Restraint) -> tuple[int, str]:
    """Start the child, wait for it no longer than it may take, and kill whatever is left of it."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "geo.intake.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    try:
        _, said = child.communicate(json.dumps(request).encode(), timeout=limits.seconds)
        return child.returncode, said.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL, ""
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but where Python and the project are; threads would only take memory."""
    unwanted = sorted(set(pyogrio.list_drivers()) - _DRIVERS)
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(geo.__file__).resolve().parents[1]),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "GDAL_SKIP": ",".join(unwanted),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
