"""GeoPackage and GeoJSON, read through GDAL: the content must be what the name says."""

import mmap
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from pyogrio import errors

from geo.crs import CrsRefused, from_epsg, from_wkt
from geo.intake.dbf import MOST_FIELDS, MOST_ROWS
from geo.intake.errors import Said, geom_type, note, refusal
from geo.intake.table import Column, Flags, Form, Shapes, in_memory
from geo.intake.values import texts, typed

SQLITE_MAGIC: Final = b"SQLite format 3\0"
_DRIVERS: Final = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON"}
#: Geometry types of a layer; curves are refused, since straightening them moves land.
_ANY: Final = ("Unknown", "GeometryCollection")
_TYPES: Final = {
    "Polygon": ("Polygon", "MultiPolygon", *_ANY),
    "Line": ("LineString", "MultiLineString", *_ANY),
    "Point": ("Point", "MultiPoint", *_ANY),
}
#: A NUL as JSON writes it; one backslash more, and it is the text `\\u0000`.
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
#: How GDAL says that a file is not whole.
_BROKEN: Final = (
    errors.DataSourceError,
    errors.DataLayerError,
    errors.FeatureError,
    errors.FieldError,
    errors.GeometryError,
    errors.CRSError,
    UnicodeDecodeError,
)


@contextmanager
def _expect_whole(name: str) -> Iterator[None]:
    """Refuse a file of which GDAL cannot read all."""
    try:
        yield
    except _BROKEN:
        raise refusal("inner_broken", name=name) from None


def layer_names(path: Path, shown: str) -> list[str]:
    """The layers and tables of a file, in its own order; `shown` is what people call it."""
    with _expect_whole(shown):
        return [str(name) for name, _ in pyogrio.list_layers(path)]


def _declared_curve(path: Path, layer: str) -> str:
    """The type of a GeoPackage's layer if it is bounded by curves, which GDAL's reader straightens without a word."""
    asked = "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            found = db.execute(asked, (layer,)).fetchone()
    except sqlite3.Error:
        return ""  # GDAL says better what is wrong with it
    name = str(found[0]).upper() if found else ""
    return name if "CURVE" in name or "SURFACE" in name or name == "CIRCULARSTRING" else ""


def _has_nul(path: Path) -> bool:
    """Whether a text of a GeoJSON holds a NUL, at which GDAL ends it without a word."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _NUL.search(content) is not None


class OgrLayer:
    """One layer or table of a GeoPackage or GeoJSON: its rows in file order, and its shapes if it has any."""

    def __init__(self, path: Path, layer: str, source: str, shape: str = "Polygon", most: int = MOST_ROWS):
        with _expect_whole(source):
            info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
        if info["driver"] != _DRIVERS[path.suffix.lower()]:
            raise refusal("magic", name=source)
        if info["driver"] == "GeoJSON" and _has_nul(path):
            raise refusal("json_nul", name=source)
        if info["features"] > most:
            raise refusal("too_many_rows", name=source, rows=info["features"], most=most)
        if len(info["fields"]) > MOST_FIELDS:
            raise refusal("too_many_fields", name=source, fields=len(info["fields"]), most=MOST_FIELDS)
        self._source, self._info = source, info
        self.encoding = "UTF-8"
        kind = info["driver"]
        self.encoding_evidence: list[Said] = [
            {"zh": f"{kind} 规定文字为 UTF-8", "en": f"{kind} prescribes UTF-8"},
        ]
        self.sure_of_encoding = True
        self.other_encodings: Sequence[str] = ()
        allowed = _TYPES.get(shape) or [name for names in _TYPES.values() for name in names]
        self._type = _declared_curve(path, layer) if kind == "GPKG" else ""
        self._type = self._type or str(info["geometry_type"] or "")
        if self._type and self._type.removeprefix("2.5D ").split(" ")[0] not in allowed:
            raise geom_type(source, self._type, shape)
        # dates as texts: 30 February must cost its own cell, not the file
        options = {"DATE_AS_STRING": "YES"} if kind == "GeoJSON" else {}
        with _expect_whole(source):
            _, rows, self._wkb, values = pyogrio.raw.read(
                path, layer=layer, datetime_as_string=True, return_fids=True, **options
            )
        if len(rows) != info["features"]:  # a damaged page ends the reading early, and silently
            raise refusal("inner_broken", name=source)
        self._values = dict(zip(info["fields"], values, strict=True))

    @property
    def rows(self) -> int:
        """How many features the layer holds."""
        return int(self._info["features"])

    @property
    def names(self) -> Sequence[str]:
        """The names of its columns."""
        return [str(name) for name in self._values]

    @property
    def deleted(self) -> Flags:
        """No row of these formats is marked as deleted."""
        return np.zeros(self.rows, dtype=bool)

    def is_numeric(self, name: str) -> bool:
        """Whether a column holds numbers."""
        return bool(np.issubdtype(self._values[name].dtype, np.number))

    def form(self, name: str) -> Form:
        """The type that GDAL gives a column."""
        return Form(str(self._values[name].dtype))

    def column(self, name: str, kind: str) -> Column:
        """Read a column as `char`, `int`, `float` or `date`."""
        return typed(self._values[name].tolist(), kind)

    def texts(self, rows: Sequence[int], encoding: str | None = None) -> list[list[str | None]]:
        """What stands in some rows, column by column; these formats prescribe their encoding."""
        columns = [texts(values[list(rows)].tolist()) for values in self._values.values()]
        return [list(row) for row in zip(*columns, strict=True)]

    @property
    def has_shapes(self) -> bool:
        """Whether it is a layer, not a table."""
        return self._wkb is not None

    def shapes(self) -> Shapes:
        """Its shapes as WKB in the plane, and the system it declares."""
        wkb = np.asarray(self._wkb, dtype=object).copy()
        notes = []
        raised = np.array([shape is not None and _has_z_or_m(shape) for shape in wkb], dtype=bool)
        if raised.any():
            wkb[raised] = [_flat(shape) for shape in wkb[raised]]
            notes.append(note("z_dropped"))
        return Shapes(len(wkb), in_memory(wkb), self._crs(), notes)

    def _crs(self) -> Any:
        text = self._info["crs"]
        if not text or "Undefined" in text:
            return None
        try:
            authority, _, code = text.partition(":")
            return from_epsg(int(code)) if authority == "EPSG" and code.isdecimal() else from_wkt(text.encode())
        except CrsRefused as refused:
            raise refusal(refused.code, **refused.facts) from None


def _has_z_or_m(wkb: bytes) -> bool:
    """Whether a shape carries more than x and y, in either way of writing that."""
    kind = int.from_bytes(wkb[1:5], "little" if wkb[0] == 1 else "big")
    return kind >= 1000


def _flat(wkb: bytes) -> bytes:
    """The shape in the plane; unreadable ones as they are."""
    shape = shapely.from_wkb(wkb, on_invalid="ignore")
    return wkb if shape is None else bytes(shapely.to_wkb(shapely.force_2d(shape)))
