"""QY-07: compensation or pensions for an expropriation are due and not paid."""

from datetime import date

import numpy as np
import pandas as pd

from geo.reserved import figure, ledger
from geo.rules import Thresholds, rule

_SUMS = {"compensation": ("征地补偿", "compensation"), "pension": ("社保", "pensions")}


@rule(
    "QY-07",
    category="rights",
    severity="high",
    subject="expropriation",
    requires=("expropriation.compensation_due_yuan|pension_due_yuan",),
    basis=("LAL-47", "RLCL-17"),
    since="2003-03-01",
    overdue_days=0,
    min_yuan=1.0,
    title=("征地补偿、社保未付清", "Compensation or pensions unpaid"),
    zh="{a}的{what_zh}已到应付日期，尚差 {left_yuan:.2f} 元未见支付",
    en="{a}: {what_en} were due, and {left_yuan:.2f} yuan of them are not seen paid",
)
def compensation_unpaid(
    rows: pd.DataFrame, p: Thresholds, day: date, payment: pd.DataFrame | None = None
) -> pd.DataFrame:
    """What was due to people for an expropriation by its day is more than what was paid; no day counts as due."""
    told = ledger(rows, payment=payment).drop_duplicates("code").set_index("code")
    own = told.reindex(rows["code"]).set_index(rows.index)
    missing = {}
    for name in _SUMS:
        due, paid = (figure(own[f"{name}_{what}_yuan"]) for what in ("due", "paid"))
        since = pd.to_datetime(own[f"{name}_due_on"].astype(object), errors="coerce").to_numpy(dtype="datetime64[s]")
        days = (np.datetime64(day, "s") - since) / np.timedelta64(1, "D")
        short = (due - paid.fillna(0.0)).round(2)
        missing[name] = short.where(short.ge(p.min_yuan) & (np.isnan(days) | (days > p.overdue_days)), 0.0).fillna(0.0)
    table = pd.DataFrame(missing)
    found = table[table.sum(axis=1) > 0]
    return pd.DataFrame(
        {
            "left_yuan": found.sum(axis=1).round(2),
            "compensation_left_yuan": found["compensation"],
            "pension_left_yuan": found["pension"],
            "what_zh": ["、".join(_SUMS[n][0] for n in _SUMS if row[n] > 0) for _, row in found.iterrows()],
            "what_en": [" and ".join(_SUMS[n][1] for n in _SUMS if row[n] > 0) for _, row in found.iterrows()],
        },
        index=found.index,
    )
