"""OV-06: part of a parcel lies beyond its own group or village, on ground that may be another collective's."""

import numpy as np
import pandas as pd

from geo.rules import NotRun, Thresholds, rule
from geo.rules._regions import county, issuer_region, named, of_counties, of_issuers, outside, reached
from geo.shapes import AREA_DECIMALS, SHARE_DECIMALS


# A parcel's region is that of its code (NY/T 2539, tables A.4 and A.5). One per cent is the error that the survey
# standard grants an area; strips below 0.05 m come from boundaries that were digitised twice.
@rule(
    "OV-06",
    category="overlap",
    severity="medium",
    subject="parcel",
    requires=("parcel.code", "boundary.code"),
    basis=("LAL-14", "STD-2539"),
    since="2019-01-01",
    outside_m2=1.0,
    outside_share=0.01,
    min_width_m=0.05,
    title=("地块越出本村组界线", "Parcel beyond its own region"),
    zh="{a}有 {outside_m2:.2f} 平方米（{outside_percent:.1f}%）越出本发包方区域 {region}，落入 {into_codes}",
    en="{outside_m2:.2f} m² ({outside_percent:.1f} %) of {a} reach beyond {region}, its own region, into {into_codes}",
    leaves_out=(
        "越出县界的部分由 OV-07 提示；两个区域界线自相重叠时不判定谁对。",
        "What lies beyond the county line is told by OV-07; where regions overlap, nobody is said to be right.",
    ),
)
def beyond_own_region(parcels: pd.DataFrame, p: Thresholds, boundary: pd.DataFrame) -> pd.DataFrame:
    """A square metre and one per cent of a parcel, or more, lie beyond the group or village whose code it bears.

    The group counts where it was delivered, else the village; parcels of neither are not judged. Whose region the
    ground falls into is told where it was delivered.
    """
    regions, counties = of_issuers(boundary), of_counties(boundary)
    own = issuer_region(parcels["code"], set(regions.index))
    if len(parcels) and own.isna().all():
        raise NotRun("没有交来这些地块所在村、组的界线", "the groups and villages of these parcels were not delivered")
    abroad = outside(parcels, county(parcels["code"], set(counties.index)), counties)
    table = outside(parcels, own, regions, p.min_width_m)
    # a parcel that crosses the county line crosses those of its village and its group too
    home = (table["firm_m2"] - abroad["outside_m2"].reindex(table.index).fillna(0.0)).round(AREA_DECIMALS)
    table = table[home >= np.maximum(p.outside_m2, (table["area_m2"] * p.outside_share).round(AREA_DECIMALS))]
    into = [
        [one for one in some if not str(own).startswith(str(one["code"]))]
        for own, some in zip(table["region"], reached(table["cut"].to_numpy(dtype=object), regions), strict=True)
    ]
    share = (table["outside_m2"] / table["area_m2"]).round(SHARE_DECIMALS)
    return table.drop(columns="area_m2").assign(
        outside_percent=(share * 100).round(4),
        into=into,
        into_codes=named(into),
        shared_m2=table["outside_m2"],
        share_a=share,
    )
