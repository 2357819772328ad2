"""Details of surveys: kept under the digest of what they say, so that what is delivered unchanged makes no version."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store import locks
from data.store.binary import Column, documents
from data.store.books import Entered, Page
from data.store.rows import Rows, in_batches, placed, stretches, typed
from data.store.survey import written
from data.tables import DetailFeature
from geo.fields import fields

#: The feature number is given out anew in every delivery; it tells nothing of the thing itself.
_SERIAL = "feature_number"
#: Digits of a digest that tell features apart: 128 bits.
_DIGITS = 32


def enter(session: Session, layer: str, rows: Rows, upload_id: int, valid_from: date | None = None) -> Entered:
    """Enter the details of a delivery.

    A boundary point or line of before ends if points or lines of every parcel it names were delivered again and it was
    not among them. Nothing else ends by not being delivered.
    """
    locks.lock(session, f"detail:{layer}")
    batches = _batches(layer, rows, srid_of(session), upload_id)
    page = Page(session, DetailFeature, upload_id, valid_from)
    if session.scalar(select(DetailFeature.id).where(DetailFeature.layer == layer).limit(1)) is None:
        return page.begin(batches, len(rows))
    page.stage(batches, len(rows))
    return page.write(page.forsaken())


def _batches(layer: str, rows: Rows, srid: int, upload_id: int) -> Iterator[dict[str, Column]]:
    """The rows as columns of their table, some thousands at a time; what is equal to a row before it is numbered."""
    seen: Counter[str] = Counter()
    for frame in stretches(rows):
        yield from in_batches(_rows(layer, frame, seen), len(frame), placed(frame, srid, upload_id))


def _rows(layer: str, frame: gpd.GeoDataFrame, seen: Counter[str]) -> dict[str, Column]:
    """The columns of details: where each belongs, what it says, and the code that follows from it."""
    columns = {f.name: typed(f.kept_as, frame[f.name]) for f in fields(layer) if f.name in frame.columns}
    said = {name: column.to_pylist() for name, column in columns.items()}
    told = [written(dict(zip(said, row, strict=True))) for row in zip(*said.values(), strict=True)]
    told = told or [{} for _ in range(len(frame))]
    named = [parcels_of(one.get("parcel_codes")) for one in told]
    return {
        "layer": pa.scalar(layer),
        "code": pa.array(_codes(told, shapely.to_wkb(frame.geometry.to_numpy()), seen), pa.string()),
        "area": pa.array([codes[0][:14] if codes else None for codes in named], pa.string()),
        "parcels": documents(codes or None for codes in named),
        "attributes": documents(told),
    }


def parcels_of(text: str | None) -> list[str]:
    """The codes of the parcels that a point or line names."""
    return [code for part in (text or "").split("/") if (code := part.strip())]


def _codes(told: Sequence[dict[str, Any]], shapes: np.ndarray, seen: Counter[str]) -> list[str]:
    """The digest of what each says and where it lies; of equal ones the second takes `#2`."""
    codes = []
    for one, shape in zip(told, shapes, strict=True):
        lasting = {name: value for name, value in one.items() if name != _SERIAL}
        text = json.dumps(lasting, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        code = hashlib.sha256(text.encode() + b"\0" + shape).hexdigest()[:_DIGITS]
        seen[code] += 1
        codes.append(f"{code}#{seen[code]}" if seen[code] > 1 else code)
    return codes
