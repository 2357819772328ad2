"""QC-R06: the parcels of a contract do not add up to what it says."""

import numpy as np
import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import numbers, stated

#: Sums of decimals are compared to this many places, beyond what anybody writes.
_PLACES = 6


@rule(
    "QC-R06",
    category="quality",
    severity="high",
    subject="contract",
    requires=("contract.code", "parcel_right.contract_code"),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    tolerance_mu=0.01,
    tolerance_m2=0.01,
    each_parcel_m2=3.34,
    title=("合同面积或地块数合计不符", "Contract does not add up"),
    zh="{a}与其地块的合计不符：{fields_zh}（实有 {parcels} 块）",
    en="{a} differs from the sum of its parcels ({parcels} on record): {fields_en}",
)
def contract_sums(contracts: pd.DataFrame, p: Thresholds, parcel_right: pd.DataFrame) -> pd.DataFrame:
    """Number of parcels or sum of mu differ from the contract (high), or the sum of square metres (medium).

    Square metres may be off by what rounding to mu takes from each parcel. A sum of which a part is missing is not
    compared.
    """
    of = parcel_right["contract_code"]
    count = contracts["code"].map(of.value_counts()).fillna(0).astype(int)
    slack = {"total_mu": p.tolerance_mu, "total_m2": p.each_parcel_m2 * count + p.tolerance_m2}
    sums = {"total_mu": "confirmed_mu", "total_m2": "confirmed_m2"}
    wrong, grave = {}, pd.Series(False, index=contracts.index)
    for field in fields("contract"):
        if field.name not in contracts.columns or field.name not in ("parcel_count", *sums):
            continue
        told = numbers(contracts[field.name])
        if field.name == "parcel_count":
            wrong[field] = told.notna() & (told != count)
        elif sums[field.name] in parcel_right.columns:
            total = contracts["code"].map(_sum(numbers(parcel_right[sums[field.name]]), of)).astype(float)
            off = (told - total).abs().round(_PLACES)
            wrong[field] = (off > np.round(slack[field.name], _PLACES)).astype(bool)
        if field.name != "total_m2" and field in wrong:
            grave |= wrong[field]
    rows = stated("contract", contracts, wrong)
    at = rows.index
    return rows.assign(parcels=count.loc[at], severity=np.where(grave.loc[at], "high", "medium"))


def _sum(areas: pd.Series, of: pd.Series) -> pd.Series:
    """The sum of each contract; none where an area is missing."""
    return areas.groupby(of).sum().mask(areas.isna().groupby(of).any())
