"""QC-M02: an area in mu is not that in square metres."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.fields import Field, fields
from geo.rules import EVERY, Thresholds, rule
from geo.rules.quality._stated import numbers, stated

#: Areas are compared as whole ten-thousandths of a square metre and hundredths of a mu: 1 mu = 2000/3 m².
_PARTS_M2, _PARTS_MU, _RATE = 10_000, 100, 15
#: Beyond this no area is one (m²), nor do whole parts fit into 64 bits.
_LARGEST_M2 = 1e12
_PLACES = 6
#: Totals of several parcels are sums of rounded areas.
_COUNTED = "parcel_count"


@rule(
    "QC-M02",
    category="quality",
    severity="high",
    subject=EVERY,
    basis=("SSII", "REC"),
    since="2016-12-23",
    tolerance_mu=0.01,
    each_parcel_mu=0.005,
    title=("亩与平方米不符", "Mu differ from square metres"),
    zh="{a}的亩数与平方米数不符：{fields_zh}",
    en="areas of {a} in mu are not those in square metres: {fields_en}",
)
def mu_of_area(rows: pd.DataFrame, p: Thresholds, layer: str) -> pd.DataFrame:
    """An area in mu differs from its square metres times 0.0015, rounded half up to two places.

    A total over several parcels may be off by half a hundredth for each of them, since its parts were rounded.
    """
    slack = pd.Series(p.tolerance_mu, index=rows.index)
    if _COUNTED in rows.columns:
        slack += (numbers(rows[_COUNTED]).fillna(1).clip(lower=1) - 1) * p.each_parcel_mu
    wrong: dict[Field, pd.Series] = {}
    for field in fields(layer):
        metric = field.name.removesuffix("_mu") + "_m2"
        if field.name.endswith("_mu") and {field.name, metric} <= set(rows.columns):
            told, area = numbers(rows[field.name]), numbers(rows[metric])
            sane = area.abs() < _LARGEST_M2
            off = (told - _in_mu(area.where(sane, 0.0).to_numpy())).abs().round(_PLACES)
            wrong[field] = sane & told.notna() & (off > slack.round(_PLACES))
    return stated(layer, rows, wrong)


def _in_mu(areas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Square metres in mu, half rounded up on decimal digits: whole numbers have no binary fractions to err by."""
    parts = np.rint(areas * _PARTS_M2).astype(np.int64)
    return (parts * _RATE + 500_000) // 1_000_000 / _PARTS_MU
