"""QC-A02: a coded field holds a code that its list does not have."""

import numpy as np
import pandas as pd

from geo.codes import code_list
from geo.rules import EVERY, Thresholds, rule
from geo.rules.quality._stated import columns_of, stated, words

#: Judged by rules of their own: QC-A03, QC-A07.
_ELSEWHERE = ("YSDM", "TDLYLX")
#: Yes and no are 1 and 2; 0 for no is a common slip, and is read so.
_SLIPS = {"SF": ("0",)}


@rule(
    "QC-A02",
    category="quality",
    severity="high",
    subject=EVERY,
    basis=("STD-2539", "SSII"),
    since="2016-12-23",
    title=("代码不在代码表中", "Code of no list"),
    zh="{a}的代码不在标准代码表中：{fields_zh}",
    en="{a} bears codes that are not in the lists of the standard: {fields_en}",
)
def code_in_list(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """A coded field holds what its code list does not have; medium where it is only 0 written for 2 (no)."""
    lists = {field: field.code_list for field in columns_of(layer, rows) if field.code_list}
    wrong, grave = {}, np.zeros(len(rows), dtype=bool)
    for field, name in lists.items():
        if name and name not in _ELSEWHERE:
            odd = rows[field.name][~rows[field.name].isin(list(code_list(name)))]
            stands = words(odd).reindex(rows.index)
            wrong[field] = stands.notna() & ~stands.isin(list(code_list(name)))
            grave |= (wrong[field] & ~stands.isin(_SLIPS.get(name, ()))).to_numpy(dtype=bool)
    told = stated(layer, rows, wrong)
    worse = pd.Series(grave, index=rows.index).loc[told.index]
    return told.assign(severity=np.where(worse, "high", "medium"))
