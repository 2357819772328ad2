"""What a file gave: its layers with accepted and rejected rows; and how a reading travels between processes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.intake.errors import Said


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be stored: where it stands, every reason (the first one's code), and its raw shape."""

    row: int
    code: str
    parcel_code: str | None
    zh: str
    en: str
    place: tuple[float, float] | None = None
    wkb: bytes | None = None


@dataclass(frozen=True)
class LayerReading:
    """One layer or table of a file, by our names; `read` is always `len(frame)` and `len(rejected)` together.

    `crs` is `EPSG:n` or WKT, None for a table. `columns` maps our names to the file's. `notes` hinder nothing.
    """

    layer: str
    source: str
    frame: pd.DataFrame
    crs: str | None
    crs_evidence: list[Said]
    encoding: str
    encoding_evidence: list[Said]
    columns: Mapping[str, str]
    ignored: list[str]
    read: int
    rejected: list[Rejected]
    notes: list[Said]
    strict: bool = True


@dataclass(frozen=True)
class Reading:
    """A file that could be read, with everything that was recognised in it."""

    path: str
    sha256: str
    layers: list[LayerReading]
    notes: list[Said] = field(default_factory=list)

    def layer(self, name: str) -> LayerReading | None:
        """The reading of one layer or table, None if the file has none."""
        return next((layer for layer in self.layers if layer.layer == name), None)


def write(reading: Reading, folder: Path) -> None:
    """Write a reading as JSON and one Parquet file a layer."""
    layers = []
    for number, layer in enumerate(reading.layers):
        layer.frame.to_parquet(folder / f"{number}.parquet", index=False)
        facts = {name: value for name, value in vars(layer).items() if name not in ("frame", "rejected")}
        rejected = [vars(row) | {"wkb": row.wkb.hex() if row.wkb else None} for row in layer.rejected]
        layers.append({**facts, "columns": dict(layer.columns), "rejected": rejected})
    text = json.dumps({**vars(reading), "layers": layers}, ensure_ascii=False)
    (folder / "reading.json").write_text(text, encoding="utf-8")


def load(folder: Path) -> Reading:
    """Load what `write` wrote; dates come back to the second."""
    facts: dict[str, Any] = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
    layers = [_layer(folder / f"{number}.parquet", layer) for number, layer in enumerate(facts["layers"])]
    return Reading(**{**facts, "layers": layers})


def _layer(path: Path, facts: dict[str, Any]) -> LayerReading:
    frame = gpd.read_parquet(path) if facts["crs"] else pd.read_parquet(path)
    for name in frame.select_dtypes("datetime").columns:
        frame[name] = frame[name].astype("datetime64[s]")
    for name in frame.select_dtypes("str").columns:
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    rejected = [
        Rejected(
            **{
                **row,
                "wkb": bytes.fromhex(row["wkb"]) if row["wkb"] else None,
                "place": tuple(row["place"]) if row["place"] else None,
            }
        )
        for row in facts["rejected"]
    ]
    return LayerReading(**{**facts, "frame": frame, "rejected": rejected})
