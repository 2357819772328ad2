"""ZL-11: the certificate was cancelled, or the land expropriated, and the transfer still runs."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from geo.rules import NotRun, Thresholds, rule
from geo.rules._reading import dates, day_of, either, iso, no_days, texts
from geo.rules._transfers import are_leases, links_of, spans

_CANCELLED: Final = ("承包经营权证已注销", "the certificate was cancelled")
_TAKEN: Final = ("地块已被征收", "a parcel was expropriated")


@rule(
    "ZL-11",
    category="lease",
    severity="medium",
    subject="transfer",
    requires=("transfer.term_to",),
    basis=("RLCL-17", "RLCL-40"),
    since="2003-03-01",
    title=("权利已消灭仍在流转", "Transfer runs on after the right has gone"),
    zh="{a}到 {transfer_ends} 止，{reasons_zh}（{gone_on}），合同未见终止",
    en="{a} runs to {transfer_ends}, though {reasons_en} ({gone_on})",
    leaves_out=(
        "征收以权属变更表中带征地批文的地块为准；图形与征收范围的重叠由 OV-11 判断",
        "expropriated are parcels whose change of rights names the approval; ground under an expropriation is OV-11's",
    ),
)
def right_gone(
    transfers: pd.DataFrame,
    p: Thresholds,
    day: date,
    parcel_right: pd.DataFrame | None = None,
    transfer_parcel: pd.DataFrame | None = None,
    certificate: pd.DataFrame | None = None,
    certificate_cancelled: pd.DataFrame | None = None,
    right_change: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A running transfer stands on a certificate that was cancelled and not issued again, or on expropriated land."""
    if certificate_cancelled is None and right_change is None:
        raise NotRun(
            "没有提供权证注销（CBJYQZ_QZZX）或权属变更（QSBG）",
            "neither cancelled certificates nor changes of rights were given",
        )
    terms, today = spans(transfers), np.datetime64(day, "s")
    runs = are_leases(transfers) & (terms["begins"] <= today) & (today < terms["ends"])
    links = links_of(transfer_parcel, parcel_right)
    cancelled = _of_certificates(transfers, links, parcel_right, _gone(certificate_cancelled, certificate))
    taken = _first_of(transfers, links, _taken(right_change))
    found = either({_CANCELLED: runs & (cancelled <= today), _TAKEN: runs & (taken <= today)})
    at = found.index
    first = pd.concat([cancelled[at], taken[at]], axis=1).min(axis=1)
    return found.assign(transfer_ends=iso(terms.loc[at, "ends"]), gone_on=iso(first))


def _gone(cancelled: pd.DataFrame | None, issued: pd.DataFrame | None) -> pd.Series:
    """The day on which each certificate was cancelled for the last time, if it was not issued again later."""
    if cancelled is None:
        return no_days()
    last = dates(cancelled, "cancelled_on").groupby(texts(cancelled, "certificate_code")).max().dropna()
    if issued is None:
        return last
    again = dates(issued, "issued_on").groupby(texts(issued, "code")).max().reindex(last.index)
    return last[~(again > last)]


def _taken(changes: pd.DataFrame | None) -> pd.Series:
    """The day on which each parcel was expropriated, where its change of rights names the approval."""
    if changes is None:
        return no_days()
    named = texts(changes, "expropriation_no").notna()
    return dates(changes, "changed_on")[named].groupby(texts(changes, "parcel_code")[named]).min().dropna()


def _first_of(transfers: pd.DataFrame, links: pd.DataFrame, days: pd.Series) -> pd.Series:
    """The first of these days of parcels among the parcels of each transfer."""
    of_link = day_of(links["parcel_code"], days)
    first = of_link.groupby(links["transfer_code"]).min()
    return day_of(texts(transfers, "code"), first)


def _of_certificates(
    transfers: pd.DataFrame, links: pd.DataFrame, rights: pd.DataFrame | None, gone: pd.Series
) -> pd.Series:
    """The day on which the certificate behind each transfer went: that of its holder's parcels, else of its contract.

    A certificate mostly bears the number of its contract.
    """
    contract = texts(transfers, "contract_code")
    own = day_of(contract, gone)
    if rights is None or not {"parcel_code", "contractor_code", "certificate_code"} <= set(rights.columns):
        return own
    holders = transfers[["code", "contractor_code"]] if "contractor_code" in transfers.columns else None
    if holders is None:
        return own
    held = links[["transfer_code", "parcel_code"]].merge(holders, left_on="transfer_code", right_on="code")
    held = held.merge(
        rights[["parcel_code", "contractor_code", "certificate_code"]], on=["parcel_code", "contractor_code"]
    )
    first = day_of(held["certificate_code"], gone).groupby(held["transfer_code"]).min()
    return own.fillna(day_of(texts(transfers, "code"), first))
