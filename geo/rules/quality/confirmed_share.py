"""QC-M03: the confirmed area of a right is far from the surveyed area of its parcel."""

import numpy as np
import pandas as pd

from geo.fields import fields
from geo.rules import Thresholds, rule
from geo.rules.quality._stated import numbers, stated, words

_YES = "1"
_PLACES = 9


@rule(
    "QC-M03",
    category="quality",
    severity="low",
    subject="parcel_right",
    requires=("parcel_right.confirmed_m2", "parcel_right.surveyed_m2"),
    basis=("REC",),
    since="2016-12-23",
    low_share=0.1,
    medium_share=0.3,
    title=("确权面积与实测面积相差较大", "Confirmed area far from surveyed"),
    zh="{a}的确权面积 {confirmed_m2:.2f} 平方米，与实测面积 {surveyed_m2:.2f} 平方米相差 {percent:.0f}%",
    en="{a} confirms {confirmed_m2:.2f} m², {percent:.0f} % off the surveyed {surveyed_m2:.2f} m²",
)
def confirmed_share(rights: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The confirmed area is more than a tenth off the surveyed one (low), or more than three tenths (medium).

    Households that hold a share without a place of its own confirm their share only, and are not asked.
    """
    confirmed, surveyed = numbers(rights["confirmed_m2"]), numbers(rights["surveyed_m2"])
    off = ((confirmed - surveyed).abs() / surveyed.where(surveyed > 0)).round(_PLACES)
    if "is_share" in rights.columns:
        off = off.where(~words(rights["is_share"]).eq(_YES).fillna(False))
    field = next(field for field in fields("parcel_right") if field.name == "confirmed_m2")
    rows = stated("parcel_right", rights, {field: off > p.low_share})
    at = rows.index
    severity = np.where(off.loc[at] > p.medium_share, "medium", "low")
    return rows.assign(
        severity=severity, confirmed_m2=confirmed.loc[at], surveyed_m2=surveyed.loc[at], percent=off.loc[at] * 100
    )
