"""The cell that a stranger's file is opened in: what the process that reads it may use, reach and ask for."""

import ctypes
import os
import resource
import struct
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geo
from geo.cell import calls, files
from geo.cell.calls import CannotRestrain

__all__ = ["DISK_FULL", "TOO_HEAVY", "UNCONFINED", "CannotRestrain", "Limits", "enter"]

#: How a process in the cell says, by its exit status, what stopped it where that was not the file's content.
TOO_HEAVY, DISK_FULL, UNCONFINED = 3, 4, 5

#: What the libraries of the system and of Python load while they run.
_SYSTEM: Final = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/lib",
    "/lib64",
    "/usr/share/zoneinfo",
    "/etc/localtime",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
)
_CAPABILITIES_3: Final = 0x2008_0522
_READ_SEARCH: Final = 1 << 2


@dataclass(frozen=True)
class Limits:
    """What one process may use of this machine; seconds are those of its processor."""

    seconds: int
    memory_bytes: int
    output_bytes: int
    open_files: int


def enter(
    limits: Limits,
    *,
    read: Iterable[Path] = (),
    listed: Iterable[Path] = (),
    write: Iterable[Path] = (),
    programs: Sequence[Path] = (),
) -> bool:
    """Go in for good, before anything of the file is looked at; False where the kernel has no Landlock for the files.

    From here on this process reads `read` (and what Python and its libraries need), sees the names in `listed`, changes
    `write`, starts nothing but `programs`, and reaches no network and no other process. To be called while it has one
    thread. Raises CannotRestrain where no filter of its calls can be installed.
    """
    _limit(limits)
    refuse = calls.refusing(programs=bool(programs))
    loaders = [*Path("/lib64").glob("ld-linux*"), *Path("/lib").glob("ld-linux*")] if programs else []
    landlocked = files.allow_only(read=[*_libraries(), *read], listed=listed, write=write, run=[*programs, *loaders])
    _lay_down_capabilities()
    refuse()
    return landlocked


def _limit(limits: Limits) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _lay_down_capabilities() -> None:
    """Keep nothing of what root may do but reading the files of others; anybody else has nothing to lose here."""
    # struct __user_cap_header_struct and two of __user_cap_data_struct (linux/capability.h)
    head = struct.pack("<Ii", _CAPABILITIES_3, 0)
    held = struct.pack("<6I", *([_READ_SEARCH if os.geteuid() == 0 else 0] * 2), *[0] * 4)
    if ctypes.CDLL(None, use_errno=True).capset(head, held) < 0:
        raise CannotRestrain(f"capset: {os.strerror(ctypes.get_errno())}")


def _libraries() -> list[Path]:
    """Where Python, its packages and this project lie."""
    places = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return [*map(Path, sorted(places)), *map(Path, _SYSTEM), Path(geo.__file__).parent]
