"""Which transfer lies on which parcel, from when to when, over how much ground."""

import numpy as np
import pandas as pd

from geo.rules._reading import texts, years_after

#: Contracts run "for good" (长久) to 9999-01-01; a transfer without an end does too.
FOR_GOOD = np.datetime64("9999-01-01", "s")
#: Ways (CBFS) and kinds (LZLX) in which the contract right itself changes hands for good: assignment and exchange.
_FOR_GOOD_WAYS, _FOR_GOOD_KINDS = ("200", "300"), ("4", "5")
_PARTIES = ["transfer_code", "contractor_code", "transferee_code"]


def spans(transfer: pd.DataFrame) -> pd.DataFrame:
    """One row for each transfer: transfer_code, both parties, area_m2, begins (else the day of signing), ends."""
    table = transfer.rename(columns={"code": "transfer_code"}).reindex(
        columns=[*_PARTIES, "area_m2", "term_from", "term_to", "signed_on"]
    )
    begins, ends, signed = (table[name].astype("datetime64[s]") for name in ("term_from", "term_to", "signed_on"))
    return table[_PARTIES].assign(
        area_m2=pd.to_numeric(table["area_m2"]), begins=begins.fillna(signed), ends=ends.fillna(FOR_GOOD)
    )


def on_parcels(transfer_parcel: pd.DataFrame, transfer: pd.DataFrame) -> pd.DataFrame:
    """One row for each parcel of a transfer: as `spans`, with parcel_code.

    What the link does not say is taken from the transfer: its term, and its area where it has one parcel only.
    """
    links = transfer_parcel.reindex(columns=["transfer_code", "parcel_code", "area_m2", "term_from", "term_to"])
    links = links.drop_duplicates(ignore_index=True)
    alone = ~links["transfer_code"].duplicated(keep=False)
    both = links.assign(alone=alone).merge(spans(transfer), on="transfer_code", suffixes=("", "_whole"))
    whole = both["area_m2_whole"].where(both["alone"])
    return both[[*_PARTIES, "parcel_code"]].assign(
        area_m2=pd.to_numeric(both["area_m2"]).fillna(whole),
        begins=both["term_from"].astype("datetime64[s]").fillna(both["begins"]),
        ends=both["term_to"].astype("datetime64[s]").fillna(both["ends"]),
    )


def running(table: pd.DataFrame) -> pd.DataFrame:
    """Those spans that run at all: one without a beginning, or of no length, never does."""
    return table[table["begins"] < table["ends"]]


def peak(table: pd.DataFrame, by: list[str]) -> pd.Series:
    """The largest area (m²) that runs on one day, for each group.

    The last day of a term is no longer part of it, so that one transfer may begin where another ends.
    """
    kept = running(table)
    begin = kept[[*by, "area_m2"]].assign(day=kept["begins"])
    end = kept[[*by, "area_m2"]].assign(day=kept["ends"], area_m2=-kept["area_m2"])
    changes = pd.concat([begin, end]).groupby([*by, "day"])["area_m2"].sum()
    levels = changes.groupby(level=by).cumsum()
    return levels.groupby(level=by).max().round(6)


def last_days(contract: pd.DataFrame) -> pd.Series:
    """The day to which each contract runs, its extensions and their extensions included, by contract code."""
    ends = contract["term_to"].astype("datetime64[s]").clip(upper=pd.Timestamp(FOR_GOOD))
    last = ends.groupby(contract["code"]).max()
    if "predecessor_code" not in contract:
        return last
    chain = contract[contract["predecessor_code"].isin(last.index)]
    while True:
        carried = chain["code"].map(last).groupby(chain["predecessor_code"]).max().reindex(last.index)
        longer = carried > last
        if not longer.any():
            return last
        last = last.mask(longer, carried)


def are_leases(transfer: pd.DataFrame) -> pd.Series:
    """Which transfers give the land away for a time only: all but assignments and exchanges."""
    for_good = texts(transfer, "method").isin(_FOR_GOOD_WAYS) | texts(transfer, "kind").isin(_FOR_GOOD_KINDS)
    return ~for_good.astype(bool)


def are_brief_caretaking(transfer: pd.DataFrame, years: float) -> pd.Series:
    """Which transfers only let somebody till the land for its holder, for so many years at most."""
    terms = spans(transfer)
    brief = terms["ends"] <= years_after(terms["begins"], years)
    return texts(transfer, "is_caretaking").eq("1").fillna(False).astype(bool) & brief


def links_of(transfer_parcel: pd.DataFrame | None, parcel_right: pd.DataFrame | None) -> pd.DataFrame:
    """Which transfer lies on which parcel, by the table of links and by the last transfer that each right names."""
    columns = ["transfer_code", "parcel_code", "area_m2", "term_from", "term_to"]
    named = [] if transfer_parcel is None else [transfer_parcel.reindex(columns=columns)]
    if parcel_right is not None and "transfer_code" in parcel_right.columns:
        named.append(parcel_right.reindex(columns=columns[:2]))
    known = [table.dropna(subset=columns[:2]) for table in named]
    filled = [table for table in known if len(table)]
    links = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns, dtype=object)
    return links.reindex(columns=columns).drop_duplicates(columns[:2], ignore_index=True)


def tilled_by_right(seen: pd.DataFrame, links: pd.DataFrame, transfer: pd.DataFrame) -> pd.Series:
    """Which people seen on a parcel (parcel_code, occupant_code, on) have a transfer of it that covers the day.

    The last day of a term counts. A transfer whose parcels are not on record may be of any parcel of its transferor;
    `holder_code` tells who that would be.
    """
    known = running(on_parcels(links, transfer))[["parcel_code", "transferee_code", "begins", "ends"]]
    vague = running(spans(transfer[~transfer["code"].isin(links["transfer_code"])]))
    rows = seen.assign(at=seen.index)
    by_parcel = rows.merge(known, left_on=["parcel_code", "occupant_code"], right_on=["parcel_code", "transferee_code"])
    by_holder = rows.merge(
        vague, left_on=["holder_code", "occupant_code"], right_on=["contractor_code", "transferee_code"]
    )
    covered = pd.concat([table.loc[_covers(table), "at"] for table in (by_parcel, by_holder)])
    return pd.Series(seen.index.isin(covered), index=seen.index)


def _covers(table: pd.DataFrame) -> pd.Series:
    """Whether a span holds the day `on`."""
    return (table["begins"] <= table["on"]) & (table["on"] <= table["ends"])
