"""Which files this process may still reach: Landlock, taken on by itself and never taken back (Linux 5.13 and later).

The three calls have no place in the C library; their numbers are the same on every machine (linux/landlock.h).
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVILEGES: Final = 38  # prctl

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _DEVICE = 1 << 14, 1 << 15
#: What can be granted on a file that is no folder.
_OF_A_FILE: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE
#: How many rights on files each version of Landlock knows.
_KNOWN: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST: Final = 16
#: Binding and connecting TCP (version 4); sockets without a place in the files, and signals (version 6).
_NETWORK, _SCOPES = 0b11, 0b11

_libc = ctypes.CDLL(None, use_errno=True)


def allow_only(*, read: Iterable[Path], listed: Iterable[Path], write: Iterable[Path], run: Iterable[Path]) -> bool:
    """Leave this thread, and all it starts, these files and folders with what is below; False without Landlock.

    `listed` are folders of which only the names may be seen. What does not exist is passed over. Raises OSError where
    the kernel knows Landlock and yet fails.
    """
    version = _version()
    if version < 1:
        return False
    every = (1 << _KNOWN.get(version, _NEWEST)) - 1
    handled = struct.pack("<3Q", every, _NETWORK if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _call(_CREATE_RULESET, handled, size, 0)
    reading = _READ_FILE | _READ_DIR
    for paths, rights in ((read, reading), (listed, _READ_DIR), (write, every & ~_EXECUTE), (run, _EXECUTE | reading)):
        for path in paths:
            _grant(rules, path, rights)
    _expect(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _call(_RESTRICT_SELF, rules, 0)
    os.close(rules)
    return True


def _version() -> int:
    return int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION)))


def _grant(rules: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    if not stat.S_ISDIR(os.fstat(place).st_mode):
        rights &= _OF_A_FILE
    _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("<Qi", rights, place), 0)
    os.close(place)


def _call(number: int, *given: int | bytes) -> int:
    return _expect(_libc.syscall(number, *(ctypes.c_long(one) if isinstance(one, int) else one for one in given)))


def _expect(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
