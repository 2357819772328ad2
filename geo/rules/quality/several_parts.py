"""QC-G03: one parcel code stands for several separate pieces."""

import numpy as np
import pandas as pd
import shapely

from geo.rules import Thresholds, rule


@rule(
    "QC-G03",
    category="quality",
    severity="high",
    subject="parcel",
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    max_parts=1,
    title=("地块由多块组成", "Parcel in several pieces"),
    zh="{a}由互不相连的 {parts} 块组成",
    en="{a} consists of {parts} separate pieces",
)
def several_parts(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A parcel consists of more than one piece; each piece should have its own code."""
    parts = np.maximum(shapely.get_num_geometries(parcels["geometry"].to_numpy(dtype=object)), 0)
    table = pd.DataFrame({"parts": parts}, index=parcels.index)
    return table[table["parts"] > p.max_parts]
