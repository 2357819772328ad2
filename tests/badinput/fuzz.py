"""Spoilt files without end: `python -m tests.badinput.fuzz [FOLDER] [-max_total_time=600]` (extra `fuzz`, Python 3.11).

Atheris spoils a valid delivery guided by what the reader does with it; the first byte says which part is spoilt. What
it finds is kept in the folder and can be given back as an argument.
"""

import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["geo.intake", "geo.fields", "geo.crs", "geo.codes"]):
    from geo.intake.reader import read
    from tests.badinput.spoilt import PARTS, judge, whole

FOLDER = tempfile.mkdtemp(prefix="dingxin-fuzz-")


def one(data: bytes) -> None:
    """Read one spoilt file."""
    if data:
        part = sorted(PARTS)[data[0] % len(PARTS)]
        judge(read, part, data[1:], Path(FOLDER))


if __name__ == "__main__":
    seeds = Path(FOLDER, "seeds")
    seeds.mkdir()
    for number, part in enumerate(sorted(PARTS)):
        (seeds / part.strip(".")).write_bytes(bytes([number]) + whole(part))
    os.environ["GDAL_SKIP"] = "VRT"
    atheris.Setup([*sys.argv, str(seeds)], one)
    atheris.Fuzz()
