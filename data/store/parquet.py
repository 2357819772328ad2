"""A ground laid down as GeoParquet, one file a layer or table, for those who cannot reach the books."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

#: What Parquet does not keep: the exact type of each column, and the names of places.
BESIDE = "ground.json"


def lay_down(folder: Path, ground: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> None:
    """Write a ground into a new folder that only this account can read; it holds personal data."""
    folder.mkdir(mode=0o700, parents=True)
    types: dict[str, dict[str, str]] = {}
    for name, frame in ground.items():
        types[name] = {column: str(dtype) for column, dtype in frame.dtypes.items()}
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    (folder / BESIDE).write_text(json.dumps({"types": types, "names": dict(names)}), encoding="utf-8")
    for file in folder.iterdir():
        file.chmod(0o600)


def pick_up(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Read a ground and its place names as they were laid down: each value, and each type, is the same."""
    beside = json.loads((folder / BESIDE).read_text(encoding="utf-8"))
    ground = {name: _read(folder / f"{name}.parquet", types) for name, types in beside["types"].items()}
    return ground, beside["names"]


def _read(file: Path, types: Mapping[str, str]) -> pd.DataFrame:
    """One table, with its types put back: Parquet knows no seconds, and pandas reads text as a type of its own."""
    frame = gpd.read_parquet(file) if "geometry" in types else pd.read_parquet(file)
    for column, kind in types.items():
        if kind == "object":
            values = frame[column].astype(object)
            frame[column] = values.where(values.notna(), None)
        elif kind != "geometry":
            frame[column] = frame[column].astype(kind)
    return frame
