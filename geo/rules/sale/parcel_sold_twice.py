"""ZM-10: one holder gave the same parcel to two people for the same time."""

from typing import Any

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._transfers import on_parcels, running


@rule(
    "ZM-10",
    category="sale",
    severity="high",
    subject="transfer_parcel",
    by="parcel",
    requires=("transfer.transferee_code", "transfer.contractor_code"),
    basis=("RLCL-37",),
    since="2019-01-01",
    max_ratio=1.01,
    title=("一地多转", "One parcel, several transferees"),
    zh="{a}自 {since} 起同时流转给 {transferees} 个受让方（{transfers}）",
    en="from {since} {a} is transferred to {transferees} parties at once ({transfers})",
)
def parcel_sold_twice(
    links: pd.DataFrame, p: Thresholds, transfer: pd.DataFrame, parcel_right: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Two transfers of a parcel by one transferor to different people run at the same time.

    Not where all the areas are known and fit side by side within the confirmed area and one per cent.
    """
    spans = running(on_parcels(links, transfer))
    spans = spans[spans.duplicated(["parcel_code", "contractor_code"], keep=False)]
    confirmed = _confirmed(parcel_right, spans["parcel_code"])
    found: dict[str, dict[str, Any]] = {}
    for (parcel, contractor), group in spans.groupby(["parcel_code", "contractor_code"]):
        limit = confirmed.get((parcel, contractor), confirmed.get((parcel, ""), float("nan"))) * p.max_ratio
        clash = _first_clash(group, limit)
        if clash is not None:
            found.setdefault(parcel, clash)
    columns = ["since", "transferees", "transfers", "claimed_m2"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns)


def _first_clash(spans: pd.DataFrame, limit_m2: float) -> dict[str, Any] | None:
    """The first day on which different people hold more than fits, or an amount that nobody wrote down."""
    for day in sorted(spans["begins"].unique()):
        now = spans[(spans["begins"] <= day) & (day < spans["ends"])]
        claimed = now["area_m2"].sum(skipna=False)
        if now["transferee_code"].nunique() > 1 and not claimed <= limit_m2 + 1e-6:
            return {
                "since": str(day)[:10],
                "transferees": int(now["transferee_code"].nunique()),
                "transfers": "、".join(sorted(now["transfer_code"].unique())),
                "claimed_m2": None if pd.isna(claimed) else round(float(claimed), 2),
            }
    return None


def _confirmed(rights: pd.DataFrame | None, parcels: pd.Series) -> dict[tuple[str, str], float]:
    """Confirmed area of each holder in each of the parcels, and of the whole parcel under an empty holder."""
    if rights is None or "confirmed_m2" not in rights or "contractor_code" not in rights:
        return {}
    known = rights[rights["parcel_code"].isin(parcels)].dropna(subset=["confirmed_m2"])
    whole = known.groupby("parcel_code")["confirmed_m2"].sum()
    areas = {(str(parcel), ""): float(area) for parcel, area in whole.items()}
    own = known.groupby(["parcel_code", "contractor_code"])["confirmed_m2"].sum()
    return areas | {(str(parcel), str(holder)): float(area) for (parcel, holder), area in own.items()}
