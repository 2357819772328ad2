"""Put layers and tables into a zip as surveyors deliver them, the same bytes at every run."""

import tempfile
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from data.samples.township import COUNTY, CRS
from geo.delivery.dbf import whole
from geo.fields import Field, dictionary

YEAR = "2026"
#: The day that every table is dated.
DAY = date(2026, 5, 8)
#: Real deliveries say their encoding in one file and leave it open in another.
_SAYS_ENCODING = ("DK", "CJQY", "DLTB")
_STAMP = (2026, 5, 8, 9, 0, 0)


def write_delivery(path: Path, layers: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> None:
    """Write shapefiles and DBF tables under the standard's names into one zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, frame in layers.items():
            for suffix, content in _shapefile(table, frame).items():
                _put(archive, f"{table}{COUNTY[0]}{YEAR}{suffix}", content)
        for table, frame in tables.items():
            _put(archive, f"{table}.dbf", whole(frame, _fields(table, frame), DAY))


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a member dated like all others, with the same rights everywhere."""
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    archive.writestr(entry, content, compresslevel=6)


def _shapefile(table: str, frame: pd.DataFrame) -> dict[str, bytes]:
    """The files of a shapefile: shapes by GDAL, attributes by us, since GDAL sets neither widths nor a fixed date."""
    with tempfile.TemporaryDirectory() as folder:
        shapes = gpd.GeoDataFrame({"n": range(len(frame))}, geometry=list(frame["geometry"]), crs=CRS)
        path = Path(folder) / "shapes.shp"
        pyogrio.write_dataframe(shapes, path, driver="ESRI Shapefile", geometry_type="Polygon")
        files = {suffix: path.with_suffix(suffix).read_bytes() for suffix in (".shp", ".shx", ".prj")}
    files[".dbf"] = whole(frame, _fields(table, frame), DAY)
    if table in _SAYS_ENCODING:
        files[".cpg"] = b"GBK"
    return files


def _fields(table: str, frame: pd.DataFrame) -> list[Field]:
    """The standard's fields of a table, and those of ours that the frame fills."""
    known = [field for field in dictionary() if field.table == table]
    ours_added = {field.standard for field in known if field.ours and field.standard not in frame.columns}
    return [field for field in known if field.standard not in ours_added]
