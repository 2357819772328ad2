"""The reading child with a stranger's code in it: what a flaw in a parser might let in, with or without a defence.

Run in the place of `geo.cell.reading`. The deed that is asked for is answered as a refusal, whose code is `done` or the
name of the error that the kernel gave.
"""

import ctypes
import errno
import json
import mmap
import os
import resource
import signal
import socket
import sys
import time
from pathlib import Path

from geo import cell
from geo.cell import calls, files, reading

LIBC = ctypes.CDLL(None, use_errno=True)
#: io_uring_setup; the same number on every machine.
IO_URING_SETUP = 425
PTRACE_ATTACH, CLONE_NEWUSER, SIXTEEN_MB = 16, 0x1000_0000, 16 << 20


def connect(port):
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def connect_file(path):
    with socket.socket(socket.AF_UNIX) as plug:
        plug.connect(path)


def read(path):
    Path(path).read_bytes()


def names(path):
    os.listdir(path)


def write(path):
    Path(path).write_text("x")


def cut(path):
    os.truncate(path, 0)


def open_to_all(path):
    os.chmod(path, 0o666)


def signal_parent(_):
    os.kill(os.getppid(), 0)


def limit_parent(_):
    resource.prlimit(os.getppid(), resource.RLIMIT_CPU)


def give_away(path):
    os.chown(path, 12345, 12345)


def start(program):
    os.waitpid(os.posix_spawn(program, [program], {}), 0)


def fork(_):
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


def crowd(size):
    for _ in range(size):
        if os.fork() == 0:
            time.sleep(2)
            os._exit(0)
    time.sleep(1.5)


def new_session(_):
    os.setpgid(0, os.getpgid(os.getppid()))


def trace(_):
    _ask(LIBC.ptrace(PTRACE_ATTACH, os.getppid(), 0, 0))
    os.kill(os.getppid(), signal.SIGCONT)


def new_user(_):
    _ask(LIBC.unshare(CLONE_NEWUSER))


def ring(_):
    room = ctypes.create_string_buffer(120)
    os.close(_ask(LIBC.syscall(IO_URING_SETUP, 1, room)))


def fill_memory(size):
    mmap.mmap(-1, size).close()


def wait(seconds):
    time.sleep(seconds)


def fill_folder(size):
    for number in range(size // SIXTEEN_MB):
        Path(str(number)).write_bytes(b"x" * SIXTEEN_MB)
    time.sleep(1.5)


def long_file(size):
    Path("long").write_bytes(b"x" * size)


def many_files(count):
    opened = []
    try:
        for _ in range(count):
            opened.append(os.open(os.devnull, os.O_RDONLY))
    finally:
        for one in opened:
            os.close(one)


def _ask(answer):
    if answer < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return answer


def _act(request, folder):
    """Do the deed in the place of reading."""
    asked = request["asked"]
    try:
        globals()[asked["deed"]](asked["target"])
        code = "done"
    except OSError as error:
        code = errno.errorcode[error.errno]
    (folder / "refused.json").write_text(json.dumps({"code": code, "zh": "", "en": ""}))
    return 0


def _take_down(defences):
    """Enter the cell without some of its walls."""
    if "calls" in defences:
        calls.refusing = lambda programs: lambda: None
    if "files" in defences:
        files.allow_only = lambda **_: False
    if "limits" in defences:
        cell._limit = lambda limits: None
    if "capabilities" in defences:
        cell._lay_down_capabilities = lambda: None


if __name__ == "__main__":
    enter = cell.enter

    def enter_without(*given, **asked):
        _take_down(os.environ.get("WITHOUT", ""))
        return enter(*given, **asked)

    cell.enter, reading._read = enter_without, _act
    sys.exit(reading.main())
