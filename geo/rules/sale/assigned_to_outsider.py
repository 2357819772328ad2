"""ZM-01: a contract right was assigned to somebody of another collective."""

import pandas as pd

from geo.codes import issuers_of
from geo.rules import Thresholds, rule


@rule(
    "ZM-01",
    category="sale",
    severity="medium",
    subject="transfer",
    requires=("transfer.transferee_code", "transfer.method|kind"),
    basis=("RLCL-34",),
    since="2019-01-01",
    acted="signed_on",
    title=("转让给外集体的人", "Assigned to an outsider"),
    zh="{a}把承包经营权转让给发包方 {transferee_issuer} 的承包方，而土地属于发包方 {home_issuer}",
    en="{a} assigns a contract right on land of issuer {home_issuer} to a contractor of issuer {transferee_issuer}",
)
def assigned_to_outsider(
    transfers: pd.DataFrame, p: Thresholds, transfer_parcel: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A contract right was assigned to a household of another issuer: high where even the village differs.

    The law asks for the same collective; the issuer in a code only stands for it. Old county codes count as today's.
    """
    assigned = transfers.reindex(columns=["method", "kind"]).astype("string")
    sold = (assigned["method"].eq("200") | assigned["kind"].eq("4")).fillna(False)
    rows = transfers[sold.to_numpy(dtype=bool)]
    homes = _homes(rows, transfer_parcel).merge(
        pd.DataFrame({"at": rows.index, "transferee_issuer": issuers_of(rows["transferee_code"])}), on="at"
    )
    outside = homes[(homes["home_issuer"] != homes["transferee_issuer"]).fillna(False)]
    far = outside["home_issuer"].str[:12] != outside["transferee_issuer"].str[:12]
    answer = outside.assign(severity=far.map({True: "high", False: "medium"}))
    # where a transfer has parcels of several issuers, the farthest counts
    return answer.sort_values(["severity", "home_issuer"]).drop_duplicates("at").set_index("at")


def _homes(rows: pd.DataFrame, links: pd.DataFrame | None) -> pd.DataFrame:
    """The issuers of the parcels of each transfer; of the transferor where the parcels are not known."""
    transferor = rows.reindex(columns=["contractor_code", "contract_code", "code"])
    codes = transferor["contractor_code"].fillna(transferor["contract_code"]).fillna(transferor["code"])
    homes = pd.DataFrame({"at": rows.index, "code": rows["code"], "home_issuer": issuers_of(codes)})
    if links is None:
        return homes.drop(columns="code")
    parcels = homes[["at", "code"]].merge(links, left_on="code", right_on="transfer_code", suffixes=("", "_link"))
    known = pd.DataFrame({"at": parcels["at"], "home_issuer": issuers_of(parcels["parcel_code"])}).dropna()
    return pd.concat([known, homes.loc[~homes["at"].isin(known["at"]), ["at", "home_issuer"]]])
