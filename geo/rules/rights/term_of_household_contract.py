"""QY-02: a household contract on cultivated land does not run for thirty years."""

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._households import are_elsewhere, are_household
from geo.rules._reading import dates, iso, texts, years_after
from geo.rules._transfers import FOR_GOOD

#: What is left of the second round, which ends in 2027 or 2028 nearly everywhere.
_SECOND_ROUND_OVER = np.datetime64("2030-01-01", "s")


@rule(
    "QY-02",
    category="rights",
    severity="low",
    subject="contract",
    requires=("contract.term_from", "contract.term_to"),
    basis=("RLCL-21",),
    since="2003-03-01",
    acted="signed_on",
    years=30,
    residual_years=26,
    tolerance_years=1,
    title=("耕地承包期不是三十年", "Household contract not of thirty years"),
    zh="{a}从 {begins} 到 {ends}，约 {term_years} 年，不是耕地家庭承包的 {years} 年",
    en="{a} runs from {begins} to {ends}, about {term_years} years; household contracts on cultivated land run {years}",
)
def term_of_household_contract(
    contracts: pd.DataFrame,
    p: Thresholds,
    parcel: pd.DataFrame | None = None,
    parcel_right: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The term of a household contract is not thirty years, within a year; what is left of the second round is right.

    Not asked of contracts for good (9999), nor of those all of whose parcels are known to be no cultivated land.
    """
    begins, ends = dates(contracts, "term_from"), dates(contracts, "term_to")
    asked = are_household(contracts) & (begins < ends) & (ends < FOR_GOOD)
    asked &= ~_elsewhere(contracts, parcel, parcel_right)
    residual = _runs(begins, ends, p.residual_years, p.tolerance_years) & (ends < _SECOND_ROUND_OVER)
    at = contracts.index[asked & ~residual & ~_runs(begins, ends, p.years, p.tolerance_years)]
    length = (ends[at] - begins[at]) / pd.Timedelta(days=365.2425)
    return pd.DataFrame(
        {"begins": iso(begins[at]), "ends": iso(ends[at]), "term_years": length.round(1), "years": int(p.years)},
        index=at,
    )


def _runs(begins: pd.Series, ends: pd.Series, years: float, tolerance: float) -> pd.Series:
    """Whether a term is so long, within the tolerance; its last day may be the day before or the same day."""
    last = ends + pd.Timedelta(days=1)
    return (last >= years_after(begins, years - tolerance)) & (ends <= years_after(begins, years + tolerance))


def _elsewhere(contracts: pd.DataFrame, parcel: pd.DataFrame | None, rights: pd.DataFrame | None) -> pd.Series:
    """Which contracts are known to hold no cultivated land at all."""
    if parcel is None or rights is None or not {"contract_code", "parcel_code"} <= set(rights.columns):
        return pd.Series(False, index=contracts.index)
    other = pd.Series(are_elsewhere(parcel), index=parcel["code"]).groupby(level=0).all()
    known = pd.DataFrame({"contract": texts(rights, "contract_code"), "other": rights["parcel_code"].map(other)})
    known = known.dropna(subset=["contract"])
    nothing = known["other"].fillna(False).astype(bool).groupby(known["contract"]).all()
    return contracts["code"].map(nothing).fillna(False).astype(bool)
