"""ZM-01: a contract right was assigned to somebody of another collective."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._deals import ASSIGNMENT, deals, homes, issuers_of_parties


@rule(
    "ZM-01",
    category="sale",
    severity="medium",
    subject=("transfer", "right_change"),
    requires=("transfer.transferee_code", "transfer.method|kind", "right_change.to_code", "right_change.kind"),
    basis=("RLCL-34",),
    since="2019-01-01",
    title=("转让给外集体的人", "Assigned to an outsider"),
    zh="{a}把承包经营权转让给发包方 {transferee_issuer} 的承包方，而土地属于发包方 {home_issuer}",
    en="{a} assigns a contract right on land of issuer {home_issuer} to a contractor of issuer {transferee_issuer}",
)
def assigned_to_outsider(
    rows: pd.DataFrame,
    p: Thresholds,
    layer: str,
    transfer: pd.DataFrame | None = None,
    right_change: pd.DataFrame | None = None,
    transfer_parcel: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A contract right was assigned to a household of another issuer: high where even the village differs.

    The law asks for the same collective; the issuer in a code only stands for it. Old county codes count as today's.
    """
    acts = deals(ASSIGNMENT, layer, transfer, right_change, transfer_parcel)
    takers = pd.DataFrame({"at": acts.index, "transferee_issuer": issuers_of_parties(acts["to_code"]).to_numpy()})
    both = homes(acts, transfer_parcel).merge(takers, on="at")
    outside = both[(both["home_issuer"] != both["transferee_issuer"]).fillna(False)]
    far = outside["home_issuer"].str[:12] != outside["transferee_issuer"].str[:12]
    answer = outside.assign(severity=far.map({True: "high", False: "medium"}))
    # where a transfer has parcels of several issuers, the farthest counts
    answer = answer.sort_values(["severity", "home_issuer"]).drop_duplicates("at").set_index("at")
    return answer.assign(acted_on=acts["acted_on"].reindex(answer.index))
