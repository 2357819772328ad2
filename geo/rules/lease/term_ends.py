"""ZL-16: a transfer ends soon, or has ended while the land is still farmed under it."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import dates, day_of, iso, no_days, texts
from geo.rules._transfers import are_leases, links_of, on_parcels, running, spans, tilled_by_right


@rule(
    "ZL-16",
    category="lease",
    severity="low",
    subject="transfer",
    requires=("transfer.term_to",),
    basis=("RLCL-40",),
    since="2003-03-01",
    remind_days=180,
    title=("流转到期", "Transfer ends"),
    zh="{a}的期限到 {ends} 止：{state_zh}",
    en="the term of {a} ends on {ends}: {state_en}",
    leaves_out=("转让、互换不在此判断", "assignments and exchanges are not judged here"),
)
def term_ends(
    transfers: pd.DataFrame,
    p: Thresholds,
    day: date,
    transfer_parcel: pd.DataFrame | None = None,
    parcel_right: pd.DataFrame | None = None,
    occupancy: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A transfer ends within some days (a reminder), or was over and its transferee still seen on its land (a clue).

    Neither where a later transfer to the same transferee follows it.
    """
    links = links_of(transfer_parcel, parcel_right)
    terms, today = spans(transfers), np.datetime64(day, "s")
    left = (terms["ends"] - today) // np.timedelta64(1, "D")
    asked = are_leases(transfers) & (terms["begins"] < terms["ends"])
    soon = asked & (left >= 0) & (left <= p.remind_days)
    soon &= ~_followed(transfers[soon], transfers, links).reindex(soon.index, fill_value=False)
    seen = _still_seen(transfers[asked & (left < 0)], transfers, links, occupancy)
    told = pd.concat(
        [
            pd.DataFrame({"severity": "low", "days": left[soon].astype(int), "seen_on": None}),
            pd.DataFrame({"severity": "medium", "days": left[seen.index].astype(int), "seen_on": iso(seen)}),
        ]
    )
    days, on = told["days"], told["seen_on"]
    return told.assign(
        ends=iso(terms.loc[told.index, "ends"]),
        state_zh=[
            f"还有 {n} 天到期（提示）" if m is None else f"已到期，{m} 仍见受让方经营，未见新合同"
            for n, m in zip(days, on, strict=True)
        ],
        state_en=[
            f"{n} d are left (a reminder)" if m is None else f"on {m} its transferee was still there, no new transfer"
            for n, m in zip(days, on, strict=True)
        ],
    )


def _followed(some: pd.DataFrame, transfers: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """Which transfers have a later one to the same transferee, of every parcel of theirs, or by the same transferor."""
    keys = ["parcel_code", "transferee_code"]
    known = running(on_parcels(links, transfers))
    last = known.groupby(keys)["ends"].max().rename("last")
    here = known[known["transfer_code"].isin(some["code"])].join(last, on=keys)
    by_parcel = (here["last"] > here["ends"]).groupby(here["transfer_code"]).all()
    whole = running(spans(transfers[~transfers["code"].isin(links["transfer_code"])]))
    pair = ["contractor_code", "transferee_code"]
    vague = whole[whole["transfer_code"].isin(some["code"])].join(
        whole.groupby(pair)["ends"].max().rename("last"), on=pair
    )
    by_pair = pd.Series((vague["last"] > vague["ends"]).to_numpy(), index=vague["transfer_code"])
    followed = pd.concat([by_parcel, by_pair]).groupby(level=0).any()
    return some["code"].map(followed).fillna(False).astype(bool)


def _still_seen(
    over: pd.DataFrame, transfers: pd.DataFrame, links: pd.DataFrame, occupancy: pd.DataFrame | None
) -> pd.Series:
    """The last day on which the transferee of a transfer that was over by then was seen on its land, by its place."""
    if occupancy is None or over.empty:
        return no_days()
    seen = pd.DataFrame(
        {
            "parcel_code": texts(occupancy, "parcel_code"),
            "occupant_code": texts(occupancy, "occupant_code"),
            "on": dates(occupancy, "surveyed_on"),
        }
    ).dropna()
    ended = on_parcels(links[links["transfer_code"].isin(over["code"])], over)
    met = ended.merge(seen, left_on=["parcel_code", "transferee_code"], right_on=["parcel_code", "occupant_code"])
    met = met[met["on"] > met["ends"]].rename(columns={"contractor_code": "holder_code"}).reset_index(drop=True)
    rows = met[["parcel_code", "occupant_code", "holder_code", "on"]]
    bare = met[~tilled_by_right(rows, links, transfers)]
    last = bare.groupby("transfer_code")["on"].max()
    return day_of(over["code"], last).dropna()
