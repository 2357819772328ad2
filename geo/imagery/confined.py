"""Taking in an image by a child process that can be killed: within limits, in a cell, in a folder of its own."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import rasterio

from geo.cell import Limits
from geo.imagery import tiff
from geo.imagery.picture import Picture, told
from geo.intake.confined import expect_answer, run

#: What the child runs.
MODULE: Final = "geo.cell.picturing"
#: What one image may use of this machine; what is written is the picture twice, for its overviews come in between.
LIMITS: Final = Limits(seconds=1800, memory_bytes=6 << 30, output_bytes=16 << 30, open_files=256)
#: Folders of children at work begin so; one that is older than a child may live was left by a machine that stopped.
WORKING: Final = ".picturing-"
#: What the child needs of GDAL: to read GeoTIFF alone, to rename what is in it, and to write.
_DRIVERS: Final = {"GTiff", "COG", "VRT", "MEM"}


@contextmanager
def pictured(path: Path, beside: Path, *, limits: Limits = LIMITS, **asked: Any) -> Iterator[tuple[Picture, Any, Path]]:
    """Take in an image as `looked` and `cog.make` do, in a child; gives what it is, its look, and the file made.

    The file lies in a folder under `beside` that is gone at the end: move it before. Raises IntakeError; `too_heavy`
    and `unconfined` as for all that is read.
    """
    with tempfile.TemporaryDirectory(prefix=WORKING, dir=beside) as name:
        folder = Path(name).resolve()
        request = {"path": str(path.resolve()), "folder": str(folder), "asked": asked, "limits": asdict(limits)}
        status, said = run(request, folder, limits, MODULE, _unwanted_drivers())
        expect_answer(folder, status, said, limits)
        answer = json.loads((folder / "told.json").read_text(encoding="utf-8"))
        made = folder / "image.tif"
        tiff.expected(made)  # what came out of the cell is not taken on trust
        yield told(answer["picture"]), answer["look"], made


def _unwanted_drivers() -> str:
    with rasterio.Env() as env:
        return ",".join(sorted(set(env.drivers()) - _DRIVERS))
