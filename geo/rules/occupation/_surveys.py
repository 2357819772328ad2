"""What surveys of one ground say at two dates, and how grave construction of some size is."""

import numpy as np
import pandas as pd

from geo.codes import is_cultivated
from geo.rules import Laid, Thresholds

#: What rules on parcels never see: 200 m² is the smallest construction that the land survey maps (TD/T 1055).
BEYOND_PARCELS = (
    "不在任何地块之内的集体土地不在此查；地类图斑不测绘 200 平方米以下的建设用地，其他地类要更大才测绘",
    "collective land outside of all parcels is not looked at; land cover maps no construction below 200 m², and other "
    "classes only from more",
)
BEYOND_PATCHES = (
    "不在任何地块之内的集体土地不在此查；监测图斑一般不含 50 平方米以下的变化",
    "collective land outside of all parcels is not looked at; change patches hold no change below 50 m² as a rule",
)


def cultivated(landcover: pd.DataFrame) -> pd.Series:
    """Patches of cultivated land."""
    return pd.Series(is_cultivated(landcover["class_code"]), index=landcover.index)


def earlier(pairs: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Whether a survey shows an earlier day than the other side of the pair; where a day is not known, it does."""
    return ~(shown_on(before) >= shown_on(pairs, "b_"))


def the_year_before(pairs: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Whether a survey is of the year before that of the other side; of unknown years it is not."""
    return _year(pairs, "b_") - _year(before) == 1


#: What was cultivated before the other side of a pair was seen.
WAS_CULTIVATED = Laid("landcover_before", cultivated, earlier)
#: Ground that bears crops by law or by fact: one of these is enough.
FARMLAND: list[str | Laid] = ["basic_farmland", WAS_CULTIVATED, Laid("landcover", cultivated, earlier)]


def graded(firm_m2: pd.Series, p: Thresholds) -> pd.Series:
    """High from the area that surveys map regularly, medium from that of monthly checks, nothing below."""
    severity = np.where(firm_m2 >= p.high_area_m2, "high", "medium")
    return pd.Series(severity, index=firm_m2.index).where(firm_m2 >= p.min_area_m2, "")


def shown_on(rows: pd.DataFrame, prefix: str = "") -> pd.Series:
    """The day that a survey shows; the last of its year where only the year is known."""
    known = rows.reindex(columns=[f"{prefix}surveyed_on", f"{prefix}year"])
    last = _numbers(known[f"{prefix}year"]).map(lambda year: f"{year:04.0f}-12-31", na_action="ignore")
    return known[f"{prefix}surveyed_on"].astype("datetime64[s]").fillna(last.astype("datetime64[s]"))


def _year(rows: pd.DataFrame, prefix: str = "") -> pd.Series:
    """The year of a survey, else that of its day."""
    known = rows.reindex(columns=[f"{prefix}surveyed_on", f"{prefix}year"])
    return _numbers(known[f"{prefix}year"]).fillna(known[f"{prefix}surveyed_on"].astype("datetime64[s]").dt.year)


def _numbers(years: pd.Series) -> pd.Series:
    """Years as numbers; what can be none is not known."""
    numbers = pd.to_numeric(years, errors="coerce").astype(float)
    return numbers.where(numbers.between(1900, 2200))
