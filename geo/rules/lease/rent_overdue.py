"""ZL-17: rent of a collective's resource was due and has not come in."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import amounts, dates, iso, texts

#: Rent and price (KXLX).
_PRICES = ("1", "2")


@rule(
    "ZL-17",
    category="lease",
    severity="low",
    subject="payment",
    requires=(
        *("payment.due_on", "payment.due_yuan", "payment.paid_yuan|paid_on", "payment.contract_code"),
        "collective_contract.code",
    ),
    basis=("REC",),
    since="2003-03-01",
    min_short_yuan=0.01,
    grave_days=365,
    title=("集体资源租金逾期未收", "Rent of a collective's resource overdue"),
    zh="{a}（资源合同 {contract}）应于 {due} 收 {due_yuan:.2f} 元，未见收到其中 {short_yuan:.2f} 元，已逾期 {days} 天",
    en="{a} (contract {contract}): of {due_yuan:.2f} yuan due on {due}, {short_yuan:.2f} are not on record ({days} d)",
)
def rent_overdue(payments: pd.DataFrame, p: Thresholds, day: date, collective_contract: pd.DataFrame) -> pd.DataFrame:
    """Less than was due under a collective's contract is on record as received, and the day is over.

    Medium once it is more than a year late. A payment that has a day and no amount counts as paid in full. A row that
    says nothing of what is due is a part of what the same contract owes by the same day.
    """
    contract, kind = texts(payments, "contract_code"), texts(payments, "kind")
    due, due_on = amounts(payments, "due_yuan"), dates(payments, "due_on")
    paid = amounts(payments, "paid_yuan").where(
        lambda known: known.notna(), due.where(dates(payments, "paid_on").notna(), 0.0)
    )
    asked = contract.isin(texts(collective_contract, "code").dropna()) & (kind.isna() | kind.isin(_PRICES))
    table = pd.DataFrame({"code": texts(payments, "code"), "contract": contract, "due_on": due_on})
    further = _in_parts(table.assign(due=due, paid=paid)[asked]).reindex(payments.index)
    short = (due - paid - further).round(2)
    late = (np.datetime64(day, "s") - due_on) // np.timedelta64(1, "D")
    at = payments.index[(asked & (late > 0) & (short >= p.min_short_yuan)).to_numpy(dtype=bool)]
    return pd.DataFrame(
        {
            "severity": np.where(late[at] > p.grave_days, "medium", "low"),
            "contract": contract[at].astype(object),
            "due": iso(due_on[at]),
            "due_yuan": due[at],
            "short_yuan": short[at],
            "days": late[at].astype(int),
        },
        index=at,
    )


def _in_parts(rows: pd.DataFrame) -> pd.Series:
    """What rows without a sum that is due paid of each row that has one, of the same contract and day."""
    keys = ["contract", "due_on"]
    parts = rows[rows["due"].isna()].groupby(keys)["paid"].sum().rename("part")
    open_ = rows.dropna(subset=["due"]).sort_values("code").join(parts, on=keys)
    short = (open_["due"] - open_["paid"]).clip(lower=0.0)
    # where several are due on one day, the parts go to the first of them
    before = short.groupby([open_[key] for key in keys]).cumsum() - short
    further = (open_["part"].fillna(0.0) - before).clip(lower=0.0)
    return further.where(further < short, short).reindex(rows.index).fillna(0.0)
