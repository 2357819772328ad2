"""Survey layers: a new survey replaces the old one on the ground it covers, and its features keep their names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store import locks
from data.store.binary import Column, days_between, documents
from data.store.books import Entered, Page
from data.store.footprint import Footprint, footprint
from data.store.rows import in_batches, placed, typed
from data.store.sets import among
from data.tables import SurveyFeature
from data.tables.survey import SURVEY_NUMBER
from geo.crs import reprojected
from geo.fields import fields
from geo.model import references
from geo.outlines import outlines_of
from geo.pairs import shared_ground
from geo.repair import repaired

#: How much of both shapes must be shared for a feature to be the same one again.
SAME_SHARE = 0.5


def replace(
    session: Session,
    layer: str,
    frame: gpd.GeoDataFrame,
    upload_id: int,
    valid_from: date | None = None,
    instead: Sequence[int] | None = None,
) -> Entered:
    """Enter a survey layer: known features on the ground it covers that it does not show are gone.

    With `instead`, those that these deliveries brought are gone, and no others: what was found between two images
    says nothing of what was seen on other days.
    """
    locks.lock(session, f"survey:{layer}")
    srid = srid_of(session)
    shapes = shapely.force_2d(reprojected(frame, CRS.from_epsg(srid)).geometry.to_numpy())
    known = _known(session, layer, shapely.box(*shapely.total_bounds(shapes)), srid)
    if layer == "approval":  # a conversion and the expropriation of one project lie on one ground, and both stand
        known = known[known["kind"].isin(_kinds(frame))].reset_index(drop=True)
    codes = _named(session, layer, frame, shapes, known)
    page = Page(session, SurveyFeature, upload_id, valid_from)
    rows = _rows(layer, frame, codes)
    page.stage(in_batches(rows, len(frame), placed(frame, srid, upload_id)), len(frame))
    if instead is not None:
        return page.write(_brought_by(session, layer, instead, codes))
    return page.write(_gone(known, set(codes), footprint(shapes)))


def _rows(layer: str, frame: pd.DataFrame, codes: Sequence[str]) -> dict[str, Column]:
    """The columns of a survey feature; whatever was delivered besides goes into its attributes."""
    columns = {f.name: typed(f.kept_as, frame[f.name]) for f in fields(layer) if f.name in frame.columns}
    told = {name: columns[name] for name in ("name", "class_code", "surveyed_on") if name in columns}
    said = {name: column.to_pylist() for name, column in columns.items()}
    rows = [dict(zip(said, row, strict=True)) for row in zip(*said.values(), strict=True)] or [{}] * len(frame)
    if layer == "approval":
        told["lawful"] = pa.array([_in_force(row.get("valid_from"), row.get("valid_to")) for row in rows], pa.binary())
    return told | {
        "layer": pa.scalar(layer),
        "code": pa.array(codes, pa.string()),
        "attributes": documents(written(row) for row in rows),
    }


def written(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, as JSON can hold it; numbers that are none are left out."""
    days = {name: value.isoformat() for name, value in said.items() if isinstance(value, date)}
    return {n: v for n, v in said.items() if v is not None and (not isinstance(v, float) or np.isfinite(v))} | days


def _in_force(begins: date | None, ends: date | None) -> bytes | None:
    """The days on which an approval is in force; none where it ends before it begins."""
    return None if begins and ends and ends <= begins else days_between(begins, ends)


def _known(session: Session, layer: str, box: Any, srid: int) -> pd.DataFrame:
    """The features of a layer that stand on this ground as we know it."""
    kind = SurveyFeature.attributes["kind"].astext
    here = select(SurveyFeature.id, SurveyFeature.code, func.ST_AsBinary(SurveyFeature.geom), kind).where(
        SurveyFeature.layer == layer,
        func.upper_inf(SurveyFeature.known),
        func.upper_inf(SurveyFeature.valid),
        SurveyFeature.geom.op("&&")(func.ST_GeomFromWKB(shapely.to_wkb(box), srid)),
    )
    known = pd.DataFrame(session.execute(here).all(), columns=["id", "code", "wkb", "kind"])
    known["kind"] = known["kind"].fillna("").astype(object)
    known["geometry"] = shapely.from_wkb(known.pop("wkb").to_numpy(dtype=object))
    return known


