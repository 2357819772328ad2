"""ZL-01: a transfer runs longer than the contract it stands on."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._transfers import FOR_GOOD, last_days


@rule(
    "ZL-01",
    category="lease",
    severity="high",
    subject="transfer",
    requires=("transfer.term_to", "transfer.contract_code", "contract.term_to"),
    basis=("RLCL-38",),
    since="2003-03-01",
    acted="signed_on",
    pending_days=365,
    title=("流转期超过承包期", "Transfer outlives the contract"),
    zh="{a}到 {transfer_ends} 止，比承包合同（到 {contract_ends} 止）长 {excess_days} 天",
    en="{a} runs to {transfer_ends}, its contract to {contract_ends}: too long by {excess_days} d",
)
def lease_outlives_contract(transfers: pd.DataFrame, p: Thresholds, contract: pd.DataFrame, day: date) -> pd.DataFrame:
    """A transfer ends after its contract and all the contract's extensions have ended.

    A contract that ends within the year may be waiting for its extension, which is said.
    """
    ends = transfers["term_to"].astype("datetime64[s]").clip(upper=pd.Timestamp(FOR_GOOD))
    allowed = transfers["contract_code"].map(last_days(contract)).astype("datetime64[s]")
    over = ends > allowed
    ends, allowed = ends[over], allowed[over]
    near = (allowed.to_numpy() - np.datetime64(day, "s")) / np.timedelta64(1, "D")
    return pd.DataFrame(
        {
            "transfer_ends": ends.astype("string").str[:10],
            "contract_ends": allowed.astype("string").str[:10],
            "excess_days": (ends - allowed) // np.timedelta64(1, "D"),
            "extension_pending": (near >= 0) & (near <= p.pending_days),
        },
        index=ends.index,
    )
