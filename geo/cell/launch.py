"""Starting the processes that go into the cell: nothing of ours in their environment, nothing of theirs left behind."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geo


@contextlib.contextmanager
def started(
    module: str, *asked: str, folder: Path, also: Mapping[str, str] | None = None, inherited: Iterable[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs a module of ours in `folder`; whatever is left of it and of its own is killed at the end.

    Its environment is where Python and the project are and `also`; it inherits its pipes and the files `inherited`.
    """
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", module, *asked],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=_environment(folder) | dict(also or {}),
        pass_fds=tuple(inherited),
        start_new_session=True,
    )
    with child:
        try:
            yield child
        finally:
            _end(child)


def _environment(folder: Path) -> dict[str, Any]:
    """Nothing of ours but where Python and the project are; threads would only take memory."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(geo.__file__).resolve().parents[1]),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the session of a process, also where the process itself has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
