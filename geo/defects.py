"""All that is wrong with a file, row by row and gathered by rule and reason: genuine files have many of few kinds."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.finding import SEVERITIES
from geo.intake.reading import Rejected

#: What parts the cases of one rule: the field that is wrong, or the kind of trouble.
REASONS: Final = ("field", "column", "why")
_GROUP: Final = ("kind", "rule", "layer", "reason", "severity")
#: A picture of where defects lie has so many squares along its longer side.
SQUARES: Final = 48


def defects(findings: gpd.GeoDataFrame, rejected: Sequence[tuple[str, Rejected]]) -> pd.DataFrame:
    """Every defect as a row: rejected rows first, then findings; `x` and `y` in the system of the file."""
    rows = [_rejected(layer, row) for layer, row in rejected] + [_found(row) for row in findings.to_dict("records")]
    columns = (*_GROUP, "row", "code", "other", "zh", "en", "article", "x", "y")
    return pd.DataFrame(rows, columns=list(columns)).astype({"row": "Int64", "x": float, "y": float})


def groups(table: pd.DataFrame, first: int) -> list[dict[str, Any]]:
    """Gather defects, the gravest and largest groups first, each with its `count` and its `first` rows."""
    found = [
        dict(zip(_GROUP, key, strict=True))
        | {"count": len(rows), "placed": int(rows["x"].notna().sum()), "rows": rows.head(first).to_dict("records")}
        for key, rows in table.groupby(list(_GROUP), sort=True)
    ]
    return sorted(found, key=lambda group: (SEVERITIES.index(group["severity"]), -group["count"], group["rule"]))


def squares(table: pd.DataFrame) -> list[dict[str, Any]]:
    """How many defects of each severity lie in each square of the ground, at the middle of their places."""
    placed = table[np.isfinite(table[["x", "y"]]).all(axis=1)]
    if placed.empty:
        return []
    low, high = placed[["x", "y"]].min(), placed[["x", "y"]].max()
    side = max(float((high - low).max()) / SQUARES, 1e-9)
    at = ((placed[["x", "y"]] - low) // side).astype(int)
    gathered = placed.groupby([placed["severity"], at["x"], at["y"]])
    told = gathered.agg(count=("x", "size"), mean_x=("x", "mean"), mean_y=("y", "mean"))
    return [
        {"severity": str(severity), "count": int(count), "x": float(x), "y": float(y)}
        for severity, count, x, y in zip(
            told.index.get_level_values(0), told["count"], told["mean_x"], told["mean_y"], strict=True
        )
    ]


def reason_of(evidence: Mapping[str, Any]) -> str:
    """What parts a finding from others of its rule: a field or a kind of trouble, nothing where it has neither."""
    if evidence.get("fields"):
        return " ".join(evidence["fields"])
    return next((str(evidence[name]) for name in REASONS if evidence.get(name)), "")


def _rejected(layer: str, row: Rejected) -> dict[str, Any]:
    x, y = row.place or (None, None)
    told = {"kind": "rejected", "rule": row.code, "layer": layer, "reason": "", "severity": "high", "article": []}
    return told | {"row": row.row, "code": row.parcel_code, "other": None, "zh": row.zh, "en": row.en, "x": x, "y": y}


def _found(row: Mapping[Any, Any]) -> dict[str, Any]:
    reason = reason_of(row["evidence"])
    layer = str(row["subject"]).partition(":")[0]
    told = {"kind": "finding", "rule": row["rule"], "reason": reason, "severity": row["severity"]}
    return told | {
        "layer": "parcel" if layer == "row" else layer,
        "row": row["a_row"],
        "code": row["a_code"],
        "other": row["b_code"],
        "zh": row["sentence_zh"],
        "en": row["sentence_en"],
        "article": row["article"],
        "x": None if row["point"] is None else row["point"].x,
        "y": None if row["point"] is None else row["point"].y,
    }
