"""What a file gave: its layers with accepted and rejected rows; and how a reading travels between processes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from geo.intake.accepted import Accepted
from geo.intake.errors import Said
from geo.intake.repairs import Repair


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
    """One layer or table of a file, by our names; `read` is always `len(accepted)` and `len(rejected)` together.

    `crs` is `EPSG:n` or WKT, None for a table. `columns` maps our names to the file's. `notes` hinder nothing.
    `preview` is what a person looks at before anything is stored (`geo.intake.evidence`); `forms` tells how the file
    declares its columns, and which of the standard's it lacks (`geo.intake.package.forms`). `repairs` are proposed for
    accepted rows whose shape is invalid; nothing of them is done here.
    """

    layer: str
    source: str
    accepted: Accepted
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
    forms: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All accepted rows at once."""
        return self.accepted.frame()


@dataclass(frozen=True)
class Reading:
    """A file that could be read, with everything that was recognised in it; of a package, with a row for each file."""

    path: str
    sha256: str
    layers: list[LayerReading]
    notes: list[Said] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)

    def layer(self, name: str) -> LayerReading | None:
        """The reading of one layer or table, None if the file has none."""
        return next((layer for layer in self.layers if layer.layer == name), None)


def write(reading: Reading, folder: Path) -> None:
    """Write as JSON what a reading says; the rows themselves were kept in the folder while they were read."""
    layers = []
    for layer in reading.layers:
        facts = {name: value for name, value in vars(layer).items() if name not in ("accepted", "rejected", "frame")}
        rejected = [vars(row) | {"wkb": row.wkb.hex() if row.wkb else None} for row in layer.rejected]
        repairs = [
            vars(row) | {"delivered": row.delivered.hex(), "repaired": row.repaired.hex()} for row in layer.repairs
        ]
        layers.append({**facts, "columns": dict(layer.columns), "rejected": rejected, "repairs": repairs})
    text = json.dumps({**vars(reading), "layers": layers}, ensure_ascii=False)
    (folder / "reading.json").write_text(text, encoding="utf-8")


def load(folder: Path) -> Reading:
    """Load what `write` wrote; the rows of each layer stay readable when the folder is gone."""
    facts: dict[str, Any] = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
    layers = [_layer(kept_in(folder, number), layer) for number, layer in enumerate(facts["layers"])]
    return Reading(**{**facts, "layers": layers})


def kept_in(folder: Path, number: int) -> Path:
    """Where the accepted rows of a layer are kept, by its place in the reading."""
    return folder / f"{number}.arrow"


def _layer(path: Path, facts: dict[str, Any]) -> LayerReading:
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
    repairs = [
        Repair(**{**row, **{name: bytes.fromhex(row[name]) for name in ("delivered", "repaired")}})
        for row in facts["repairs"]
    ]
    accepted = Accepted(path, facts["read"] - len(rejected), facts["crs"])
    return LayerReading(**{**facts, "accepted": accepted, "rejected": rejected, "repairs": repairs})
