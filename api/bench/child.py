"""The process that one method runs in: `python -m api.bench.child module:function FOLDER OUT RUNS GIGABYTES`."""

import importlib
import json
import resource
import sys
import time
from pathlib import Path

#: A method that is quick is run several times; one that takes longer than this is run once.
LONG_RUN_S = 60.0


def main(target: str, folder: str, out: str, runs: str, gigabytes: str) -> None:
    """Run a method up to `runs` times; loading its libraries and a first small call are not counted."""
    limit = int(float(gigabytes) * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    module, _, name = target.partition(":")
    method = getattr(importlib.import_module(module), name)
    seconds: list[float] = []
    while len(seconds) < int(runs) and sum(seconds) < LONG_RUN_S:
        start = time.perf_counter()
        result = method(Path(folder))
        seconds.append(time.perf_counter() - start)
    result.to_parquet(out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "peak_gb": round(peak, 3)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
