"""QC-U02: a code that should be the only one of its kind stands more than once."""

import numpy as np
import pandas as pd

from geo.codes import SHAPES
from geo.rules import EVERY, Thresholds, rule
from geo.rules.quality._stated import columns_of, stated, words


@rule(
    "QC-U02",
    category="quality",
    severity="high",
    subject=EVERY,
    basis=("STD-2539",),
    since="2016-12-23",
    title=("编码或标识码重复", "Code or feature number stands twice"),
    zh="{a}的编码在同一张表中重复：{fields_zh}",
    en="{a} shares what should be unique in its table with another row: {fields_en}",
    leaves_out=(
        "库中各次交付的标识码并存，不相比较；标识码只在读取交付文件时检查",
        "feature numbers are compared where a delivery is read, not in the books, where several deliveries stand",
    ),
)
def code_repeated(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """The code of an issuer, contractor, contract, transfer or certificate stands twice (high), or a feature number.

    Feature numbers (medium) need be unique within one delivery only; the code of a parcel is judged when it is read.
    """
    wrong, grave = {}, np.zeros(len(rows), dtype=bool)
    for field in columns_of(layer, rows):
        if field.name == "code" and layer in SHAPES and layer != "parcel":
            wrong[field] = _twice(words(rows["code"]))
            grave |= wrong[field].to_numpy(dtype=bool)
        elif field.standard == "BSM" and "delivery" not in rows.columns:
            # regions come in four tables, told apart by how long their codes are
            bundle = [rows["code"].str.len()] if layer == "boundary" else []
            wrong[field] = _twice(rows[field.name], *bundle)
    told = stated(layer, rows, wrong)
    worse = pd.Series(grave, index=rows.index).loc[told.index]
    return told.assign(severity=np.where(worse, "high", "medium"))


def _twice(values: pd.Series, *within: pd.Series) -> pd.Series:
    """Which values stand more than once, within equal values of other columns."""
    table = pd.concat([values, *within], axis=1, ignore_index=True)
    return values.notna() & table.duplicated(keep=False)