def _kinds(frame: pd.DataFrame) -> list[str]:
    """The kinds of approvals that a delivery is about; what says none is a kind of its own."""
    said = frame["kind"] if "kind" in frame.columns else pd.Series([None] * len(frame), dtype=object)
    return [str(kind) for kind in said.fillna("").unique()]


def _named(session: Session, layer: str, frame: gpd.GeoDataFrame, shapes: np.ndarray, known: pd.DataFrame) -> list[str]:
    """Name every feature: by its own code, else as the known one that it mostly covers, else by a new number."""
    refs = references(layer, frame.assign(geometry=shapes))
    codes = [None if ref.startswith(f"{layer}:row:") else ref.partition(":")[2] for ref in refs]
    nameless = [at for at, code in enumerate(codes) if code is None]
    free = known[~known["code"].isin([code for code in codes if code])].reset_index(drop=True)
    for at, code in _matched(shapes[nameless], free).items():
        codes[nameless[at]] = code
    fresh = [at for at, code in enumerate(codes) if code is None]
    for at, code in zip(fresh, _minted(session, layer, len(fresh)), strict=True):
        codes[at] = code
    return [str(code) for code in codes]


def _matched(shapes: np.ndarray, known: pd.DataFrame) -> dict[int, str]:
    """Pair new shapes with known ones by greatest shared area, both shares at least half, ties to the lower name."""
    if not len(shapes) or known.empty:
        return {}
    names = known["code"].to_numpy(dtype=object)
    rows = np.array([f"{at:09d}" for at in range(len(shapes))], dtype=object)
    old = outlines_of(_judged(known["geometry"].to_numpy(dtype=object)))
    pairs = shared_ground(outlines_of(_judged(shapes)), rows, old, names)
    least = np.minimum(pairs["shared_m2"] / pairs["area_a"], pairs["shared_m2"] / pairs["area_b"])
    pairs = pairs[least >= SAME_SHARE].assign(code=lambda p: names[p["row_b"]])
    found: dict[int, str] = {}
    taken: set[str] = set()
    for row, code in pairs.sort_values(["shared_m2", "code", "row_a"], ascending=[False, True, True])[
        ["row_a", "code"]
    ].itertuples(index=False):
        if row not in found and code not in taken:
            found[row] = code
            taken.add(code)
    return found


def _judged(shapes: np.ndarray) -> np.ndarray:
    """Shapes that can be compared: repaired copies where they are invalid, nothing where that is too much."""
    judged = shapes.copy()
    bad = ~shapely.is_valid(shapes)
    if bad.any():
        judged[bad] = repaired(shapes[bad])
    return np.where(shapely.is_missing(judged), shapely.Polygon(), judged)


def _minted(session: Session, layer: str, count: int) -> list[str]:
    """Take new numbers, past any that a delivery used as a code of its own."""
    codes: list[str] = []
    while len(codes) < count:
        numbers = select(func.nextval(SURVEY_NUMBER.name)).select_from(func.generate_series(1, count - len(codes)))
        fresh = [f"{number:06d}" for number in session.scalars(numbers)]
        used = select(SurveyFeature.code).where(SurveyFeature.layer == layer, among(SurveyFeature.code, fresh))
        theirs = set(session.scalars(used))
        codes += [code for code in fresh if code not in theirs]
    return codes


def _gone(known: pd.DataFrame, codes: set[str], covered: Footprint) -> list[int]:
    """Known features that lie on the ground delivered and were not delivered again."""
    left = known[~known["code"].isin(codes)]
    return left.loc[covered.covers(shapely.centroid(left["geometry"].to_numpy(dtype=object))), "id"].tolist()


def _brought_by(session: Session, layer: str, uploads: Sequence[int], codes: Sequence[str]) -> list[int]:
    """Features that stand, came with some deliveries, and were not delivered again."""
    wanted = (
        SurveyFeature.layer == layer,
        SurveyFeature.upload_id.in_(uploads),
        func.upper_inf(SurveyFeature.known),
        func.upper_inf(SurveyFeature.valid),
    )
    again = set(codes)
    return [
        one
        for one, code in session.execute(select(SurveyFeature.id, SurveyFeature.code).where(*wanted))
        if code not in again
    ]
