"""Valid files, one part of which is replaced by spoilt bytes, and what the reader may make of that."""

import functools
import io
import json
import math
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.intake.errors import IntakeError, table
from tests.intake.build import CODE, ORIGIN, layer

#: What can be spoilt, and under which name the whole file then comes.
PARTS = {
    ".shp": "DK.zip",
    ".shx": "DK.zip",
    ".dbf": "DK.zip",
    ".prj": "DK.zip",
    ".cpg": "DK.zip",
    ".zip": "DK.zip",
    ".gpkg": "DK.gpkg",
    ".geojson": "DK.geojson",
}
#: Four parcels of ten metres by ten, as `build.layer` draws them.
ROWS, AREA = 4, 400.0
#: A number spoilt in these is another number, and nothing in the file says what it was.
DRAWN = (".shp", ".gpkg", ".geojson")


@functools.cache
def whole(part: str) -> bytes:
    """The bytes of a part before it is spoilt."""
    if part == ".cpg":
        return b"GBK"
    if part == ".zip":
        return _zipped(layer(ROWS) | {".cpg": b"GBK"})
    if part in (".gpkg", ".geojson"):
        return _inner(part)
    return layer(ROWS)[part]


def _zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of a layer; stored, so that a spoilt byte stays where it is."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_STORED) as archive:
        for suffix, content in parts.items():
            archive.writestr(f"DK{suffix}", content)
    return room.getvalue()


def _inner(part: str) -> bytes:
    """The same four parcels as a GeoPackage or GeoJSON."""
    x, y = ORIGIN
    squares = [shapely.box(x + 20 * at, y, x + 20 * at + 10, y + 10) for at in range(ROWS)]
    frame = gpd.GeoDataFrame(
        {"DKBM": [CODE.format(at) for at in range(ROWS)], "DKMC": "水库边", "SCMJ": 100.0}, geometry=squares, crs=4525
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"DK{part}")
        if part == ".gpkg":
            frame.to_file(path, layer="DK", engine="pyogrio")
            with sqlite3.connect(path) as db:  # no time of day in the bytes
                db.execute("UPDATE gpkg_contents SET last_change = '2026-01-01T00:00:00.000Z'")
        else:
            frame.to_crs(4490).to_file(path, driver="GeoJSON", engine="pyogrio")
            known = json.loads(path.read_text())
            known["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
            path.write_text(json.dumps(known))
        return path.read_bytes()


def spoil(part: str, content: bytes, folder: Path) -> Path:
    """The whole file with one part of it replaced."""
    path = folder / PARTS[part]
    if path.suffix == ".zip" and part != ".zip":
        content = _zipped(layer(ROWS) | {".cpg": b"GBK"} | {part: content})
    path.write_bytes(content)
    return path


def judge(read, part: str, content: bytes, folder: Path) -> str:
    """Read a spoilt file: `refused` with a reason of the table, `same`, or `told`: something was rejected or said.

    Anything else is a defect of ours and raises.
    """
    try:
        (found,) = read(spoil(part, content, folder)).layers
    except IntakeError as error:
        refused = error
    else:
        return _told(found, part)
    assert table()[refused.code]["level"] == "file"
    assert refused.zh
    assert refused.en
    return "refused"


def _told(found, part: str) -> str:
    """What became of a file that was read."""
    assert found.read == len(found.frame) + len(found.rejected)
    assert all(table()[row.code]["level"] == "row" for row in found.rejected)
    assert all(table()[one["code"]]["level"] == "note" for one in found.notes)
    area = float(shapely.area(found.frame.geometry.to_numpy()).sum())
    assert math.isfinite(area)
    if found.rejected or {one["code"] for one in found.notes} - {"columns_missing"} or found.read != ROWS:
        return "told"
    if part not in DRAWN:
        assert area == pytest.approx(AREA, rel=1e-4)
    return "same"
