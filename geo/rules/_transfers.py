"""Which transfer lies on which parcel, from when to when, over how much ground."""

import numpy as np
import pandas as pd

#: Contracts run "for good" (长久) to 9999-01-01; a transfer without an end does too.
FOR_GOOD = np.datetime64("9999-01-01", "s")
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
