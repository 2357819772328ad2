"""One layer or list in the formats that people ask for: for a GIS, for a spreadsheet, for a drawing."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyproj import CRS

from geo import crs
from geo.delivery import dbf, shapefile, sheets, tables
from geo.delivery.defects import Defect
from geo.fields import Field
from geo.model import Shapes

#: RFC 7946 wants degrees of WGS 84, which CGCS2000 agrees with within centimetres.
DEGREES = "EPSG:4326"
#: A tenth of a millimetre.
_DECIMALS = "9"
#: Height of the codes on a drawing.
_LETTERS_M = 1.0


class NoShapes(Exception):
    """A list without shapes, asked for in a format that draws."""


@dataclass(frozen=True)
class Listed:
    """A list to take away: its fields, its rows under the fields' names; its shapes, their kind and their system."""

    name: str
    fields: Sequence[Field]
    frame: pd.DataFrame
    day: date
    shapes: Shapes | None = None
    kind: int = shapefile.POLYGON
    crs: str | None = None
    #: The column that names a row on a drawing.
    code: str | None = None

    @property
    def rows(self) -> pa.Table:
        """Its rows as typed columns."""
        return tables.arrow(self.frame, self.fields)


def in_system(listed: Listed, system: str) -> Listed:
    """The same list with its shapes in another system; CrsRefused where no way leads there."""
    if listed.shapes is None or listed.crs is None or listed.crs == system:
        return listed
    go = crs.way(CRS.from_user_input(listed.crs), CRS.from_user_input(system))
    moved = shapely.transform(listed.shapes, lambda xy: np.column_stack(go(xy[:, 0], xy[:, 1])))
    return replace(listed, shapes=moved, crs=system)


def write(listed: Listed, form: str, folder: Path) -> tuple[Path, list[Defect]]:
    """Write a list in one of the formats into a folder; gives the file, and what it could not hold.

    GeoJSON in degrees follows RFC 7946, in any other system it names that as was the custom before. NoShapes where
    there is nothing to draw.
    """
    if form in DRAWN and listed.shapes is None:
        raise NoShapes(listed.name)
    return _WRITERS[form](listed, folder)


def _gpkg(listed: Listed, folder: Path) -> tuple[Path, list[Defect]]:
    path = folder / f"{listed.name}.gpkg"
    if listed.shapes is None:
        tables.append(path, listed.name, listed.rows, begun=False)
    else:
        _drawn(listed, path, "GPKG")
    return path, []


def _drawn(listed: Listed, path: Path, driver: str, **options: str) -> None:
    wkb = np.asarray(shapely.to_wkb(listed.shapes), dtype=object)
    told = listed.rows.append_column("geometry", pa.array(wkb, pa.binary()))
    pyogrio.write_arrow(
        told,
        path,
        layer=listed.name,
        driver=driver,
        geometry_name="geometry",
        geometry_type="Unknown",
        crs=listed.crs,
        **options,
    )


def _geojson(listed: Listed, folder: Path) -> tuple[Path, list[Defect]]:
    path = folder / f"{listed.name}.geojson"
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": _DECIMALS} if listed.crs == DEGREES else {}
    _drawn(listed, path, "GeoJSON", **options)
    return path, []


def _shp(listed: Listed, folder: Path) -> tuple[Path, list[Defect]]:
    """A shapefile in a zip, with a list of what it could not hold where there is any."""
    parts = folder / "shp"
    parts.mkdir()
    try:
        defects = _shapefile(listed, parts, "gbk")
    except UnicodeEncodeError:
        for begun in parts.iterdir():
            begun.unlink()
        defects = [Defect("gb18030", listed.name), *_shapefile(listed, parts, "gb18030")]
    if defects:
        rows = [[one.kind, one.row, one.column, one.value, one.zh, one.en] for one in defects]
        told = sheets.csv_bytes(["kind", "row", "column", "value", "zh", "en"], rows)
        (parts / "export-defects.csv").write_bytes(told)
    path = folder / f"{listed.name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(parts.iterdir()):
            archive.write(part, part.name)
    return path, defects


def _shapefile(listed: Listed, folder: Path, encoding: str) -> list[Defect]:
    prj = CRS.from_user_input(listed.crs).to_wkt("WKT1_ESRI")
    layout = dbf.columns(listed.fields)
    writer = shapefile.Writer(folder, listed.name, listed.kind, layout, encoding=encoding, prj=prj, day=listed.day)
    assert listed.shapes is not None
    defects = writer.append(listed.frame, listed.shapes)
    writer.close()
    return defects


def _csv(listed: Listed, folder: Path) -> tuple[Path, list[Defect]]:
    path = folder / f"{listed.name}.csv"
    path.write_bytes(sheets.csv_bytes([one.standard for one in listed.fields], _lines(listed)))
    return path, []


def _xlsx(listed: Listed, folder: Path) -> tuple[Path, list[Defect]]:
    path = folder / f"{listed.name}.xlsx"
    columns = [f"{one.standard} {one.zh}" for one in listed.fields]
    sheets.write_xlsx(path, [sheets.Sheet(listed.name[:31], columns, _lines(listed))])
    return path, []


def _lines(listed: Listed) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in listed.rows.columns), strict=True))


def _dxf(listed: Listed, folder: Path) -> tuple[Path, list[Defect]]:
    """Outlines on a layer of the list's name, codes on one beside it; in metres, as all drawings are."""
    from ezdxf.addons.r12writer import r12writer  # a third of a second that only a drawing is worth

    path = folder / f"{listed.name}.dxf"
    codes = listed.frame[listed.code] if listed.code in listed.frame else [None] * len(listed.frame)
    assert listed.shapes is not None
    drawing: Any
    with r12writer(path) as drawing:
        for shape, code in zip(listed.shapes, codes, strict=True):
            if shape is None or shape.is_empty:
                continue
            for part in shapely.get_parts(shape):
                _draw(drawing, part, listed.name)
            if isinstance(code, str) and code.isascii():
                x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
                drawing.add_text(code, insert=(x, y), height=_LETTERS_M, layer=f"{listed.name}_CODE")
    return path, []


def _draw(drawing: Any, part: Any, layer: str) -> None:
    if part.geom_type == "Point":
        drawing.add_point(tuple(shapely.get_coordinates(part)[0]), layer=layer)
    elif part.geom_type == "Polygon":
        for ring in shapely.get_rings(part):
            drawing.add_polyline_2d(shapely.get_coordinates(ring)[:-1].tolist(), closed=True, layer=layer)
    else:
        drawing.add_polyline_2d(shapely.get_coordinates(part).tolist(), layer=layer)


_WRITERS: Mapping[str, Callable[[Listed, Path], tuple[Path, list[Defect]]]] = {
    "gpkg": _gpkg,
    "geojson": _geojson,
    "shp": _shp,
    "csv": _csv,
    "xlsx": _xlsx,
    "dxf": _dxf,
}
FORMATS = tuple(_WRITERS)
#: Formats that are nothing without shapes.
DRAWN = ("geojson", "shp", "dxf")
