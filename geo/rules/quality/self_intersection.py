"""QC-G02: a parcel's boundary crosses itself."""

import re

import pandas as pd
import shapely

from geo.rules import Thresholds, rule

#: GEOS says where: `Self-intersection[37601311.58 2417518.559]`.
_WHERE = re.compile(r"^(?:Ring )?Self-intersection\[(\S+) (\S+?)\]?$")


@rule(
    "QC-G02",
    category="quality",
    severity="high",
    subject="parcel",
    basis=("STD-2539",),
    since="2016-12-23",
    title=("界线自相交", "Boundary crosses itself"),
    zh="{a}的界线在 ({x:.2f}, {y:.2f}) 处自相交",
    en="the boundary of {a} crosses itself at ({x:.2f}, {y:.2f})",
)
def self_intersection(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A parcel's boundary crosses or touches itself, so that it is not clear what lies inside."""
    shapes = parcels["geometry"].to_numpy(dtype=object)
    bad = parcels["invalid"].to_numpy(dtype=bool)
    found = [_WHERE.match(text) for text in shapely.is_valid_reason(shapes[bad])]
    places = [shapely.Point(float(where[1]), float(where[2])) if where else None for where in found]
    rows = pd.DataFrame({"place": pd.Series(places, index=parcels.index[bad], dtype=object)})
    rows = rows[rows["place"].notna()]
    return rows.assign(x=[place.x for place in rows["place"]], y=[place.y for place in rows["place"]])
