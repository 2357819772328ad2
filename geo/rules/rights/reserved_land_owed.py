"""QY-06: reserved land is still owed to a collective."""

from datetime import date

import numpy as np
import pandas as pd

from geo.reserved import ledger
from geo.rules import Thresholds, rule
from geo.units import mu


@rule(
    "QY-06",
    category="rights",
    severity="medium",
    subject=("expropriation", "reserved"),
    requires=("expropriation.quota_m2|taken_m2", "reserved.quota_m2"),
    basis=("GDRL-2009",),
    since="2009-01-01",
    overdue_days=365,
    min_area_m2=1.0,
    title=("留用地欠账", "Reserved land still owed"),
    zh="{a}核定留用地 {owed_m2:.2f} 平方米，已落实 {granted_m2:.2f} 平方米，尚欠 {left_m2:.2f} 平方米（{left_mu} 亩）",
    en="{a}: of {owed_m2:.2f} m² of reserved land {granted_m2:.2f} are granted, {left_m2:.2f} m² ({left_mu} mu) left",
)
def reserved_land_owed(
    rows: pd.DataFrame,
    p: Thresholds,
    day: date,
    expropriation: pd.DataFrame | None = None,
    reserved: pd.DataFrame | None = None,
    reserved_grant: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Less was granted in land, money and property than was fixed, and a year has gone by since the expropriation.

    Where no day is known it counts as long ago. A piece of reserved land is asked by itself where no expropriation on
    record claims it.
    """
    told = ledger(expropriation, reserved, reserved_grant).drop_duplicates("code").set_index("code")
    own = told.reindex(rows["code"]).set_index(rows.index)
    since = pd.to_datetime(own["implemented_on"].fillna(own["approved_on"]).astype(object), errors="coerce")
    days = (np.datetime64(day, "s") - since.to_numpy(dtype="datetime64[s]")) / np.timedelta64(1, "D")
    late = np.isnan(days) | (days >= p.overdue_days)
    fires = own["left_m2"].ge(p.min_area_m2) & late
    found = own.loc[fires, ["owed_m2", "land_m2", "money_m2", "property_m2", "granted_m2", "left_m2"]]
    return found.astype(float).assign(left_mu=[str(mu(area)) for area in found["left_m2"]])
