"""QC-A03: the element code is not that of the layer."""

import pandas as pd

from geo.codes import code_list
from geo.fields import layers
from geo.rules import EVERY, Thresholds, rule
from geo.rules.quality._stated import columns_of, stated, words


@rule(
    "QC-A03",
    category="quality",
    severity="high",
    subject=EVERY,
    basis=("STD-2539",),
    since="2016-12-23",
    title=("要素代码不符", "Wrong element code"),
    zh="{a}的要素代码 {stands} 不是本图层的代码（应为 {wanted}）",
    en="the element code of {a} is {stands}, not that of its layer ({wanted})",
)
def element_code(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """The element code differs from the constant of the layer; of writings, it must be the code of some writing."""
    wanted = _codes_of(layer)
    field = next((field for field in columns_of(layer, rows) if field.code_list == "YSDM"), None)
    if field is None or not wanted:
        return stated(layer, rows, {})
    stands = words(rows[field.name])
    wrong = ~stands.isin(wanted)
    if any(known.element_code is None for known in layers() if known.layer == layer):
        # another table that feeds this layer has codes of its own, of another length
        wrong &= stands.str.len().isin({len(code) for code in wanted})
    told = stated(layer, rows, {field: wrong})
    return told.assign(stands=stands.loc[told.index].fillna("-").astype(object), wanted="/".join(wanted))


def _codes_of(layer: str) -> list[str]:
    """The element codes that may stand in a layer: one, or one for each table that feeds it."""
    if layer == "annotation":
        return [code for code, known in code_list("YSDM").items() if known.zh.endswith("注记")]
    return [known.element_code for known in layers() if known.layer == layer and known.element_code]
