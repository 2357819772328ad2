"""QC-F04: a delivery lacks a layer or table that it must have."""

import pandas as pd

from geo.fields import layers
from geo.rules import NotRun, Thresholds, rule

#: These are wanted by every platform; documents of title (M in the standard) are optional where packages are taken in.
_LAYERS = ("DK", "JZD", "JZX", "KZD", "QYJX", "XJXZQ", "JBNTBHQ")
_TABLES = ("CBDKXX", "CBF", "CBF_JTCY", "CBHT", "CBJYQZDJB", "CBJYQZ", "FBF")


@rule(
    "QC-F04",
    category="quality",
    severity="high",
    subject="file",
    by="table",
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("缺少必备图层或表", "Mandatory layer or table is missing"),
    zh="汇交成果缺少{name_zh}（{table}）",
    en="the delivery lacks {name_en} ({table})",
)
def layer_present(files: pd.DataFrame, p: Thresholds, column: pd.DataFrame | None = None) -> pd.DataFrame:
    """A mandatory layer or table is not there; one that is there may be empty."""
    there = set(files["table"].dropna().astype(str).str.upper())
    if column is not None:
        there |= set(column.loc[column["found"].notna(), "table"].dropna().astype(str).str.upper())
    if not set(files["folder"].dropna()) & {"矢量数据", "权属数据"}:
        raise NotRun("交付的不是完整的汇交成果", "what was delivered is no whole package")
    names = {known.table: (known.zh, known.en) for known in layers()}
    rows = {
        f"table:{table}": {"table": table, "name_zh": names[table][0], "name_en": names[table][1]}
        for table in (*_LAYERS, *_TABLES)
        if table not in there
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["table", "name_zh", "name_en"])
