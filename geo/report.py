"""What a check leaves behind: a report as JSON, and the findings as layers of a GeoPackage."""

import json
import platform
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from pyproj import CRS

from geo import crs, finding
from geo.detect import Detection
from geo.intake.reading import LayerReading, Reading, Rejected
from geo.model import references

SCHEMA: Final = 1
_JSON_COLUMNS: Final = ("article", "thresholds", "evidence")


def report(
    file: Reading,
    main: LayerReading,
    beside: Sequence[tuple[str, Reading, LayerReading]],
    working: CRS | None,
    findings: gpd.GeoDataFrame,
    detection: Detection,
) -> dict[str, Any]:
    """Everything a check has to say, as plain data; `findings` are those of `detection` in the file's own system."""
    rules = {
        rule: entry | {"findings": int((findings["rule"] == rule).sum())} for rule, entry in detection.rules.items()
    }
    whole = {
        "dingxin": dingxin_version(),
        "schema": SCHEMA,
        "file": {
            "path": file.path,
            "sha256": file.sha256,
            "layer": main.layer,
            "encoding": main.encoding,
            "encoding_evidence": main.encoding_evidence,
            "crs": main.crs,
            "crs_evidence": main.crs_evidence,
            "layers": [_layer(layer) for layer in file.layers],
            "against": [_layer(layer) | {"layer": name, "sha256": reading.sha256} for name, reading, layer in beside],
            "notes": file.notes,
        },
        "working_crs": None if working is None else spoken(working),
        "features": {
            "read": main.read,
            "accepted": len(main.accepted),
            "rejected": len(main.rejected),
            "invalid": invalid(main.frame),
        },
        "rejected": [_rejected(layer.layer, row) for layer in file.layers for row in layer.rejected],
        "rules": rules,
        "findings": [_finding(row) for row in findings.to_dict("records")],
        "below_tolerance": detection.below_tolerance,
        "not_compared": detection.not_compared,
        "keys_stable": _keys_stable(main, findings),
        "versions": versions(),
    }
    return dict(_plain(whole))


def _layer(layer: LayerReading) -> dict[str, Any]:
    """What was read of one layer or table."""
    return {
        "layer": layer.layer,
        "source": layer.source,
        "read": layer.read,
        "accepted": len(layer.accepted),
        "rejected": len(layer.rejected),
        "crs": layer.crs,
        "encoding": layer.encoding,
        "columns": dict(layer.columns),
        "ignored": layer.ignored,
        "notes": layer.notes,
        "decisions": layer.preview.get("decisions", []),
    }


def _rejected(layer: str, row: Rejected) -> dict[str, Any]:
    return {
        "row": row.row,
        "code": row.code,
        "reason": {"zh": row.zh, "en": row.en},
        "place": row.place,
        "parcel_code": row.parcel_code,
        "layer": layer,
    }


def _finding(row: Mapping[Any, Any]) -> dict[str, Any]:
    other = {"layer": row["b_layer"], "row": row["b_row"], "code": row["b_code"]}
    return {
        "key": row["key"],
        "rule": row["rule"],
        "category": row["category"],
        "severity": row["severity"],
        "a": {"row": row["a_row"], "code": row["a_code"]},
        "b": other if row["b_layer"] else None,
        **{name: row[name] for name in ("shared_m2", "firm_m2", "width_m", "share_a", "share_b")},
        "point": None if row["point"] is None else [row["point"].x, row["point"].y],
        "sentence": {"zh": row["sentence_zh"], "en": row["sentence_en"]},
        "article": row["article"],
    }


