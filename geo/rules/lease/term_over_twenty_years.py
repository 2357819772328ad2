"""ZL-14: a lease runs for more than twenty years."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._collective import LEASE
from geo.rules._reading import dates, iso, texts, years_after
from geo.rules._transfers import FOR_GOOD, are_leases


@rule(
    "ZL-14",
    category="lease",
    severity="low",
    subject=("transfer", "collective_contract"),
    requires=(
        *("transfer.term_from", "transfer.term_to"),
        *("collective_contract.term_from", "collective_contract.term_to"),
    ),
    basis=("CC-705",),
    since="1999-10-01",
    acted="signed_on",
    max_years=20,
    title=("租期超过二十年", "Lease of more than twenty years"),
    zh="{a}的期限从 {begins} 到 {ends}，超过 {years} 年；租赁合同超过部分是否有效，请核查（提示）",
    en="{a} runs from {begins} to {ends}, longer than {years} years; whether the excess is valid is to be looked into",
)
def term_over_twenty_years(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """A transfer that is no assignment or exchange, or a collective's lease, is longer than what a lease may be.

    The Civil Code has the limit, and had it from the Contract Law of 1999. Whether it holds for management rights is
    debated: this is a hint.
    """
    begins, ends = dates(rows, "term_from"), dates(rows, "term_to").clip(upper=pd.Timestamp(FOR_GOOD))
    lease = are_leases(rows) if layer == "transfer" else texts(rows, "deal").eq(LEASE).fillna(False).astype(bool)
    at = rows.index[lease & (ends > years_after(begins, p.max_years))]
    return pd.DataFrame({"begins": iso(begins[at]), "ends": iso(ends[at]), "years": int(p.max_years)}, index=at)
