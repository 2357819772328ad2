"""From the frames of a delivery to the columns of a table: codes joined, values typed, shapes in one system."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import CRS

from data.store.binary import Column, documents
from data.tables.base import measures
from geo import crs
from geo.fields import fields
from geo.intake.accepted import Accepted

#: Tables without a code of their own, and the columns that it is joined from (the first that is there).
_JOINED = {
    "member": ("contractor_code", ("id_number", "name")),
    "parcel_right": ("parcel_code", ("contractor_code",)),
    "transfer_parcel": ("transfer_code", ("parcel_code",)),
    "title_document": ("certificate_code", ("number", "name")),
    "certificate_replaced": ("certificate_code", ("reissued_on",)),
    "certificate_exchanged": ("certificate_code", ("reissued_on",)),
    "certificate_cancelled": ("certificate_code", ("cancelled_on",)),
}
#: Tables whose rows are delivered in groups: a household, a parcel, a transfer. A group is replaced as a whole.
GROUPS = {layer: _JOINED[layer][0] for layer in ("member", "parcel_right", "transfer_parcel")}
#: So many rows are sent at a time.
BATCH = 8192
#: What is delivered: a frame, or rows as a reading keeps them.
Rows = pd.DataFrame | Accepted
_TYPES = {"char": pa.string(), "int": pa.int32(), "bigint": pa.int64(), "float": pa.float64(), "date": pa.date32()}


def stretches(rows: Rows, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """Rows, or some columns of them, in stretches that a machine can hold; a frame is one."""
    if isinstance(rows, Accepted):
        return rows.frames(columns)
    return iter([rows if columns is None else rows[list(columns)]])


def whole(rows: Rows) -> pd.DataFrame:
    """All rows at once."""
    return rows.frame() if isinstance(rows, Accepted) else rows


def rows_of(layer: str, frame: pd.DataFrame) -> dict[str, Column]:
    """Bring a frame of a layer or table into the columns of its table, without shapes."""
    rows = {f.name: typed(f.kept_as, frame[f.name]) for f in fields(layer) if f.name in frame.columns}
    if layer in _JOINED:
        rows["code"] = pa.array(joined(layer, rows, len(frame)), pa.string())
    rows["as_delivered"] = _set_aside(rows, measures(layer), len(frame))
    return rows


def joined(layer: str, rows: dict[str, Column], count: int) -> list[str]:
    """Make codes for a table that has none; equal ones are numbered in the order of the file."""
    group, names = _JOINED[layer]
    nothing = [None] * count
    within, *told = (rows[name].to_pylist() if name in rows else nothing for name in (group, *names))
    codes = [f"{whole or ''}/{next(filter(None, parts), '')}" for whole, *parts in zip(within, *told, strict=True)]
    rank = pd.Series(codes, dtype=object).groupby(codes).cumcount().tolist() if codes else []
    return [f"{code}#{n + 1}" if n else code for code, n in zip(codes, rank, strict=True)]


def typed(kind: str, values: pd.Series) -> pa.Array:
    """Bring one column into the type of its field; what is missing becomes null."""
    if kind == "date" and values.dtype == object:
        values = pd.Series([None if value is None or value is pd.NaT else day(value) for value in values], dtype=object)
    elif kind == "date":
        values = values.to_numpy().astype("datetime64[D]")
    return pa.array(values, _TYPES[kind], from_pandas=True)


def day(value: Any) -> date:
    """Read a day from whatever a frame holds for one."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    return date(value.year, value.month, value.day)


def in_batches(
    rows: Mapping[str, Column], count: int, shapes: Callable[[slice], Mapping[str, Column]] | None = None
) -> Iterator[dict[str, Column]]:
    """Give rows some thousands at a time; their shapes, the most of them by far, are made when it is their turn."""
    for start in range(0, count, BATCH):
        part = {
            name: column[start : start + BATCH] if isinstance(column, pa.Array) else column
            for name, column in rows.items()
        }
        yield part | (shapes(slice(start, start + BATCH)) if shapes else {})


def placed(frame: gpd.GeoDataFrame, srid: int, upload_id: int) -> Callable[[slice], dict[str, Column]]:
    """The shapes of some rows of a frame: as delivered, and in the metric system of the deployment."""
    if frame.crs is None:
        raise ValueError("a frame without a system cannot be placed")
    metric, delivered = CRS.from_epsg(srid), frame.geometry.to_numpy()
    same = crs.same(frame.crs, metric)
    go, named = crs.way(frame.crs, metric), pa.scalar(system(frame.crs))
    measured = frame.crs.is_projected and not same

    def some(rows: slice) -> dict[str, Column]:
        shapes = delivered[rows]
        ours = shapes if same else shapely.transform(shapes, lambda xy: np.column_stack(go(xy[:, 0], xy[:, 1])))
        return {
            "geom": _binary(shapely.to_wkb(shapely.set_srid(ours, srid), output_dimension=2, include_srid=True)),
            "delivered": _binary(shapely.to_wkb(shapes)),
            "delivered_crs": named,
            "delivered_m2": pa.array(shapely.area(shapes)) if measured else pa.scalar(None, pa.float64()),
            "delivery": pa.scalar(upload_id, pa.int64()),
        }

    return some


def _binary(values: np.ndarray) -> pa.Array:
    """Pieces of bytes as one column."""
    ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
    return pa.Array.from_buffers(pa.binary(), len(values), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(values))])


def system(known: CRS) -> str:
    """Name a system of coordinates: its EPSG number where it has one, else its full text."""
    number = known.to_epsg()
    return f"EPSG:{number}" if number else str(known.to_wkt())


def _set_aside(rows: dict[str, Column], names: Sequence[str], count: int) -> Column:
    """Take out areas that cannot be areas, and keep them as they came."""
    aside: dict[int, dict[str, Any]] = {}
    for name in (name for name in names if name in rows):
        true = pc.and_(pc.greater(rows[name], 0.0), pc.less(rows[name], math.inf))
        for at in np.flatnonzero(pc.fill_null(pc.invert(true), False).to_numpy(zero_copy_only=False)).tolist():
            value = rows[name][at].as_py()
            aside.setdefault(at, {})[name] = value if math.isfinite(value) else str(value)
        rows[name] = pc.if_else(true, rows[name], pa.scalar(None, pa.float64()))
    if not aside:
        return pa.scalar(None, pa.binary())
    return documents(aside.get(at) for at in range(count))
