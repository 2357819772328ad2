"""Which one of the overlap rules a pair of parcels falls under: geometry and codes decide, contractors never."""

import numpy as np
import pandas as pd

from geo.codes import PARCEL, has_shape, issuers_of

#: Two parcels that share so much of each other are one parcel twice; of one side only, one inside the other.
NEARLY_ALL = 0.95


def kind(pairs: pd.DataFrame) -> pd.Series:
    """Name the rule for every pair of parcels: OV-08, else OV-03, OV-04, OV-02 or OV-01, in this order."""
    smaller = pairs[["share_a", "share_b"]].min(axis=1)
    larger = pairs[["share_a", "share_b"]].max(axis=1)
    names = np.select(
        [
            _contracted(pairs, "a") != _contracted(pairs, "b"),
            smaller >= NEARLY_ALL,
            larger >= NEARLY_ALL,
            _issuers_differ(pairs),
        ],
        ["OV-08", "OV-03", "OV-04", "OV-02"],
        "OV-01",
    )
    return pd.Series(names, index=pairs.index)


def _contracted(pairs: pd.DataFrame, side: str) -> pd.Series:
    """Whether one side is contracted land; a parcel without a category counts as contracted."""
    column = f"{side}_category"
    if column not in pairs:
        return pd.Series(True, index=pairs.index)
    return pairs[column].fillna("10").eq("10")


def _issuers_differ(pairs: pd.DataFrame) -> pd.Series:
    """Whether both issuers are known by the parcel codes, and differ once old county codes are resolved."""
    a, b = (issuers_of(pairs[f"{side}_code"].where(has_shape(pairs[f"{side}_code"], PARCEL))) for side in "ab")
    return (a.notna() & b.notna() & a.ne(b)).fillna(False).astype(bool)
