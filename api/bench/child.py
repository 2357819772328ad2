"""The process that one method runs in: `python -m api.bench.child module:function FOLDER OUT GIGABYTES`.

Each line on its standard input asks for one run; each run is answered by one line of JSON on its standard output.
"""

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main(target: str, folder: str, out: str, gigabytes: str) -> None:
    """Run a method as often as it is asked for; loading its libraries is not counted."""
    limit = int(float(gigabytes) * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # a library that prints must not be taken for an answer
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    module, _, name = target.partition(":")
    method = getattr(importlib.import_module(module), name)
    for _ in sys.stdin:
        print(json.dumps(_once(method, Path(folder), Path(out))), file=answers, flush=True)


def _once(method: Callable, folder: Path, out: Path) -> dict[str, object]:
    """One run: its seconds (one number, or one for each request the method timed), and the peak memory so far."""
    start = time.perf_counter()
    result = method(folder)
    whole = time.perf_counter() - start
    table, seconds = result if isinstance(result, tuple) else (result, [whole])
    table.to_parquet(out)
    return {"seconds": seconds, "times_requests": isinstance(result, tuple), "whole_s": whole, "peak_gb": _peak_gb()}


def _peak_gb() -> float:
    """The most memory this process, or one that it started and ended, has held.

    The kernel's own count (ru_maxrss) would start at the size of the process that started this one.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return round(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 2**20, 3)


if __name__ == "__main__":
    main(*sys.argv[1:])
