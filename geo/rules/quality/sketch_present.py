"""QC-P01: a sketch that the register speaks of was not delivered, or a copy is too large."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.quality._stated import words

_BYTES_PER_MB = 1_000_000
#: Copies of ID cards bear this word and the contractor's code; those of household registers say what they are.
_ID_COPY, _REGISTER_COPY = r"(?i)^CBFSFZ", r"户口"


@rule(
    "QC-P01",
    category="quality",
    severity="medium",
    subject=("register_entry", "file"),
    requires=("register_entry.sketch_path", "file.name"),
    basis=("STD-2539", "EXCH-2019"),
    since="2016-12-23",
    id_copy_mb=2.0,
    register_copy_mb=1.0,
    title=("示意图缺失或扫描件过大", "Sketch missing or copy too large"),
    zh="{a}{why_zh}",
    en="{a} {why_en}",
    leaves_out=(
        "示意图的分辨率（300 dpi）未检查：图片只登记、不打开",
        "resolution (300 dpi) is not checked: pictures are counted, never opened",
    ),
)
def sketch_present(rows: pd.DataFrame, p: Thresholds, layer: str, file: pd.DataFrame) -> pd.DataFrame:
    """The sketch of an entry is not among the files, or a copy of an ID card or household register is too large.

    Files are found by their names, since packages come under many roots.
    """
    if layer == "file":
        return _too_large(rows, p)
    there = set(file["name"].dropna().astype(str).str.casefold())
    path = words(rows["sketch_path"])
    names = path.str.replace("\\", "/", regex=False).str.rsplit("/", n=1).str[-1].str.casefold()
    # one entry may have several pictures, numbered behind its code
    stems = {name.rsplit(".", 1)[0] for name in there}
    lacks = path.notna() & ~names.isin(there) & ~names.str.rsplit(".", n=1).str[0].isin(stems)
    told = pd.DataFrame({"table": "CBJYQZDJB", "fields": [["DKSYT"]] * len(rows)}, index=rows.index)
    said = told.assign(why_zh="登记的示意图没有随成果交付", why_en="names a sketch that was not delivered")
    return said[lacks.fillna(False).to_numpy(dtype=bool)]


def _too_large(files: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """Copies beyond the size that the exchange of data allows."""
    name = files["name"].astype("string")
    size = pd.to_numeric(files["size_bytes"], errors="coerce") / _BYTES_PER_MB
    large = name.str.contains(_ID_COPY).fillna(False) & (size > p.id_copy_mb)
    large |= name.str.contains(_REGISTER_COPY).fillna(False) & (size > p.register_copy_mb)
    rows = pd.DataFrame({"size_mb": size.round(2), "why_zh": "扫描件过大", "why_en": "is too large for a copy"})
    return rows[large.to_numpy(dtype=bool)]
