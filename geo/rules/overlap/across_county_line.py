"""OV-07: a parcel crosses the line of its county."""

import pandas as pd

from geo.rules import NotRun, Thresholds, rule
from geo.rules._regions import county, named, of_counties, outside, reached
from geo.shapes import SHARE_DECIMALS


@rule(
    "OV-07",
    category="overlap",
    severity="medium",
    subject="parcel",
    requires=("parcel.code", "boundary.code"),
    basis=("LAL-14", "STD-2539"),
    since="2019-01-01",
    outside_m2=1.0,
    min_width_m=0.05,
    title=("地块越出县界", "Parcel across the county line"),
    zh="{a}有 {outside_m2:.2f} 平方米在本县 {region} 界线之外，落入 {into_codes}",
    en="{outside_m2:.2f} m² of {a} lie beyond the line of its county {region}, in {into_codes}",
    leaves_out=("没有交来本县界线的地块不判断。", "Parcels whose own county was not delivered are not judged."),
)
def across_county_line(parcels: pd.DataFrame, p: Thresholds, boundary: pd.DataFrame) -> pd.DataFrame:
    """A square metre or more of a parcel lies outside of the county whose code it bears."""
    counties = of_counties(boundary)
    own = county(parcels["code"], set(counties.index))
    if len(parcels) and own.isna().all():
        raise NotRun("没有交来这些地块所在县的界线", "the county of these parcels was not delivered")
    table = outside(parcels, own, counties, p.min_width_m)
    table = table[table["firm_m2"] >= p.outside_m2]
    into = reached(table["cut"].to_numpy(dtype=object), counties)
    return table.drop(columns="area_m2").assign(
        into=into,
        into_codes=named(into),
        shared_m2=table["outside_m2"],
        share_a=(table["outside_m2"] / table["area_m2"]).round(SHARE_DECIMALS),
    )
