"""Household contracts and cultivated land, as their codes tell."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes import is_cultivated
from geo.rules._reading import texts

_HOUSEHOLD = ("100", "110")


def are_household(contracts: pd.DataFrame) -> pd.Series:
    """Which contracts are with households: by the way of contracting, else by the letter of the code."""
    method, code = texts(contracts, "method"), texts(contracts, "code")
    by_letter = ~code.str.endswith("Q").fillna(False).astype(bool)
    return method.isin(_HOUSEHOLD).astype(bool).where(method.notna(), by_letter).astype(bool)


def are_elsewhere(parcels: pd.DataFrame) -> NDArray[np.bool_]:
    """Which parcels are known to be no cultivated land; the class of 2007 has three digits, that of 2017 four."""
    use = texts(parcels, "land_use")
    four = use.where(use.str.len() != 3, use.str[:2] + "0" + use.str[2:])
    return np.asarray(use.notna(), dtype=np.bool_) & ~is_cultivated(four)
