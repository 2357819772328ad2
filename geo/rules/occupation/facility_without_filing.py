"""ZZ-12: agricultural facilities stand on ground that was not filed for them, or on more than was filed."""

import numpy as np
import pandas as pd

from geo.pairs import on_the_ground
from geo.rules import Thresholds, rule
from geo.rules._approvals import FACILITIES, comparable, near, of_kind, valid_on
from geo.shapes import AREA_DECIMALS

#: Class of TD/T 1057 for agricultural facilities.
_FACILITIES = "1202"


def facilities(landcover: pd.DataFrame) -> pd.Series:
    """The patches of agricultural facilities."""
    return landcover["class_code"].astype("string").str.strip().str.startswith(_FACILITIES).fillna(False).astype(bool)


# A filing gives leave for some farmland and no more; a tenth above it is what people measure differently. 50 m² is the
# smallest patch of monthly checks: the yearly survey maps facilities from 200 m².
@rule(
    "ZZ-12",
    category="occupation",
    severity="medium",
    subject="parcel",
    against="landcover",
    only=facilities,
    union=True,
    minus="approval",
    requires=("landcover.class_code",),
    basis=("GDLAR-18",),
    since="2022-08-01",
    min_area_m2=10.0,
    unfiled_m2=50.0,
    excess_share=0.1,
    reach_m=1.0,
    min_width_m=0.5,
    title=("设施农用地未见备案或超备案", "Agricultural facilities beyond their filing"),
    zh="{a}上有 {shared_m2:.2f} 平方米（{shared_mu} 亩）设施农用地未见备案（相邻已备案 {filed_m2:.2f} 平方米）",
    en="{shared_m2:.2f} m² ({shared_mu} mu) of {a} are facilities with no filing; {filed_m2:.2f} m² beside are filed",
    leaves_out=(
        "超出备案的面积逐块承包地计算，不跨地块累加；没有交来备案图层的，按未见备案提示。",
        "What exceeds a filing is not added up across parcels; where no filings were delivered, none is seen.",
    ),
)
def facility_without_filing(
    pairs: pd.DataFrame, p: Thresholds, day: object, approval: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Agricultural facilities stand on a parcel unfiled, or on a tenth more than was filed beside them.

    What any approval in force at the survey covers is taken away first; the rest is held against the whole of the
    filings that touch it.
    """
    firm = pairs["firm_m2"]
    filed = pd.Series(_filed(pairs, p, approval, day), index=pairs.index)
    least = filed.mul(p.excess_share).round(AREA_DECIMALS).clip(lower=p.min_area_m2).where(filed > 0, p.unfiled_m2)
    return pd.DataFrame({"filed_m2": filed})[firm >= least]


def _filed(pairs: pd.DataFrame, p: Thresholds, approvals: pd.DataFrame | None, day: object) -> list[float]:
    """The area (m²) of the filings beside each cut."""
    if approvals is None or pairs.empty:
        return [0.0] * len(pairs)
    known = comparable(approvals[of_kind(approvals, FACILITIES) & valid_on(approvals, day)])
    areas = known["area_m2"].to_numpy(dtype=float)
    beside = near(on_the_ground(pairs), known["judged"].to_numpy(dtype=object), p.reach_m)
    return [round(float(np.sum(areas[some])), AREA_DECIMALS) for some in beside]
