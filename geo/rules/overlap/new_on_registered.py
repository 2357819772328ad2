"""OV-05: a delivered parcel claims ground of a parcel that came earlier and that it does not replace."""

import pandas as pd

from geo.rules import Thresholds, rule


@rule(
    "OV-05",
    category="overlap",
    severity="high",
    subject="parcel",
    against="parcel",
    basis=("RLCL-22",),
    since="2019-01-01",
    echo=True,
    requires=("parcel.delivery",),
    min_area_m2=1.0,
    min_width_m=0.05,
    title=("新交地块压占已登记地块", "New parcel on a registered one"),
    zh="先后两次交来的{a}与{b}重叠 {shared_m2:.2f} 平方米（{shared_mu} 亩），后交的一方没有列明原地块代码",
    en="{a} and {b} came in two deliveries and share {shared_m2:.2f} m² ({shared_mu} mu); no predecessor is named",
)
def new_on_registered(pairs: pd.DataFrame, p: Thresholds) -> pd.Series:
    """A parcel shares ground with one of an earlier delivery that it does not name as its predecessor."""
    firm = pairs["firm_m2"] >= p.min_area_m2
    return firm & pairs["a_delivery"].ne(pairs["b_delivery"]) & ~_replaced(pairs)


def _replaced(pairs: pd.DataFrame) -> pd.Series:
    """Whether the later side names the earlier one among its predecessors (codes joined by `/`)."""
    if "a_predecessors" not in pairs:
        return pd.Series(False, index=pairs.index)
    later_is_a = pairs["a_delivery"] > pairs["b_delivery"]
    by_a, by_b = (pairs[f"{side}_predecessors"].astype("string").fillna("") for side in "ab")
    named = by_a.where(later_is_a, by_b)
    earlier = pairs["b_code"].where(later_is_a, pairs["a_code"]).astype(str)
    return pd.Series([old in new.split("/") for old, new in zip(earlier, named, strict=True)], index=pairs.index)
