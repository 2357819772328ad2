"""QC-G13: a parcel lies outside of its issuer's group or village (地块超出发包方区域)."""

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._regions import issuer_region, of_issuers, outside
from geo.shapes import AREA_DECIMALS


@rule(
    "QC-G13",
    category="quality",
    severity="medium",
    subject="parcel",
    echoes="OV-06",
    requires=("parcel.code", "boundary.code"),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    outside_m2=1.0,
    outside_share=0.01,
    title=("地块超出发包方区域", "Parcel outside its issuer's region"),
    zh="{a}有 {outside_m2:.2f} 平方米（{outside_percent:.1f}%）在发包方所在区域 {region} 之外",
    en="{outside_m2:.2f} m² ({outside_percent:.1f} %) of {a} lie outside {region}, the region of its issuer",
)
def outside_region(parcels: pd.DataFrame, p: Thresholds, boundary: pd.DataFrame) -> pd.DataFrame:
    """More than a square metre and one per cent of a parcel lies outside the group or village whose code it bears.

    The group counts where it was delivered, else the village; parcels of neither are not judged. It asks whether the
    delivery agrees with itself; whose ground was taken, OV-06 tells of the same parcel.
    """
    regions = of_issuers(boundary)
    table = outside(parcels, issuer_region(parcels["code"], set(regions.index)), regions)
    least = np.maximum(p.outside_m2, (table["area_m2"] * p.outside_share).round(AREA_DECIMALS))
    table = table[table["outside_m2"] > least]
    percent = (table["outside_m2"] / table["area_m2"] * 100).round(4)
    return table.drop(columns=["area_m2", "firm_m2"]).assign(outside_percent=percent)
