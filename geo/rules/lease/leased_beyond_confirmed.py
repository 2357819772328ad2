"""ZL-09: more land is transferred at one time than was confirmed."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._transfers import on_parcels, peak, spans


@rule(
    "ZL-09",
    category="lease",
    severity="high",
    subject="transfer",
    by="parcel",
    requires=("transfer.contractor_code", "parcel_right.contractor_code", "parcel_right.confirmed_m2"),
    basis=("RLCL-37",),
    since="2019-01-01",
    max_ratio=1.01,
    title=("流转面积超过确权面积", "More transferred than confirmed"),
    zh="{a}同一时间流转出 {transferred_m2:.2f} 平方米，确权面积为 {confirmed_m2:.2f} 平方米",
    en="{a}: {transferred_m2:.2f} m² are transferred at one time, {confirmed_m2:.2f} m² are confirmed",
)
def leased_beyond_confirmed(
    transfers: pd.DataFrame, p: Thresholds, parcel_right: pd.DataFrame, transfer_parcel: pd.DataFrame | None = None
) -> pd.DataFrame:
    """On some day the active transfers of a parcel add up to more than its holder's confirmed area and one per cent.

    Where the parcels' shares are not written down, a contractor's totals are compared: a weaker sign.
    """
    rights = parcel_right.dropna(subset=["confirmed_m2"])
    links = None if transfer_parcel is None else on_parcels(transfer_parcel, transfers)
    exact = _beyond(_of_parcels(links, rights), p.max_ratio).assign(severity="high")
    totals = _beyond(_of_contractors(spans(transfers), links, rights), p.max_ratio).assign(severity="medium")
    exact = exact.sort_values("transferred_m2", ascending=False).groupby(level="parcel_code").head(1)
    exact.index = exact.index.get_level_values("parcel_code")
    totals.index = "contractor:" + totals.index.astype(str)
    return pd.concat([exact, totals])


def _of_parcels(links: pd.DataFrame | None, rights: pd.DataFrame) -> pd.DataFrame:
    """What each holder has of each parcel, and the most that runs at one time."""
    by = ["parcel_code", "contractor_code"]
    confirmed = rights.groupby(by)["confirmed_m2"].sum()
    most = confirmed.iloc[:0] if links is None else peak(links.dropna(subset=["area_m2"]), by)
    return pd.DataFrame({"transferred_m2": most}).join(confirmed.rename("confirmed_m2"), how="inner")


def _of_contractors(whole: pd.DataFrame, links: pd.DataFrame | None, rights: pd.DataFrame) -> pd.DataFrame:
    """The same for contractors with a transfer whose parcels' shares are not known; land taken in may be passed on."""
    if links is not None:
        unknown = ~whole["transfer_code"].isin(links["transfer_code"])
        unknown |= whole["transfer_code"].isin(links.loc[links["area_m2"].isna(), "transfer_code"])
        whole = whole.assign(unknown=unknown)
    else:
        whole = whole.assign(unknown=True)
    vague = whole[whole["contractor_code"].isin(whole.loc[whole["unknown"], "contractor_code"])]
    own = rights.groupby("contractor_code")["confirmed_m2"].sum()
    taken_in = whole.groupby("transferee_code")["area_m2"].sum().reindex(own.index).fillna(0.0)
    most = peak(vague.dropna(subset=["area_m2"]), ["contractor_code"])
    return pd.DataFrame({"transferred_m2": most}).join((own + taken_in).rename("confirmed_m2"), how="inner")


def _beyond(table: pd.DataFrame, max_ratio: float) -> pd.DataFrame:
    """The rows in which more runs than was confirmed."""
    return table[table["transferred_m2"] > (table["confirmed_m2"] * max_ratio).round(6)]
