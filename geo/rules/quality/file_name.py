"""QC-F03: a file is not named as the standard names it."""

import pandas as pd

from geo.rules import Thresholds, rule

_LAYER = r"^[A-Z]{2,7}[0-9]{10}(?:-[0-9]+)?\.shp$"
_DATABASE = r"^[0-9]{10}\.mdb$"
_UNITS = r"^[0-9]{10}权属单位代码表\.xlsx?$"


@rule(
    "QC-F03",
    category="quality",
    severity="medium",
    subject="file",
    requires=("file.name",),
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("文件名不规范", "File name is not the standard's"),
    zh="{a}的文件名应为 {wanted}",
    en="{a} should be named {wanted}",
)
def file_name(files: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A layer, the database or the list of units does not bear table, county and year; it was read all the same."""
    name = files["name"].astype("string")
    kinds = {
        "DK4417812016.shp": (r"\.shp$", _LAYER),
        "4417812016.mdb": (r"\.(?:mdb|accdb)$", _DATABASE),
        "4417812016权属单位代码表.xls": (r"权属单位代码表.*\.xlsx?$", _UNITS),
    }
    wanted = pd.Series(pd.NA, index=files.index, dtype="string")
    for example, (kind, shape) in kinds.items():
        of_kind = name.str.contains(kind, case=False).fillna(False)
        wanted = wanted.mask(of_kind & ~name.str.contains(shape, case=False).fillna(False), example)
    return pd.DataFrame({"wanted": wanted.astype(object)})[wanted.notna()]
