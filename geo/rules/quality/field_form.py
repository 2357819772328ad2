"""QC-F05: a field of the standard is missing, too narrow, or of another kind."""

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule

#: What the words of formats mean: DBF's letters, Access's and GDAL's words.
_KINDS = {
    "text": "c char memo text",
    "number": "n f byte integer currency single double numeric decimal int float int16 int32 int64 float32 float64",
    "date": "d date datetime datetime64",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()} | {"long integer": "number"}


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

    Where the reader counted values, a mandatory field that holds none in any row is told here too (medium). A layer
    none of whose columns bears a name of the standard is a foreign one, whose columns were mapped by a person.
    """
    columns = columns[_of_the_standard(columns)]
    mandatory, found = columns["constraint"].eq("M"), columns["found"].notna()
    missing = mandatory & ~found
    length, wanted = (pd.to_numeric(columns[name], errors="coerce") for name in ("length", "wanted_length"))
    is_text = columns["wanted_type"].eq("char")
    narrow = found & is_text & (length < wanted)
    kind, wanted_kind = _kind(columns["type"]), _kind(columns["wanted_type"])
    # a format in which everything is text of any length (CSV) declares nothing; dates travel as eight digits too
    untold = kind.eq("text") & (length.isna() | wanted_kind.eq("date"))
    other = found & kind.ne("") & wanted_kind.ne("") & kind.ne(wanted_kind) & ~untold
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


def _of_the_standard(columns: pd.DataFrame) -> pd.Series:
    """Whether some column of the same layer bears a name of the standard, in whatever case."""
    told, wanted = (columns[name].astype("string").str.upper() for name in ("found", "name"))
    known = told.eq(wanted).fillna(False).astype(bool) & columns["wanted_type"].notna()
    return known.groupby(columns["table"]).transform("any")


def _kind(types: pd.Series) -> pd.Series:
    """Text, number or date; empty where a word says none of it."""
    said = types.astype("string").str.lower().str.split("[").str[0]
    return said.map(_KIND_OF, na_action="ignore").fillna("").astype(object)


def _counts(values: pd.Series) -> list[int | None]:
    """Widths as whole numbers, where there are any."""
    return [None if pd.isna(value) else int(value) for value in pd.to_numeric(values, errors="coerce")]
