"""ZM-07: reserved land was disposed of without consent, trading platform or approval."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._collective import APPROVAL, CONSENT, PLATFORM, RESERVED, lacking, of_resource, vote
from geo.rules._reading import either, texts, unjudged


@rule(
    "ZM-07",
    category="sale",
    severity="high",
    subject="collective_contract",
    requires=("collective_contract.agreed_count|trade_no|approval_no|approved_on",),
    basis=("LAL-63", "LAL-82", "GDRL-2009"),
    since="2020-01-01",
    acted="signed_on",
    min_share=2 / 3,
    title=("留用地处置手续不全", "Reserved land disposed of without its papers"),
    zh="{a}处置留用地，未见{reasons_zh}{unjudged_zh}",
    en="{a} disposes of reserved land without {reasons_en}{unjudged_en}",
)
def reserved_disposed(
    contracts: pd.DataFrame, p: Thresholds, collective_bid: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A lease, sale or joint venture on reserved land lacks consent of two thirds, a deal on the platform, or approval.

    Two thirds are of the members or of their representatives. A bid with a number of the platform is a deal on it.
    """
    land = of_resource(contracts, RESERVED) | texts(contracts, "reserved_code").notna()
    absent = lacking(contracts, p.min_share, CONSENT, PLATFORM, APPROVAL)
    if collective_bid is not None and PLATFORM in absent:
        traded = texts(collective_bid, "contract_code")[texts(collective_bid, "trade_no").notna()]
        absent[PLATFORM] &= ~texts(contracts, "code").isin(traded.dropna())
    found = either({paper: mask & land for paper, mask in absent.items()})
    evidence = vote(contracts.loc[found.index]).assign(
        **unjudged([paper for paper in (CONSENT, PLATFORM, APPROVAL) if paper not in absent])
    )
    return found.join(evidence)
