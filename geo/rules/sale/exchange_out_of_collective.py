"""ZM-04: contracted land was exchanged between collectives, or the exchange was not filed."""

import numpy as np
import pandas as pd

from geo.codes import issuers_of
from geo.rules import Thresholds, rule
from geo.rules._deals import EXCHANGE, deals, homes, issuers_of_parties
from geo.rules._reading import supplied

#: Since then the article on exchange itself asks for the filing.
_FILED_SINCE = np.datetime64("2019-01-01", "s")


@rule(
    "ZM-04",
    category="sale",
    severity="medium",
    subject=("transfer", "right_change"),
    requires=("transfer.method|kind", "right_change.kind"),
    better_with=("transfer.filed_on", "right_change.filed_on"),
    basis=("RLCL-33",),
    since="2003-03-01",
    title=("跨集体互换或互换未备案", "Exchange between collectives, or not filed"),
    zh="{a}互换承包地，{lacks_zh}",
    en="{a} exchanges contracted land: {lacks_en}",
)
def exchange_out_of_collective(
    rows: pd.DataFrame,
    p: Thresholds,
    layer: str,
    transfer: pd.DataFrame | None = None,
    right_change: pd.DataFrame | None = None,
    transfer_parcel: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Land of different issuers was exchanged (high where even the village differs), or no filing is on record.

    An exchange that is written down from both sides is judged once. Filings are asked for since 2019, and only where
    any are recorded.
    """
    acts = deals(EXCHANGE, layer, transfer, right_change, transfer_parcel)
    acts = acts.assign(side=_sides(acts))
    first = acts.sort_values(["parcel_code", "from_code"]).drop_duplicates("side").sort_index()
    filed = acts.groupby("side")["filed_on"].max().reindex(first["side"]).notna().to_numpy()
    others = issuers_of(first["other_parcel_code"]).fillna(issuers_of_parties(first["to_code"]))
    both = homes(first, transfer_parcel).merge(
        pd.DataFrame({"at": first.index, "other_issuer": others.to_numpy()}), on="at"
    )
    apart = both[(both["home_issuer"] != both["other_issuer"]).fillna(False)]
    apart = apart.assign(far=(apart["home_issuer"].str[:12] != apart["other_issuer"].str[:12]).astype(object))
    apart = apart.sort_values(["far", "home_issuer"], ascending=[False, True]).drop_duplicates("at").set_index("at")
    table = transfer if layer == "transfer" else right_change
    told = table is not None and supplied(table, "filed_on")
    late = (first["acted_on"].fillna(_FILED_SINCE) >= _FILED_SINCE).to_numpy()
    unfiled = pd.Series(~filed & late & told, index=first.index)
    return _told(first, apart, unfiled)


def _sides(acts: pd.DataFrame) -> pd.Series:
    """One name for both sides of an exchange: its two parcels, else its two parties and the day, in any order."""
    known = acts["parcel_code"].notna() & acts["other_parcel_code"].notna()
    one = acts["parcel_code"].where(known, acts["from_code"]).fillna("")
    other = acts["other_parcel_code"].where(known, acts["to_code"]).fillna("")
    both = one.where(one <= other, other) + "/" + other.where(one <= other, one)
    return both.where(known, both + "/" + acts["acted_on"].astype("string").fillna(""))


def _told(acts: pd.DataFrame, apart: pd.DataFrame, unfiled: pd.Series) -> pd.DataFrame:
    """What each exchange that fires is lacking, in words."""
    at = acts.index[acts.index.isin(apart.index) | unfiled]
    rows = apart.reindex(at)
    lacks = [
        (
            [f"土地分属发包方 {home} 和 {other}"] * known + ["未见向发包方备案"] * bare,
            [f"land of issuers {home} and {other}"] * known + ["no filing with the issuer was seen"] * bare,
        )
        for home, other, known, bare in zip(
            rows["home_issuer"], rows["other_issuer"], rows["home_issuer"].notna(), unfiled.loc[at], strict=True
        )
    ]
    return pd.DataFrame(
        {
            "severity": np.where(rows["far"].fillna(False).astype(bool), "high", "medium"),
            "home_issuer": rows["home_issuer"].astype(object).where(rows["home_issuer"].notna(), None),
            "other_issuer": rows["other_issuer"].astype(object).where(rows["other_issuer"].notna(), None),
            "filed": ~unfiled.loc[at].astype(bool),
            "lacks_zh": ["，".join(zh) for zh, _ in lacks],
            "lacks_en": [", ".join(en) for _, en in lacks],
            "acted_on": acts.loc[at, "acted_on"],
        },
        index=at,
    )
