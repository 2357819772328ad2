"""How the price of a transfer is paid: all at once, ahead of the land's use, or year by year."""

import pandas as pd

from geo.rules._reading import amounts, dates, texts
from geo.rules._transfers import spans

#: Words of a price that is paid once.
_ONCE = r"一次性|一次付清|一次结清|一次交清|一次缴清"
#: Payments (KXLX) of compensation and pensions are no part of a price.
_OTHERS = ("3", "4")


def paid_in_advance(transfer: pd.DataFrame, payment: pd.DataFrame | None, days: float) -> pd.Series:
    """The share of each price that is paid within so many days of the beginning; null where nothing tells.

    As the contract states it (a share, or a percentage), else by what was paid, else by its words.
    """
    stated = amounts(transfer, "upfront_share")
    stated = stated.where(stated <= 1, stated / 100)
    once = texts(transfer, "price_text").str.contains(_ONCE).fillna(False).astype(bool)
    by_words = pd.Series(1.0, index=transfer.index).where(once)
    return stated.fillna(_by_payments(transfer, payment, days)).fillna(by_words)


def _by_payments(transfer: pd.DataFrame, payment: pd.DataFrame | None, days: float) -> pd.Series:
    """What was paid in time, against the price or, where that is not known, against all that fell due."""
    if payment is None or payment.empty:
        return pd.Series(float("nan"), index=transfer.index)
    terms = spans(transfer)[["transfer_code", "begins"]].assign(at=transfer.index)
    table = pd.DataFrame(
        {
            "transfer_code": texts(payment, "contract_code"),
            "paid_on": dates(payment, "paid_on"),
            "paid": amounts(payment, "paid_yuan"),
            "due": amounts(payment, "due_yuan"),
        }
    )[~texts(payment, "kind").isin(_OTHERS).to_numpy(dtype=bool)]
    met = terms.merge(table.dropna(subset=["transfer_code"]), on="transfer_code")
    early = met["paid_on"] <= met["begins"] + pd.Timedelta(days=days)
    paid = met["paid"].where(early, 0.0).groupby(met["at"]).sum()
    due = met["due"].groupby(met["at"]).sum(min_count=1)
    price = amounts(transfer, "price_yuan").fillna(due.reindex(transfer.index))
    return (paid.reindex(transfer.index) / price.where(price > 0)).round(9)
