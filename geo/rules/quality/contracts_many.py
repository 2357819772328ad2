"""QC-R05: one contractor has more contracts than the two that there can be."""

import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "QC-R05",
    category="quality",
    severity="medium",
    subject="contract",
    by="contractor",
    requires=("contract.code", "contract.contractor_code"),
    basis=("YLT",),
    since="2016-12-23",
    most_contracts=2,
    title=("承包合同过多", "Too many contracts"),
    zh="{a}有 {contracts} 份承包合同，家庭承包和其他方式承包一般各一份",
    en="{a} has {contracts} contracts; one for the household and one by other ways are usual",
)
def contracts_many(contracts: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A contractor has more than two contracts; one that another contract extends is not counted."""
    standing = contracts
    if "predecessor_code" in contracts.columns:
        standing = contracts[~contracts["code"].isin(contracts["predecessor_code"].dropna())]
    codes = standing.dropna(subset=["contractor_code"]).groupby("contractor_code")["code"].agg(list)
    table = pd.DataFrame({"contracts": codes.map(len), "codes": codes.map(lambda held: sorted(map(str, held)))})
    return table[table["contracts"] > p.most_contracts].assign(table="CBHT")
