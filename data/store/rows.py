"""From the frames of a delivery to the rows of a table: codes joined, values in their types, shapes in one system."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from psycopg.types.json import Jsonb
from pyproj import CRS

from data.tables.base import measures
from geo import crs
from geo.fields import fields

#: Tables without a code of their own, and the columns that it is joined from (the first that is there).
_JOINED = {
    "member": ("contractor_code", ("id_number", "name")),
    "parcel_right": ("parcel_code", ("contractor_code",)),
    "transfer_parcel": ("transfer_code", ("parcel_code",)),
}
#: Tables whose rows are delivered in groups: a household, a parcel, a transfer. A group is replaced as a whole.
GROUPS = {layer: group for layer, (group, _) in _JOINED.items()}


def rows_of(layer: str, frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Bring a frame of a layer or table into the columns of its table, without shapes."""
    rows = {f.name: typed(f.type, frame[f.name]) for f in fields(layer) if f.name in frame.columns}
    if layer in _JOINED:
        rows["code"] = joined(layer, rows, len(frame))
    rows["as_delivered"] = _set_aside(rows, measures(layer))
    return rows


def joined(layer: str, rows: dict[str, list[Any]], count: int) -> list[str]:
    """Make codes for a table that has none; equal ones are numbered in the order of the file."""
    group, names = _JOINED[layer]
    nothing = [None] * count
    within = rows.get(group, nothing)
    told = [rows.get(name, nothing) for name in names]
    codes = [f"{whole or ''}/{next(filter(None, parts), '')}" for whole, *parts in zip(within, *told, strict=True)]
    rank = pd.Series(codes, dtype=object).groupby(codes).cumcount().tolist() if codes else []
    return [f"{code}#{n + 1}" if n else code for code, n in zip(codes, rank, strict=True)]


def typed(kind: str, values: pd.Series) -> list[Any]:
    """Bring one column into the type of its field; what is missing becomes None."""
    convert = {"char": str, "int": int, "float": float, "date": day}[kind]
    absent = values.isna().tolist()
    return [None if no else convert(value) for no, value in zip(absent, values.tolist(), strict=True)]


def day(value: Any) -> date:
    """Read a day from whatever a frame holds for one."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    return date(value.year, value.month, value.day)


def placed(frame: gpd.GeoDataFrame, srid: int, upload_id: int) -> dict[str, list[Any]]:
    """The shapes of a frame: as delivered, and in the metric system of the deployment."""
    if frame.crs is None:
        raise ValueError("a frame without a system cannot be placed")
    metric = CRS.from_epsg(srid)
    ours = shapely.force_2d(crs.reprojected(frame, metric).geometry.to_numpy())
    moved = frame.crs.is_projected and not crs.same(frame.crs, metric)
    return {
        "geom": shapely.to_wkb(shapely.set_srid(ours, srid), hex=True, include_srid=True).tolist(),
        "delivered": shapely.to_wkb(frame.geometry.to_numpy()).tolist(),
        "delivered_crs": [system(frame.crs)] * len(frame),
        "delivered_m2": shapely.area(frame.geometry.to_numpy()).tolist() if moved else [None] * len(frame),
        "delivery": [upload_id] * len(frame),
    }


def system(known: CRS) -> str:
    """Name a system of coordinates: its EPSG number where it has one, else its full text."""
    number = known.to_epsg()
    return f"EPSG:{number}" if number else str(known.to_wkt())


def _set_aside(rows: dict[str, list[Any]], names: Sequence[str]) -> list[Jsonb | None]:
    """Take out areas that cannot be areas, and keep them as they came."""
    aside: dict[int, dict[str, Any]] = {}
    for name in names:
        for at, value in enumerate(rows.get(name, ())):
            if value is not None and not 0 < value < math.inf:
                aside.setdefault(at, {})[name] = value if math.isfinite(value) else str(value)
                rows[name][at] = None
    count = len(next(iter(rows.values()), ()))
    return [Jsonb(aside[at]) if at in aside else None for at in range(count)]
