"""ZL-02: a transfer begins before the contract it stands on, or ends before it begins."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import dates, day_of, either, iso, no_days


@rule(
    "ZL-02",
    category="lease",
    severity="medium",
    subject="transfer",
    requires=("transfer.term_from",),
    basis=("RLCL-40",),
    since="2003-03-01",
    acted="signed_on",
    title=("流转期限起止有误", "Term of a transfer out of order"),
    zh="{a}的期限（{transfer_begins} 至 {transfer_ends}）{reasons_zh}",
    en="the term of {a} ({transfer_begins} to {transfer_ends}) {reasons_en}",
)
def starts_before_contract(
    transfers: pd.DataFrame, p: Thresholds, contract: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A transfer begins before its contract, and before every contract that one extends; or not before its own end."""
    begins, ends = dates(transfers, "term_from"), dates(transfers, "term_to")
    first = _begins(transfers, contract)
    found = either(
        {
            ("起止颠倒", "does not begin before it ends"): begins >= ends,
            ("早于所依据的承包合同", "begins before the contract it stands on"): begins < first,
        }
    )
    at = found.index
    return found.assign(transfer_begins=iso(begins[at]), transfer_ends=iso(ends[at]), contract_begins=iso(first[at]))


def _begins(transfers: pd.DataFrame, contract: pd.DataFrame | None) -> pd.Series:
    """The day on which the contract of each transfer began, or the earliest of those that it extends."""
    if contract is None or "contract_code" not in transfers.columns:
        return no_days(transfers.index)
    begins = dates(contract, "term_from")
    first = begins.groupby(contract["code"]).min().dropna()
    if "predecessor_code" in contract.columns:
        chain = contract[contract["predecessor_code"].isin(first.index)]
        earlier = True
        while earlier:
            carried = chain["predecessor_code"].map(first).groupby(chain["code"]).min().reindex(first.index)
            earlier = bool((carried < first).any())
            first = first.mask(carried < first, carried)
    return day_of(transfers["contract_code"], first)
