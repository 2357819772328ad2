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

    Medium once it is more than a year late. A payment that has a day and no amount counts as paid in full.
    """
    contract, kind = texts(payments, "contract_code"), texts(payments, "kind")
    due, due_on = amounts(payments, "due_yuan"), dates(payments, "due_on")
    paid = amounts(payments, "paid_yuan").where(
        lambda known: known.notna(), due.where(dates(payments, "paid_on").notna(), 0.0)
    )
    asked = contract.isin(texts(collective_contract, "code").dropna()) & (kind.isna() | kind.isin(_PRICES))
    short = (due - paid).round(2)
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
