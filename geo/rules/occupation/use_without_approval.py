"""ZZ-16: a parcel is on the books as put to use that is no farming, and no approval covers it."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.rules import Thresholds, rule
from geo.rules._approvals import comparable, valid_on
from geo.shapes import AREA_DECIMALS

#: Code of TDYT for use that is no farming.
_NOT_FARMING = "5"


# A twentieth is what the overlap rules take for the same ground drawn twice.
@rule(
    "ZZ-16",
    category="occupation",
    severity="high",
    subject="parcel",
    requires=("parcel.purpose",),
    basis=("RLCL-11", "RLCL-18", "RLCL-38"),
    since="2003-03-01",
    covered_share=0.95,
    title=("登记用途为非农而未见批准", "Non-agricultural use without approval"),
    zh="{a}登记用途为非农业，{bare_m2:.2f} 平方米未见覆盖的批准（已批准 {covered_m2:.2f} 平方米）",
    en="{a} is on the books as not farmed; no approval covers {bare_m2:.2f} m² of it ({covered_m2:.2f} m² have one)",
    leaves_out=(
        "流转合同写明非农用途的，由 ZL-06 提示。",
        "Use that is no farming under a transfer is told by ZL-06.",
    ),
)
def use_without_approval(
    parcels: pd.DataFrame, p: Thresholds, day: object, approval: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A parcel's purpose says that it is not farmed, and approvals in force cover less than nearly all of it."""
    purpose = parcels["purpose"].astype("string").str.strip().eq(_NOT_FARMING).fillna(False)
    table = comparable(parcels[purpose.to_numpy(dtype=bool)])
    covered = _covered(table, approval, day)
    bare = np.round(table["area_m2"].to_numpy(dtype=float) - covered, AREA_DECIMALS)
    said = pd.DataFrame({"bare_m2": bare, "covered_m2": covered}, index=table.index)
    return said[covered < np.round(table["area_m2"].to_numpy(dtype=float) * p.covered_share, AREA_DECIMALS)]


def _covered(parcels: pd.DataFrame, approvals: pd.DataFrame | None, day: object) -> NDArray[np.float64]:
    """Ground (m²) of each parcel under approvals that are in force on a day."""
    if approvals is None or approvals.empty or parcels.empty:
        return np.zeros(len(parcels))
    known = comparable(approvals[valid_on(approvals, day)])
    ground = shapely.union_all(known["judged"].to_numpy(dtype=object))
    area = shapely.area(shapely.intersection(parcels["judged"].to_numpy(dtype=object), ground))
    return np.asarray(np.round(area, AREA_DECIMALS), dtype=float)
