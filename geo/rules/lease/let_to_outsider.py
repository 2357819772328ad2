"""ZL-10: a collective lets flexible or waste land to an outsider without the consent and approval that it takes."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._collective import (
    APPROVAL,
    CONSENT,
    FLEXIBLE,
    REPRESENTATIVES,
    WASTE,
    lacking,
    of_resource,
    vote,
)
from geo.rules._reading import dates, either, texts, unjudged

#: Parcels of flexible land and of other collective land (DKLB).
_NOT_CONTRACTED = ("22", "99")
#: What the law on collectives says of it.
_ON_COLLECTIVES = ["COLL-26", "COLL-27", "COLL-28"]
#: Since the law on collectives, representatives may not decide on contracting in the place of all members.
_NOT_DELEGATED_SINCE = np.datetime64("2025-05-01", "s")
_DELEGATED: Final = (
    "成员大会表决（2025-05-01 起承包事项不能由代表会议代行）",
    "a vote of all members (since 2025-05-01 representatives may not decide on contracting)",
)


@rule(
    "ZL-10",
    category="lease",
    severity="high",
    subject="collective_contract",
    requires=(
        "collective_contract.is_member",
        "collective_contract.agreed_count|approval_no|approved_on|assembly",
    ),
    basis=("RLCL-52",),
    since="2003-03-01",
    acted="signed_on",
    min_share=2 / 3,
    title=("集体土地未经同意发包给外人", "Collective land let to an outsider without consent"),
    zh="{a}把机动地、四荒地等集体土地交给本集体以外的人，未见{reasons_zh}{unjudged_zh}",
    en="{a} gives flexible or waste land to an outsider without {reasons_en}{unjudged_en}",
)
def let_to_outsider(
    contracts: pd.DataFrame, p: Thresholds, day: date, parcel: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Flexible, waste or other uncontracted land goes to somebody who is no member, and papers are not on record.

    It takes two thirds of the members or of their representatives, and the town's approval. For contracts signed since
    1 May 2025 (those without a day: today) a vote of representatives will not do; see the Collective Organisations
    Law, articles 26 to 28.
    """
    signed = dates(contracts, "signed_on").fillna(np.datetime64(day, "s"))
    land = of_resource(contracts, FLEXIBLE, WASTE)
    if parcel is not None and "category" in parcel.columns:
        open_land = parcel.loc[texts(parcel, "category").isin(_NOT_CONTRACTED).to_numpy(dtype=bool), "code"]
        land |= texts(contracts, "parcel_code").isin(open_land.dropna()).astype(bool)
    asked = land & texts(contracts, "is_member").eq("2").fillna(False).astype(bool)
    delegated = texts(contracts, "assembly").eq(REPRESENTATIVES).fillna(False) & (signed >= _NOT_DELEGATED_SINCE)
    absent = lacking(contracts, p.min_share, CONSENT, APPROVAL)
    found = either({paper: mask & asked for paper, mask in (absent | {_DELEGATED: delegated}).items()})
    evidence = vote(contracts.loc[found.index]).assign(
        **unjudged([paper for paper in (CONSENT, APPROVAL) if paper not in absent])
    )
    cited = [_ON_COLLECTIVES if by_few else [] for by_few in delegated[found.index]]
    return found.join(evidence).assign(cites=pd.Series(cited, index=found.index, dtype=object))
