"""QC-M01: the surveyed area on record is not that of the shape."""

import numpy as np
import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules.quality._stated import numbers
from geo.units import MU_PER_M2


# Tools of the trade keep areas in mu cut to two decimals, 6.67 m² below the shape at worst: 0.011 mu bears that.
@rule(
    "QC-M01",
    category="quality",
    severity="medium",
    subject="parcel",
    requires=("parcel.surveyed_m2",),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    tolerance_m2=0.05,
    tolerance_mu=0.011,
    high_share=0.01,
    title=("实测面积与图形不符", "Surveyed area is not the shape's"),
    zh="{a}登记的实测面积 {recorded_m2:.2f} 平方米，图形面积 {shape_m2:.2f} 平方米",
    en="{a} is recorded with {recorded_m2:.2f} m², its shape has {shape_m2:.2f} m²",
)
def surveyed_area(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """The surveyed area differs from the planar area of the shape; high where it is off by more than one per cent too.

    The area of the shape is that in the coordinates as delivered, where the office keeps them beside its own.
    """
    shape = parcels["area_m2"]
    if "delivered_m2" in parcels:
        shape = parcels["delivered_m2"].fillna(shape)
    table = pd.DataFrame({"recorded_m2": numbers(parcels["surveyed_m2"]), "shape_m2": shape.round(6)})
    table["difference_m2"] = (table["recorded_m2"] - table["shape_m2"]).abs().round(6)
    off = (table["difference_m2"] > p.tolerance_m2) & (
        (table["difference_m2"] * float(MU_PER_M2)).round(9) > p.tolerance_mu
    )
    wide = table["difference_m2"] > (table["shape_m2"] * p.high_share).round(6)
    return table.assign(severity=np.where(wide, "high", "medium"))[off]
