"""OV-12: a contracted parcel lies on a plot that is registered for building."""

import pandas as pd

from geo.rules import Thresholds, rule

#: Codes of ZDLX: house-site, the collective's and the state's construction land.
_FOR_BUILDING = ("1", "2", "3")
#: A unit code names the land with its first 19 signs; what follows names a building on it.
_LAND = 19


def for_building(plots: pd.DataFrame) -> pd.Series:
    """Plots that are registered for building."""
    return plots["kind"].astype("string").isin(_FOR_BUILDING)


@rule(
    "OV-12",
    category="overlap",
    severity="high",
    subject="parcel",
    against="title_plot",
    only=for_building,
    requires=("title_plot.kind",),
    basis=("CC-216", "CC-217"),
    since="2021-01-01",
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("承包地与已登记宗地重叠", "Parcel on a registered plot"),
    zh="{a}与{b}重叠 {shared_m2:.2f} 平方米（{shared_mu} 亩），最宽 {width_m:.2f} 米",
    en="{a} and {b} share {shared_m2:.2f} m² ({shared_mu} mu), up to {width_m:.2f} m wide",
)
def on_registered_plot(pairs: pd.DataFrame, p: Thresholds, unit_code: pd.DataFrame | None = None) -> pd.Series:
    """A parcel shares ground with a house-site or construction plot on the register of real estate.

    A plot that bears the parcel's own unit code is the parcel itself.
    """
    own = _own_unit(pairs, unit_code)
    itself = (own.notna() & own.eq(pairs["b_code"].astype("string").str[:_LAND])).fillna(False)
    return (pairs["firm_m2"] >= p.min_area_m2) & ~itself.astype(bool)


def _own_unit(pairs: pd.DataFrame, unit_code: pd.DataFrame | None) -> pd.Series:
    """The land part of each parcel's own unit code, from the parcel, else from the table of unit codes."""
    told = pairs.reindex(columns=["a_unit_code"])["a_unit_code"].astype("string")
    if unit_code is not None and "unit_code" in unit_code.columns:
        known = unit_code.dropna(subset=["code"]).drop_duplicates("code").set_index("code")["unit_code"]
        told = told.fillna(pairs["a_code"].map(known).astype("string"))
    return told.str[:_LAND]
