"""ZL-18: a collective's resource was let, and no bid is on record though bids are kept."""

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import amounts, dates, iso, numbers_of, texts

#: Open negotiation (CBFS) needs no bid.
_NEGOTIATED = "123"


@rule(
    "ZL-18",
    category="lease",
    severity="medium",
    subject="collective_contract",
    requires=("collective_contract.code", "collective_bid.contract_code|trade_no"),
    basis=("REC",),
    since="2003-03-01",
    min_rent_yuan=0.0,
    title=("集体资源未见竞投记录", "Resource let without a bid on record"),
    zh="{a}于 {signed} 签订，未见竞投记录（竞投自 {kept_since} 起有登记）",
    en="{a} was signed on {signed} with no bid on record (bids are kept since {kept_since})",
    leaves_out=(
        "公开协商的、早于首次竞投登记的合同不作判断",
        "contracts by open negotiation, and those older than the first bid on record, are not judged",
    ),
)
def let_without_bid(contracts: pd.DataFrame, p: Thresholds, collective_bid: pd.DataFrame) -> pd.DataFrame:
    """No bid names a contract or its number on the platform, and it was signed since bids have been kept.

    Each county may set the yearly rent from which a bid is wanted; a rent that is not known counts. Brackets, blanks
    and full-width signs make no other number.
    """
    bids = collective_bid
    since = dates(bids, "announced_on").fillna(dates(bids, "opened_on")).min()
    signed, rent = dates(contracts, "signed_on"), amounts(contracts, "rent_yuan")
    known = texts(contracts, "code").isin(texts(bids, "contract_code").dropna())
    known |= numbers_of(contracts, "trade_no").isin(numbers_of(bids, "trade_no").dropna())
    asked = ~known & texts(contracts, "method").ne(_NEGOTIATED).fillna(True)
    asked &= ~(rent < p.min_rent_yuan)
    if not pd.isna(since):
        asked &= signed >= since
    at = contracts.index[asked.to_numpy(dtype=bool)]
    kept = None if pd.isna(since) else str(np.datetime64(since, "D"))
    return pd.DataFrame({"signed": iso(signed[at]), "kept_since": kept}, index=at)
