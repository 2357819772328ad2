"""QY-05: a household contract ends soon, or has ended, and no contract extends it."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import NotRun, Thresholds, rule
from geo.rules._households import are_household
from geo.rules._reading import dates, iso, texts


@rule(
    "QY-05",
    category="rights",
    severity="low",
    subject="contract",
    requires=("contract.term_to",),
    basis=("RLCL-21",),
    since="2003-03-01",
    near_days=365,
    title=("承包合同到期未延包", "Contract not extended"),
    zh="{a}到 {ends} 止（{state_zh}），未见以它为原合同的延包合同",
    en="{a} runs to {ends} ({state_en}); no contract that extends it was seen",
)
def contract_not_extended(contracts: pd.DataFrame, p: Thresholds, day: date) -> pd.DataFrame:
    """A household contract ends within a year (low) or has ended (medium), and none names it as its predecessor."""
    if "predecessor_code" not in contracts.columns:
        raise NotRun("承包合同没有原承包合同代码一栏", "contracts have no column for the contract that they extend")
    ends = dates(contracts, "term_to")
    left = (ends - np.datetime64(day, "s")) // np.timedelta64(1, "D")
    bare = are_household(contracts) & ~texts(contracts, "code").isin(texts(contracts, "predecessor_code").dropna())
    at = contracts.index[bare & (left <= p.near_days)]
    days = left[at].astype(int)
    return pd.DataFrame(
        {
            "severity": np.where(days < 0, "medium", "low"),
            "ends": iso(ends[at]),
            "days": days,
            "state_zh": [f"还有 {n} 天" if n >= 0 else f"已过 {-n} 天" for n in days],
            "state_en": [f"{n} d are left" if n >= 0 else f"{-n} d ago" for n in days],
        },
        index=at,
    )
