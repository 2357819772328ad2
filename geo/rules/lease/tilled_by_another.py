"""ZL-03: somebody else than the holder has farmed a parcel for more than a year, and no transfer says why."""

from datetime import date

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import dates, iso, texts
from geo.rules._transfers import links_of, tilled_by_right


@rule(
    "ZL-03",
    category="lease",
    severity="medium",
    subject="occupancy",
    requires=("occupancy.occupant_code", "occupancy.since_on", "parcel_right.contractor_code"),
    basis=("RLCL-40",),
    since="2003-03-01",
    min_days=365,
    title=("实际经营者与承包方不符且无流转合同", "Farmed by another without a transfer"),
    zh="{a}：地块 {parcel} 自 {since} 起由他人经营（{on} 时已 {days} 天），未见覆盖该日的流转合同",
    en="{a}: parcel {parcel} has been farmed by another since {since} ({days} d on {on}); no transfer covers that day",
    leaves_out=(
        "没有承包地块信息的地块、没有开始日期的记录不作判断",
        "parcels without a right on record, and records that do not say since when, are not judged",
    ),
)
def tilled_by_another(
    occupancies: pd.DataFrame,
    p: Thresholds,
    day: date,
    parcel_right: pd.DataFrame,
    transfer: pd.DataFrame,
    transfer_parcel: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Who farms a parcel is none of its holders, has done so for more than a year, and no transfer covers the day.

    The day is that of the survey, else that of judging. Up to a year somebody may till land for its holder.
    """
    seen = pd.DataFrame(
        {
            "parcel_code": texts(occupancies, "parcel_code"),
            "occupant_code": texts(occupancies, "occupant_code"),
            "since": dates(occupancies, "since_on"),
            "on": dates(occupancies, "surveyed_on").fillna(np.datetime64(day, "s")),
        }
    )
    seen["days"] = (seen["on"] - seen["since"]) // np.timedelta64(1, "D")
    seen = seen[(seen["days"] > p.min_days) & seen["occupant_code"].notna()]
    rights = parcel_right[["parcel_code", "contractor_code"]].dropna().drop_duplicates()
    held = (
        seen.reset_index(names="at").merge(rights, on="parcel_code").rename(columns={"contractor_code": "holder_code"})
    )
    own = held.loc[held["holder_code"] == held["occupant_code"], "at"]
    others = held[~held["at"].isin(own)]
    lawful = tilled_by_right(others, links_of(transfer_parcel, parcel_right), transfer)
    bare = seen.loc[seen.index.isin(others["at"]) & ~seen.index.isin(others.loc[lawful, "at"])]
    return pd.DataFrame(
        {
            "parcel": bare["parcel_code"].astype(object),
            "since": iso(bare["since"]),
            "on": iso(bare["on"]),
            "days": bare["days"].astype(int),
        }
    )
