"""QC-F02: a shapefile lacks a part of itself."""

import pandas as pd

from geo.rules import Thresholds, rule

_PARTS = (".shp", ".shx", ".dbf", ".prj")


@rule(
    "QC-F02",
    category="quality",
    severity="high",
    subject="file",
    requires=("file.parts",),
    basis=("YLT", "SSII"),
    since="2016-12-23",
    title=("Shapefile 缺少组成文件", "Shapefile lacks a part"),
    zh="{a}缺少 {missing}",
    en="{a} lacks {missing}",
)
def shapefile_whole(files: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A shapefile comes without its outlines, its index, its attributes or its coordinate system."""
    parts = files["parts"].astype("string")
    lacks = pd.DataFrame({part: ~("/" + parts + "/").str.contains(f"/{part}/", regex=False) for part in _PARTS})
    lacks = lacks.where(parts.notna(), False).astype(bool)
    rows = lacks[lacks.any(axis=1)]
    return pd.DataFrame({"missing": [" ".join(lacks.columns[row]) for row in rows.to_numpy()]}, index=rows.index)
