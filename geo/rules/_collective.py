"""What a collective lets, contracts or sells: who agreed to it, and what it is."""

from typing import Final

import pandas as pd

from geo.rules._reading import Words, amounts, supplied, texts

#: Kinds of resource (ZYLX) and of deal (ZYJYLX).
FLEXIBLE, WASTE, COMMERCIAL, RESERVED = "1", "2", "5", "6"
LEASE, SALE = "1", "3"
#: Representatives instead of all members (BJFS).
REPRESENTATIVES: Final = "2"
#: What a contract may lack: consent, approval, a deal on the platform.
CONSENT: Final = ("三分之二以上同意", "consent of two thirds")
APPROVAL: Final = ("批准", "approval")
PLATFORM: Final = ("交易平台记录", "a deal on the trading platform")
#: The columns that tell of each.
TOLD_BY: Final[dict[Words, tuple[str, ...]]] = {
    CONSENT: ("entitled_count", "agreed_count"),
    APPROVAL: ("approval_no", "approved_on"),
    PLATFORM: ("trade_no",),
}
#: Shares are compared to so many decimals: twenty of thirty are two thirds.
_DECIMALS = 9


def agreed(contracts: pd.DataFrame, min_share: float) -> pd.Series:
    """Whether at least this share of those who were entitled to vote is on record as having agreed."""
    entitled, voted = amounts(contracts, "entitled_count"), amounts(contracts, "agreed_count")
    share = (voted / entitled.where(entitled > 0)).round(_DECIMALS)
    return share >= round(min_share, _DECIMALS)


def vote(contracts: pd.DataFrame) -> pd.DataFrame:
    """Who voted and how many agreed, as evidence."""
    counts = {name: amounts(contracts, name).astype(object) for name in ("entitled_count", "agreed_count")}
    table = pd.DataFrame(counts | {"assembly": texts(contracts, "assembly").astype(object)})
    return table.where(table.notna(), None)


def lacking(contracts: pd.DataFrame, min_share: float, *asked: Words) -> dict[Words, pd.Series]:
    """Which contracts lack which of the papers that are asked for; papers that were delivered for none are left out."""
    absent = {
        CONSENT: ~agreed(contracts, min_share),
        APPROVAL: texts(contracts, "approval_no").isna() & texts(contracts, "approved_on").isna(),
        PLATFORM: texts(contracts, "trade_no").isna(),
    }
    return {paper: absent[paper] for paper in asked if supplied(contracts, *TOLD_BY[paper])}


def of_resource(contracts: pd.DataFrame, *resources: str) -> pd.Series:
    """Which contracts are on some kinds of resource."""
    return texts(contracts, "resource").isin(resources).astype(bool)
