"""Comparing two images by a child process that can be killed: within limits, in a cell, in a folder of its own."""

import json
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numba
import numpy as np
import pyarrow as pa
import pyarrow.feather
import rasterio
import shapely
from pyproj import CRS

import geo.kernel  # noqa: F401  says where compiled loops are kept
from geo.cell import Limits
from geo.imagery.layer import SEASON
from geo.imagery.settings import ChangeSettings
from geo.intake.confined import expect_answer, run
from geo.model import Shapes

#: What the child runs.
MODULE: Final = "geo.cell.comparing"
#: What one comparison may use of this machine: what is judged of each pixel is set aside in files.
LIMITS: Final = Limits(seconds=7200, memory_bytes=8 << 30, output_bytes=32 << 30, open_files=256)
#: Folders of children at work begin so.
WORKING: Final = ".comparing-"
#: What the child needs of GDAL: GeoTIFF alone, to read and to set aside, and outlines in memory.
_DRIVERS: Final = {"GTiff", "MEM", "Memory"}


@dataclass(frozen=True)
class Compared:
    """What a comparison gave: patches (kind, area, width, confidence, shape), and how they were found."""

    patches: gpd.GeoDataFrame
    method: dict[str, Any]
    #: under clouds and shadows or without data
    unseen_m2: float
    seen_m2: float

    @property
    def suspected(self) -> gpd.GeoDataFrame:
        """Patches of what was built or dug; fields in another season are left out."""
        return self.patches[self.patches["kind"] != SEASON].reset_index(drop=True)

    @property
    def counted(self) -> dict[str, dict[str, float]]:
        """How many patches of each kind there are, and how large they are together."""
        return {
            str(kind): {"patches": len(mine), "m2": round(float(mine["area_m2"].sum()), 2)}
            for kind, mine in self.patches.groupby("kind")
        }


def compared(
    before: Path,
    after: Path,
    beside: Path,
    settings: ChangeSettings,
    parcels: Shapes | None = None,
    names: tuple[str, str] = ("before.tif", "after.tif"),
    limits: Limits = LIMITS,
) -> Compared:
    """Compare two images that were taken in before (`pictured`), as `find_change` does, in a child.

    `names` are what people call them. The folder of the child lies under `beside` and is gone at the end. Raises
    IntakeError with the code of the refusal; `too_heavy` and `unconfined` as for all that is read.
    """
    _compile()
    with tempfile.TemporaryDirectory(prefix=WORKING, dir=beside) as name:
        folder = Path(name).resolve()
        links = []
        for role, path, called in zip(("before", "after"), (before, after), names, strict=True):
            (folder / role).mkdir()
            links.append(folder / role / called)
            links[-1].symlink_to(path.resolve())
        shapes: Shapes = np.empty(0, dtype=object) if parcels is None else parcels
        table = pa.table({"geometry": pa.array(shapely.to_wkb(shapes), pa.binary())})
        pyarrow.feather.write_feather(table, folder / "parcels.arrow")
        request = {
            "before": str(links[0]),
            "after": str(links[1]),
            "read": [str(before.resolve()), str(after.resolve())],
            "folder": str(folder),
            "settings": asdict(settings),
            "limits": asdict(limits),
        }
        status, said = run(request, folder, limits, MODULE, _unwanted_drivers())
        expect_answer(folder, status, said, limits)
        return _loaded(folder)


def _loaded(folder: Path) -> Compared:
    """Read what the child left: Arrow and JSON, never objects of Python."""
    answer = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    table = pyarrow.feather.read_feather(folder / "patches.arrow", memory_map=False)
    shapes = shapely.from_wkb(table.pop("geometry").to_numpy(dtype=object))
    patches = gpd.GeoDataFrame(table, geometry=shapes, crs=CRS.from_wkt(answer["crs"]))
    return Compared(patches, answer["method"], answer["unseen_m2"], answer["seen_m2"])


@cache
def _compile() -> None:
    """Have the loops of the kernel compiled, where nobody ever did: the child may not write there."""
    kept = Path(numba.config.CACHE_DIR)  # type: ignore[attr-defined]
    if not any(kept.rglob("pixels.judged*.nbc")):
        from geo.warm import warm

        warm()


def _unwanted_drivers() -> str:
    with rasterio.Env() as env:
        return ",".join(sorted(set(env.drivers()) - _DRIVERS))
