"""Publish: findings as a table, as a layer, as one village's map; and every defect of a delivery as a layer."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from sqlalchemy.orm import Session

from api.errors import Unusable
from api.office import Office
from api.people import Person, within
from api.work import land, receive, shown
from data.session import srid_of
from data.store import errors, findings, places, runs, uploads
from data.store.findings import Filters
from data.tables import RejectedRow
from geo.delivery.sheets import csv_bytes
from geo.units import mu
from web.map import TooMany, offline_map

COLUMNS = (
    "key", "rule", "title_zh", "title_en", "category", "severity", "state", "presence", "village", "village_name",
    "a_layer", "a_code", "b_layer", "b_code", "shared_m2", "shared_mu", "firm_m2", "width_m", "share_a", "share_b",
    "lon", "lat", "sentence_zh", "sentence_en", "article", "first_seen", "last_seen",
)  # fmt: skip


def csv_of(office: Office, person: Person, asked: dict[str, Any]) -> bytes:
    """Give the list as a table that a spreadsheet reads right and never runs."""
    with office.begin() as session:
        rows = flat_rows(session, Filters(scope=person.scope, **asked))
    return csv_bytes(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def gpkg_of(office: Office, person: Person, asked: dict[str, Any]) -> bytes:
    """Give the list as a GeoPackage: the cuts, and a point for each."""
    with office.begin() as session:
        rows = flat_rows(session, Filters(scope=person.scope, **asked))
        srid = srid_of(session)
    return _gpkg(_finding_layers(rows, srid))


def defects(office: Office, person: Person, upload_id: int) -> bytes:
    """Give every defect of a delivery: rejected rows by layer, as they came; what its run found; and, as a table that
    lies nowhere, what its package lacks.
    """
    with office.begin() as session:
        upload = receive.seen(session, person, upload_id)
        run = runs.of_upload(session, upload.id)
        rows = flat_rows(session, Filters(upload=upload.id), run.ended_at) if run else []
        package = ((upload.report or {}).get("package") or {}).get("defects", [])
        srid = srid_of(session)
        systems = {layer.layer: layer.crs for layer in uploads.layers(session, upload.id)}
        rejected: dict[str, list[RejectedRow]] = {}
        for row in uploads.rejected(session, upload.id):
            rejected.setdefault(row.layer, []).append(row)
    layers = {f"rejected_{layer}": _rejected(rows_, systems.get(layer)) for layer, rows_ in rejected.items()}
    if package:
        layers["package"] = pd.DataFrame(package).assign(article=[" ".join(one["article"]) for one in package])
    return _gpkg(layers | _finding_layers(rows, srid))


def village_map(office: Office, person: Person, code: str, lang: str) -> str:
    """Draw one village's conflicts as a page that needs no network."""
    if not within(code, person.scope):
        raise errors.Unknown(code)
    with office.begin() as session:
        srid = srid_of(session)
        name = places.names(session).get(code) or code
        parcels = land.features(session, person.scope, village=code)
        rows = findings.every(session, Filters(scope=person.scope, village=code))
    told = [
        {
            "type": "Feature",
            "geometry": shown.in_degrees(row["geom_wkb"] or row["point_wkb"], srid),
            "properties": {name: row[name] for name in ("key", "rule", "category", "state", "shared_m2")}
            | {"sentence": row[f"sentence_{lang}"]},
        }
        for row in rows
    ]
    try:
        return offline_map(name, {"features": parcels}, {"features": told}, date.today(), lang)
    except TooMany as error:
        raise Unusable(error.zh, error.en, error.code) from None


def flat_rows(session: Session, asked: Filters, at: datetime | None = None) -> list[dict[str, Any]]:
    """The findings of a list, flat, with their shapes."""
    names = places.names(session)
    return [_flat(row, names) for row in findings.every(session, asked, at)]


def _flat(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    a, b = shown.party(row["subject"]), shown.party(row["against"]) or {"layer": None, "code": None}
    title = shown.title(row["rule"])
    return row | {
        "title_zh": title["zh"],
        "title_en": title["en"],
        "village_name": names.get(row["village"]),
        "a_layer": a["layer"],
        "a_code": a["code"],
        "b_layer": b["layer"],
        "b_code": b["code"],
        "shared_mu": None if row["shared_m2"] is None else str(mu(row["shared_m2"])),
        "article": " ".join(row["article"]),
        "first_seen": row["first_seen"].isoformat(timespec="seconds"),
        "last_seen": row["last_seen"].isoformat(timespec="seconds") if row["last_seen"] else None,
    }


def _finding_layers(rows: list[dict[str, Any]], srid: int) -> dict[str, gpd.GeoDataFrame]:
    told = {name: [row[name] for row in rows] for name in COLUMNS}
    shapes = {
        name: shapely.from_wkb([row[wkb] for row in rows])
        for name, wkb in (("findings", "geom_wkb"), ("points", "point_wkb"))
    }
    return {name: gpd.GeoDataFrame(told, geometry=shape, crs=srid) for name, shape in shapes.items()}


def _rejected(rows: list[RejectedRow], crs: str | None) -> gpd.GeoDataFrame:
    """Rejected rows with their shape as it came, or at least the place, or neither."""
    names = ("layer", "row", "code", "parcel_code", "reason_zh", "reason_en")
    return gpd.GeoDataFrame(
        {name: [getattr(row, name) for row in rows] for name in names},
        geometry=[_shape(row) for row in rows],
        crs=crs,
    )


def _shape(row: RejectedRow) -> Any:
    if row.shape is not None:
        shape = shapely.from_wkb(row.shape, on_invalid="ignore")
        if shape is not None and not shape.is_empty:
            return shape
    return shapely.Point(row.x, row.y) if row.x is not None and row.y is not None else None


def _gpkg(layers: dict[str, pd.DataFrame]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="dingxin-out-") as folder:
        path = Path(folder, "out.gpkg")
        for name, frame in layers.items():
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")
        return path.read_bytes()
