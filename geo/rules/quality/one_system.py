"""QC-C01: a layer is delivered in degrees, or in another coordinate system than the parcels."""

import pandas as pd
from pyproj import CRS

from geo.rules import Thresholds, rule


@rule(
    "QC-C01",
    category="quality",
    severity="high",
    subject="file",
    requires=("file.crs",),
    basis=("YLT", "SSII"),
    since="2016-12-23",
    title=("坐标系不合要求或不一致", "Coordinate system in degrees, or not one for all"),
    zh="{a}的坐标系 {system} {why_zh}",
    en="the coordinate system {system} of {a} {why_en}",
)
def one_system(files: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A layer is in degrees and should be projected before it is checked, or is in another system than the parcels."""
    told = files[files["crs"].notna()]
    known = {system: CRS.from_user_input(system) for system in told["crs"].unique()}
    parcels = told.loc[told["layer"].eq("parcel"), "crs"] if "layer" in told.columns else told["crs"][:0]
    wanted = known[[*parcels, *told["crs"]][0]]
    rows = {}
    for row, system in told["crs"].items():
        said = system if len(system) < 40 else known[system].name
        if known[system].is_geographic:
            rows[row] = (
                said,
                "是经纬度，请转为投影坐标系后再检查",
                "is in degrees; please project it before it is checked",
            )
        elif not known[system].equals(wanted, ignore_axis_order=True):
            rows[row] = (said, f"与地块的坐标系（{wanted.name}）不同", f"is not that of the parcels ({wanted.name})")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["system", "why_zh", "why_en"])
