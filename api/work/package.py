"""What is wrong with the package itself, its files and its columns: judged when a delivery is reported.

The books keep no files and no columns: these rules run where the delivery is read, and what they say is kept with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from geo.defects import reason_of
from geo.detect import detect
from geo.intake.package import described, summary
from geo.intake.reading import Reading
from geo.rules import Rule, book


def told(reading: Reading, day: date) -> dict[str, Any] | None:
    """What a package holds and what is wrong with it; None where the delivery is none and nothing is wrong."""
    ground = described(reading.files, [form for layer in reading.layers for form in layer.forms])
    entries = reading.layer("register_entry")
    if entries is not None:  # they name the sketches that should be among the files
        ground["register_entry"] = entries.frame
    asked = [rule.id for rule in book().values() if _is_of_delivery(rule) and ground.keys() >= set(rule.needs)]
    if not asked:
        return summary(reading)
    findings = detect(ground, day=day, only=asked).findings
    defects = [_defect(row, ground) for row in findings.to_dict("records")]
    whole = summary(reading)
    return {**(whole or {}), "defects": defects} if whole or defects else None


def _is_of_delivery(rule: Rule) -> bool:
    """Whether a rule asks about files or columns, of which the books know nothing."""
    return not {"file", "column"}.isdisjoint((*rule.subjects, *rule.needs))


def _defect(row: Mapping[Any, Any], ground: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    name = row["subject"].partition(":")[0]
    rows = ground.get(name)
    named = rows is not None and "layer" in rows.columns and pd.notna(row["a_row"])
    layer = rows["layer"].iat[int(row["a_row"])] if named and rows is not None else name
    return {
        "rule": row["rule"],
        "severity": row["severity"],
        "layer": None if pd.isna(layer) else layer,
        "reason": reason_of(row["evidence"]),
        "code": row["a_code"],
        "zh": row["sentence_zh"],
        "en": row["sentence_en"],
        "article": list(row["article"]),
    }
