"""What a file gave: its layers with accepted and rejected rows; and how a reading travels between processes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import feather

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
    `preview` is what a person looks at before anything is stored (`geo.intake.evidence`).
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
    preview: Mapping[str, Any] = field(default_factory=dict)


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
    """Write a reading as JSON and one Arrow file a layer, its shapes as well-known binary."""
    layers = []
    for number, layer in enumerate(reading.layers):
        feather.write_feather(_plain(layer.frame), folder / f"{number}.arrow", compression="uncompressed")
        facts = {name: value for name, value in vars(layer).items() if name not in ("frame", "rejected")}
        rejected = [vars(row) | {"wkb": row.wkb.hex() if row.wkb else None} for row in layer.rejected]
        layers.append({**facts, "columns": dict(layer.columns), "rejected": rejected})
    text = json.dumps({**vars(reading), "layers": layers}, ensure_ascii=False)
    (folder / "reading.json").write_text(text, encoding="utf-8")


def _plain(frame: pd.DataFrame) -> pa.Table:
    """A frame as columns of Arrow; a column in which nothing is written is one of texts."""
    columns = {name: frame[name] for name in frame.columns if name != "geometry"}
    arrays = {
        name: pa.array(values, pa.string() if values.dtype == object else None, from_pandas=True)
        for name, values in columns.items()
    }
    if isinstance(frame, gpd.GeoDataFrame):
        arrays["geometry"] = pa.array(shapely.to_wkb(frame.geometry.to_numpy()).tolist(), pa.binary())
    return pa.table(arrays)


def load(folder: Path) -> Reading:
    """Load what `write` wrote; dates come back to the second."""
    facts: dict[str, Any] = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
    layers = [_layer(folder / f"{number}.arrow", layer) for number, layer in enumerate(facts["layers"])]
    return Reading(**{**facts, "layers": layers})


def _layer(path: Path, facts: dict[str, Any]) -> LayerReading:
    table = feather.read_table(path)
    columns = {name: _column(table[name]) for name in table.column_names if name != "geometry"}
    frame = pd.DataFrame(columns)
    if facts["crs"]:
        shapes = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
        frame = gpd.GeoDataFrame(frame, geometry=shapes, crs=facts["crs"])
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


def _column(values: pa.ChunkedArray) -> Any:
    """A column as the reader had it: texts as objects, whole numbers that may be missing, numbers, days."""
    if pa.types.is_string(values.type):
        return pd.Series(values.to_numpy(zero_copy_only=False), dtype=object)
    return values.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get) if values.null_count else values.to_pandas()
