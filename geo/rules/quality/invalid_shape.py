"""QC-G01: a parcel's shape is not a valid polygon."""

import pandas as pd
import shapely

from geo.rules import Thresholds, rule

#: What GEOS says is wrong, as a surveyor would say it.
_IN_CHINESE = {
    "Self-intersection": "界线自相交",
    "Ring Self-intersection": "界线在一点自相触",
    "Hole lies outside shell": "内环在外环之外",
    "Nested holes": "内环套内环",
    "Nested shells": "外环套外环",
    "Duplicate Rings": "环重复",
    "Interior is disconnected": "内部被界线隔断",
    "Too few points in geometry component": "点数不足",
    "Invalid Coordinate": "坐标无效",
}


@rule(
    "QC-G01",
    category="quality",
    severity="high",
    subject="parcel",
    basis=("STD-2539",),
    since="2016-12-23",
    title=("图形无效", "Invalid shape"),
    zh="{a}的图形无效（{why_zh}），判断时用的是修补后的副本",
    en="the shape of {a} is not valid ({why_en}); it is judged on a repaired copy",
)
def invalid_shape(parcels: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A parcel's shape breaks the rules of a polygon: it crosses itself, say, or a hole lies outside."""
    shapes = parcels["geometry"].to_numpy(dtype=object)
    bad = parcels["invalid"].to_numpy(dtype=bool)
    reasons = shapely.is_valid_reason(shapes[bad])
    why = pd.Series([text.partition("[")[0] for text in reasons], index=parcels.index[bad], dtype=object)
    return pd.DataFrame({"why_zh": why.map(_IN_CHINESE).fillna(why), "why_en": why})
