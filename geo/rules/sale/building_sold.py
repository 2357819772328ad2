"""ZM-09: a building on a parcel belongs to somebody from outside of its household and its collective."""

import numpy as np
import pandas as pd

from geo.codes import issuers_of
from geo.rules import Thresholds, rule
from geo.rules._deals import issuers_of_parties
from geo.rules._reading import texts

_YES, _NO = "1", "2"


@rule(
    "ZM-09",
    category="sale",
    severity="high",
    subject="parcel",
    against="building",
    minus="approval",
    requires=("building.owner_code",),
    better_with=("building.is_bought",),
    basis=("BAN-2020-127-7", "LAL-62"),
    since="2020-07-29",
    min_area_m2=10.0,
    title=("承包地上的房屋疑似出售给外人", "Building on a parcel sold to an outsider"),
    zh="{b}有 {shared_m2:.2f} 平方米在{a}上，未见批准；所有人属发包方 {owner_issuer}，不是本户或本集体（{bought_zh}）",
    en="{shared_m2:.2f} m² of {b} stand on {a} unapproved; its owner is of issuer {owner_issuer} ({bought_en})",
)
def building_sold(pairs: pd.DataFrame, p: Thresholds, parcel_right: pd.DataFrame | None = None) -> pd.DataFrame:
    """The owner of a building that no approval covers is neither the holder of the parcel nor of the same collective.

    Not where the survey says that it was not bought; an owner without a household's code is unknown.
    """
    owner = texts(pairs, "b_owner_code")
    of_owner, home = issuers_of_parties(owner), issuers_of(pairs["a_code"])
    outside = (of_owner != home).fillna(False).astype(bool) & ~_held(pairs, owner, parcel_right)
    bought = texts(pairs, "b_is_bought")
    fires = (pairs["firm_m2"] >= p.min_area_m2) & outside & ~bought.eq(_NO).fillna(False).astype(bool)
    at = pairs.index[fires]
    said = bought[at].eq(_YES).fillna(False).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "owner_issuer": of_owner[at].astype(object),
            "home_issuer": home[at].astype(object),
            "bought": np.where(said, "yes", "unknown"),
            "bought_zh": np.where(said, "调查称系买得", "未说明是否买得"),
            "bought_en": np.where(said, "said to be bought", "whether bought is not said"),
        },
        index=at,
    )


def _held(pairs: pd.DataFrame, owner: pd.Series, rights: pd.DataFrame | None) -> pd.Series:
    """Whether the owner of each building holds the parcel that it stands on."""
    if rights is None or not {"parcel_code", "contractor_code"} <= set(rights.columns):
        return pd.Series(False, index=pairs.index)
    held = set(zip(texts(rights, "parcel_code"), texts(rights, "contractor_code"), strict=True))
    return pd.Series([both in held for both in zip(pairs["a_code"], owner, strict=True)], index=pairs.index, dtype=bool)
