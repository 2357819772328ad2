"""QC-F05: a field of the standard is missing, too narrow, or of another kind."""

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule

#: Kinds of content; dates travel as dates or as eight digits.
_CLASS = {"char": "text", "text": "text", "str": "text", "string": "text", "c": "text", "memo": "text"}
_CLASS |= {"int": "number", "float": "number", "double": "number", "n": "number", "f": "number", "real": "number"}
_CLASS |= {"integer": "number", "bigint": "number", "int32": "number", "int64": "number", "float64": "number"}
_CLASS |= {"date": "date", "d": "date", "datetime": "date"}


@rule(
    "QC-F05",
    category="quality",
    severity="high",
    subject="column",
    requires=("column.wanted_type",),
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("字段结构不符", "Field is missing or of another form"),
    zh="{a}{why_zh}",
    en="{a} {why_en}",
)
def field_form(columns: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A mandatory field is missing (high), or a field is narrower than the standard's or of another kind (medium).

    Where the reader counted values, a mandatory field that holds none in any row is told here too (medium).
    """
    mandatory, found = columns["constraint"].eq("M"), columns["found"].notna()
    missing = mandatory & ~found
    length, wanted = (pd.to_numeric(columns[name], errors="coerce") for name in ("length", "wanted_length"))
    is_text = columns["wanted_type"].eq("char")
    narrow = found & is_text & (length < wanted)
    kinds = (columns[name].astype("string").str.lower().map(_CLASS) for name in ("type", "wanted_type"))
    kind, wanted_kind = (each.astype("string") for each in kinds)
    other = found & kind.notna() & wanted_kind.notna() & kind.ne(wanted_kind).fillna(False)
    other &= ~(wanted_kind.eq("date").fillna(False) & kind.eq("text").fillna(False))
    idle = pd.Series(False, index=columns.index)
    if "filled" in columns.columns:
        idle = found & mandatory & pd.to_numeric(columns["filled"], errors="coerce").eq(0)
    reasons = (
        (missing, "缺失", "is missing"),
        (narrow, "宽度不足", "is too narrow"),
        (other, "类型不符", "is of another kind"),
        (idle, "整列为空", "holds nothing in any row"),
    )
    wrong = (missing | narrow | other | idle).to_numpy(dtype=bool)
    zh, en = (
        ["、".join(reason[at] for reason in reasons if reason[0].iloc[row]) for row in np.flatnonzero(wrong)]
        for at in (1, 2)
    )
    rows = columns[wrong]
    return pd.DataFrame(
        {
            "severity": np.where(missing[wrong], "high", "medium"),
            "table": rows["table"],
            "fields": [[name] for name in rows["name"]],
            "why_zh": zh,
            "why_en": [words.replace("、", ", ") for words in en],
            "length": _counts(rows["length"]),
            "wanted_length": _counts(rows["wanted_length"]),
        },
        index=rows.index,
    )


def _counts(values: pd.Series) -> list[int | None]:
    """Widths as whole numbers, where there are any."""
    return [None if pd.isna(value) else int(value) for value in pd.to_numeric(values, errors="coerce")]
