"""ZM-08: collective commercial construction land was sold or let outside the plan, unregistered or without consent."""

from typing import Final

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._collective import COMMERCIAL, CONSENT, lacking, of_resource, vote
from geo.rules._reading import Words, dates, either, supplied, texts, unjudged

#: Words of a planned use that is industry or commerce.
_BUSINESS = "工业|商业|商服|商务|仓储|物流|经营性"
_PLAN: Final = ("工业、商业等经营性规划用途", "a planned use of industry or commerce")
_REGISTER: Final = ("登记", "registration")
_PAPER: Final = ("书面合同", "a written contract")


@rule(
    "ZM-08",
    category="sale",
    severity="high",
    subject="collective_contract",
    requires=("collective_contract.resource", "collective_contract.planned_use|registered_on|agreed_count"),
    basis=("LAL-63", "LAL-82"),
    since="2020-01-01",
    acted="signed_on",
    min_share=2 / 3,
    title=("集体经营性建设用地入市条件不全", "Commercial construction land disposed of against conditions"),
    zh="{a}出让、出租集体经营性建设用地，未见{reasons_zh}{unjudged_zh}",
    en="{a} sells or lets collective commercial construction land without {reasons_en}{unjudged_en}",
)
def commercial_land_disposed(contracts: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """Commercial construction land of a collective is sold or let, and one of the four conditions is not on record.

    Planned for industry or commerce, registered, in writing (a day of signing), two thirds of members or
    representatives.
    """
    planned = texts(contracts, "planned_use").str.contains(_BUSINESS, regex=True).fillna(False).astype(bool)
    conditions: dict[Words, tuple[str, pd.Series]] = {
        _PLAN: ("planned_use", ~planned),
        _REGISTER: ("registered_on", dates(contracts, "registered_on").isna()),
        _PAPER: ("signed_on", dates(contracts, "signed_on").isna()),
    }
    absent = {words: mask for words, (name, mask) in conditions.items() if supplied(contracts, name)}
    absent |= lacking(contracts, p.min_share, CONSENT)
    land = of_resource(contracts, COMMERCIAL)
    found = either({words: mask & land for words, mask in absent.items()})
    planned_use = texts(contracts, "planned_use")[found.index].astype(object)
    evidence = vote(contracts.loc[found.index]).assign(planned_use=planned_use.where(planned_use.notna(), None))
    missing = [words for words in (*conditions, CONSENT) if words not in absent]
    return found.join(evidence.assign(**unjudged(missing)))
