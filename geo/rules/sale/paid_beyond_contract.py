"""ZM-06: a transfer runs past its contract and is paid for in advance: a sale in disguise."""

import pandas as pd

from geo.rules import NotRun, Thresholds, rule
from geo.rules._prices import paid_in_advance
from geo.rules._reading import dates, day_of, iso, texts
from geo.rules._transfers import FOR_GOOD, last_days


@rule(
    "ZM-06",
    category="sale",
    severity="high",
    subject="transfer",
    requires=("transfer.term_to", "transfer.contract_code", "contract.term_to"),
    basis=("RLCL-38", "RLCL-4"),
    since="2003-03-01",
    acted="signed_on",
    min_upfront_share=0.9,
    advance_days=30,
    title=("超期流转且预付，疑似变相买卖", "Paid in advance past the contract's end"),
    zh="{a}到 {transfer_ends} 止，承包合同到 {contract_ends} 止，且价款预付 {upfront_percent:.0f}%：疑似变相买卖",
    en="{a} runs to {transfer_ends}, its contract to {contract_ends}, and {upfront_percent:.0f} % were paid in advance",
)
def paid_beyond_contract(
    transfers: pd.DataFrame, p: Thresholds, contract: pd.DataFrame, payment: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A transfer ends after its contract and all extensions of it, and most of its price was paid in advance.

    Not asked where nothing tells how such transfers were paid for.
    """
    ends = dates(transfers, "term_to").clip(upper=pd.Timestamp(FOR_GOOD))
    allowed = day_of(texts(transfers, "contract_code"), last_days(contract))
    over = (ends > allowed).to_numpy(dtype=bool)
    share = paid_in_advance(transfers, payment, p.advance_days)
    if over.any() and share[over].isna().all():
        raise NotRun("没有说明价款怎样支付", "nothing tells how the transfers were paid for")
    at = transfers.index[over & (share >= p.min_upfront_share).to_numpy(dtype=bool)]
    return pd.DataFrame(
        {
            "transfer_ends": iso(ends[at]),
            "contract_ends": iso(allowed[at]),
            "excess_days": (ends[at] - allowed[at]) // pd.Timedelta(days=1),
            "upfront_percent": (share[at] * 100).round(2),
        },
        index=at,
    )
