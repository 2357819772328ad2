"""A rule's answer, brought into one form: a row for each suspicion, with its evidence."""

from typing import Any

import pandas as pd

from geo.pairs import on_the_ground
from geo.rules import Rule

#: Columns that say how a row is kept, not what it says; they do not follow a side into a table of pairs.
_BOOKKEEPING = ("geometry", "judged", "here")
_FIRED = ["a_ref", "a_row", "a_code", "b_ref", "b_layer", "b_row", "b_code"]
_FIRED += ["shared_m2", "firm_m2", "share_a", "share_b", "same_as"]

#: Columns of an answer that stand in the place of what was measured.
_TAKEN = ("cut", "place", "shared_m2", "firm_m2", "share_a", "share_b")


def side(frame: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """One side's columns, named for a table of pairs."""
    return frame.drop(columns=list(_BOOKKEEPING), errors="ignore").add_prefix(prefix).reset_index(drop=True)


def answered(rule: Rule, answer: Any, index: pd.Index) -> pd.DataFrame:
    """Bring a rule's answer into one form: a row for each suspicion with `severity` and evidence columns."""
    if isinstance(answer, pd.DataFrame):
        return answer if "severity" in answer.columns else answer.assign(severity=rule.severity)
    series = pd.Series(answer, index=index)
    if series.dtype == bool or pd.api.types.is_bool_dtype(series):
        return pd.DataFrame({"severity": rule.severity}, index=series.index[series.to_numpy(dtype=bool)])
    return pd.DataFrame({"severity": series[series.fillna("") != ""]})


def suspicions(rule: Rule, rows: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """One row for each suspicion, with its evidence as a dict."""
    table = rows.reindex(columns=_FIRED).assign(rule=rule.id, severity=said["severity"])
    table["cut"] = on_the_ground(rows) if "x0" in rows.columns and len(rows) else rows["cut"]
    table["place"] = None
    taken = [name for name in _TAKEN if name in said.columns]
    for name in taken:
        table[name] = said[name].to_numpy()
    words = said.drop(columns=["severity", *taken]).to_dict("records")
    table["evidence"] = [_evidence(row) | word for row, word in zip(rows.to_dict("records"), words, strict=True)]
    return table


def _evidence(row: dict[Any, Any]) -> dict[str, Any]:
    """What a person needs to follow the judgement: areas, patches, approved ground, repaired copies."""
    # a union of patches has no area of its own, and NaN is no JSON
    areas = {name: row[name] for name in ("a_area_m2", "b_area_m2", "approved_m2") if pd.notna(row.get(name))}
    kept: dict[str, Any] = areas | ({"patches": row["patches"]} if "patches" in row else {})
    for side in ("a", "b"):
        if row.get(f"{side}_on_repaired_copy") is True:
            kept[f"{side}_on_repaired_copy"] = True
    return kept
