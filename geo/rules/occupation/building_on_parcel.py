"""ZZ-05: a building stands on a parcel, and no approval covers it."""

import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "ZZ-05",
    category="occupation",
    severity="high",
    subject="parcel",
    against="building",
    minus="approval",
    basis=("BAN-2020-127-4", "LAL-78"),
    since="2020-07-29",
    min_area_m2=10.0,
    leaves_out=(
        "不在任何地块之内的集体土地上的建筑物不在此查；落在地块上不足 10 平方米的部分按测绘误差处理",
        "buildings on collective land outside of all parcels are not looked at; less than 10 m² on a parcel counts as "
        "an error of survey",
    ),
    title=("地块上有建筑物", "Building on a parcel"),
    zh="{b}有 {shared_m2:.2f} 平方米（{shared_mu} 亩）在{a}上，未见覆盖该处的批准",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {b} stand on {a} with no approval that covers them",
)
def building_on_parcel(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """A building stands on a parcel beyond what was approved at the date of the survey; each is judged alone."""
    return pairs["firm_m2"] >= p.min_area_m2
