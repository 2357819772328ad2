"""QC-R04: a contractor has no contract, or no certificate."""

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "QC-R04",
    category="quality",
    severity="medium",
    subject="contractor",
    requires=("contractor.code", "contract.contractor_code"),
    basis=("YLT",),
    since="2016-12-23",
    title=("承包方没有合同或权证", "Contractor without contract or certificate"),
    zh="{a}没有{lacks_zh}",
    en="{a} has no {lacks_en}",
)
def contract_missing(
    contractors: pd.DataFrame,
    p: Thresholds,
    contract: pd.DataFrame,
    certificate: pd.DataFrame | None = None,
    register_entry: pd.DataFrame | None = None,
    transfer: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A contractor has no contract, or none of its contracts and register entries has a certificate.

    Certificates bear the code of the contract, which begins with the contractor's; without their table only contracts
    are asked for. Who has taken land over by a transfer need not have any contract of its own.
    """
    code = contractors["code"]
    lacks_contract = code.notna() & ~code.isin(contract["contractor_code"])
    lacks_paper = pd.Series(False, index=contractors.index)
    if certificate is not None:
        holders = certificate["code"].astype("string").str[:18]
        if register_entry is not None and "contractor_code" in register_entry.columns:
            entered = register_entry.loc[register_entry["code"].isin(certificate["code"]), "contractor_code"]
            holders = pd.concat([holders, entered.astype("string")])
        lacks_paper = code.notna() & ~code.isin(holders.dropna())
    if transfer is not None and "transferee_code" in transfer.columns:
        takes_over = code.isin(transfer["transferee_code"])
        lacks_contract, lacks_paper = lacks_contract & ~takes_over, lacks_paper & ~takes_over
    both, lacks = lacks_contract & lacks_paper, lacks_contract | lacks_paper
    zh = np.where(both, "承包合同和权证", np.where(lacks_contract, "承包合同", "承包经营权证"))
    en = np.where(both, "contract and no certificate", np.where(lacks_contract, "contract", "certificate"))
    table = np.where(lacks_contract, "CBHT", "CBJYQZ")
    rows = pd.DataFrame({"table": table, "lacks_zh": zh, "lacks_en": en}, index=contractors.index)
    return rows[lacks.to_numpy(dtype=bool)]
