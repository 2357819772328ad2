"""QC-F01: the folders of a delivery are not those of the standard."""

import pandas as pd

from geo.rules import NotRun, Thresholds, rule

#: What a delivery must bring, and what is lost where empty folders are not kept.
_WANTED = {"矢量数据": "high", "权属数据": "high", "汇总表格": "medium"}
_ROOT = r"^[0-9]{6}"


@rule(
    "QC-F01",
    category="quality",
    severity="high",
    subject="file",
    by="package",
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("汇交目录结构不符", "Folders of the delivery"),
    zh="汇交成果缺少 {folder}",
    en="the delivery lacks {folder}",
    leaves_out=(
        "压缩包不保存空文件夹，空文件夹与缺少的文件夹无法区分",
        "an archive keeps no empty folders: they look like missing ones",
    ),
)
def package_tree(files: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The root folder does not begin with the six digits of a county (high), or a folder of the standard is missing.

    Missing are: vector data and rights (high), summary tables (medium).
    """
    folders = files["path"].astype("string").str.split("/").explode()
    there = set(files["folder"].dropna()) | set(folders.dropna())
    if not there & set(_WANTED):
        raise NotRun("交付的不是完整的汇交成果", "what was delivered is no whole package")
    lacks = {name: severity for name, severity in _WANTED.items() if name not in there}
    roots = files["path"].astype("string").str.partition("/")[0].dropna().unique()
    if not pd.Series(roots, dtype="string").str.contains(_ROOT).any():
        lacks["以六位县级代码开头的根文件夹"] = "high"
    rows = {f"package:{name}": {"folder": name, "severity": severity} for name, severity in lacks.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["folder", "severity"])