def invalid(frame: pd.DataFrame) -> int:
    """How many accepted shapes are invalid: stored as delivered, judged on repaired copies."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return 0
    return int((~frame.geometry.is_valid).sum())


def _keys_stable(main: LayerReading, findings: gpd.GeoDataFrame) -> bool:
    """Whether findings will keep their keys in another file: their references are codes, not positions."""
    named = np.concatenate([references(main.layer, main.frame)[:1], findings["subject"], findings["against"].dropna()])
    return not any(":row:" in f":{ref}" for ref in named)


def given_back(detection: Detection, prior: Sequence[str], delivered: CRS | None) -> gpd.GeoDataFrame:
    """The findings of a run as its file's own: in its system, its side first, none about old parcels alone.

    `prior` names the parcels of the register. One of them stands on side b as layer `register`; what it has with
    other layers is not this file's affair.
    """
    table, old = detection.findings, set(prior)
    theirs_a, theirs_b = table["subject"].isin(old), table["against"].isin(old)
    table = table[~theirs_a | (table["b_layer"] == "parcel") & ~theirs_b].copy()
    swap = table["subject"].isin(old).to_numpy(dtype=bool)
    for one, other in (("a_row", "b_row"), ("a_code", "b_code"), ("share_a", "share_b")):
        table[one], table[other] = table[one].mask(swap, table[other]), table[other].mask(swap, table[one])
    table.loc[swap | table["against"].isin(old), "b_layer"] = "register"
    table["evidence"] = [_turned(told) if turn else told for told, turn in zip(table["evidence"], swap, strict=True)]
    if delivered is None or table.crs is None or crs.same(table.crs, delivered):
        return table
    points = gpd.GeoDataFrame({"geometry": table["point"]}, geometry="geometry", crs=table.crs)
    moved = crs.reprojected(table, delivered)
    return moved.assign(point=crs.reprojected(points, delivered).geometry.to_numpy())


def _turned(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Evidence whose sides a and b change places."""
    other = {"a_": "b_", "b_": "a_"}
    return {other.get(name[:2], name[:2]) + name[2:]: value for name, value in evidence.items()}


def write_findings(
    path: Path, findings: gpd.GeoDataFrame, rejected: Sequence[tuple[str, Rejected]], system: Any
) -> None:
    """Write the layers findings (the cuts), points and rejected (raw shapes), all with the same columns."""
    path.unlink(missing_ok=True)
    texts = {name: [_text(value) for value in findings[name]] for name in _JSON_COLUMNS}
    table = findings.assign(**texts).drop(columns="point")
    points = table.set_geometry(gpd.GeoSeries(list(findings["point"]), index=table.index, crs=findings.crs))
    for name, layer in (("findings", table), ("points", points), ("rejected", rejected_rows(rejected))):
        ready = _typed(layer) if system is None else _typed(layer).set_crs(system, allow_override=True)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # tables alone lie nowhere
            pyogrio.write_dataframe(ready, path, layer=name, driver="GPKG", geometry_type="Unknown")


def rejected_rows(rejected: Sequence[tuple[str, Rejected]]) -> gpd.GeoDataFrame:
    """Rejected rows in the columns of findings: the defect's code stands for the rule, the reason for the sentence."""
    rows = [
        {
            "rule": row.code,
            "category": "rejected",
            "severity": "high",
            "subject": f"{layer}:row:{row.row}",
            "a_row": row.row,
            "a_code": row.parcel_code,
            "sentence_zh": row.zh,
            "sentence_en": row.en,
        }
        for layer, row in rejected
    ]
    columns = [name for name in finding.COLUMNS if name not in ("point", "geometry")]
    shapes = [_drawable(row) for _, row in rejected]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=gpd.GeoSeries(shapes))


def _drawable(row: Rejected) -> Any:
    """A raw shape, if a map can show it, or at least its place."""
    shape = None if row.wkb is None else shapely.from_wkb(row.wkb, on_invalid="ignore")
    if shape is not None and np.isfinite(shapely.get_coordinates(shape)).all():
        return shape
    return None if row.place is None or not np.isfinite(row.place).all() else shapely.Point(row.place)


def _typed(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns with the same types whether they are filled or not, so that every file has the same layers."""
    numbers = ("shared_m2", "firm_m2", "width_m", "share_a", "share_b")
    typed = {name: pd.to_numeric(table[name]).astype(float) for name in numbers}
    typed |= {name: pd.to_numeric(table[name]).astype("Int64") for name in ("a_row", "b_row")}
    others = [name for name in finding.COLUMNS if name not in (*typed, "point", "geometry")]
    typed |= {name: table[name].astype("string") for name in others}
    return table.assign(**typed)


def _text(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Only what JSON has: numbers of NumPy as Python's, no NaN, no tuples."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def spoken(system: CRS) -> str:
    """The system that areas were measured in, as a report names it."""
    return crs.named(system) if system.to_epsg() else str(system.name)


def dingxin_version() -> str:
    """Our own version."""
    try:
        return version("dingxin")
    except PackageNotFoundError:
        return "0"


def versions() -> dict[str, str]:
    """The versions of what measures: another one may differ in the last digits."""
    gdal = ".".join(str(part) for part in pyogrio.__gdal_version__)
    return {
        "dingxin": dingxin_version(),
        "python": platform.python_version(),
        "geos": shapely.geos_version_string,
        "gdal": gdal,
        "proj": pyproj.proj_version_str,
        "shapely": shapely.__version__,
        "geopandas": gpd.__version__,
        "numpy": np.__version__,
        "platform": sys.platform,
    }
