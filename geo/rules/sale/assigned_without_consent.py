"""ZM-03: a contract right was assigned, and no consent of the issuer is on record."""

import pandas as pd

from geo.rules import NotRun, Thresholds, rule
from geo.rules._deals import ASSIGNMENT, deals
from geo.rules._reading import supplied

#: A paper whose name says so is taken for the issuer's consent.
_CONSENT = "同意|批准"


@rule(
    "ZM-03",
    category="sale",
    severity="high",
    subject=("transfer", "right_change"),
    requires=("transfer.method|kind", "right_change.kind"),
    basis=("RLCL-34",),
    since="2003-03-01",
    title=("转让未经发包方同意", "Assigned without the issuer's consent"),
    zh="{a}转让承包经营权，未见发包方同意的日期或材料",
    en="{a} assigns a contract right; neither a date nor a paper of the issuer's consent was seen",
)
def assigned_without_consent(
    rows: pd.DataFrame,
    p: Thresholds,
    layer: str,
    transfer: pd.DataFrame | None = None,
    right_change: pd.DataFrame | None = None,
    transfer_parcel: pd.DataFrame | None = None,
    title_document: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """An assignment bears no day of the issuer's consent, and no title document of either party is named for one.

    Not asked where neither consents nor title documents were delivered at all.
    """
    acts = deals(ASSIGNMENT, layer, transfer, right_change, transfer_parcel)
    dated = any(table is not None and supplied(table, "consented_on") for table in (transfer, right_change))
    if len(acts) and not dated and title_document is None:
        raise NotRun(
            "没有任何一份转让填写发包方同意日期，也没有权属来源资料",
            "no assignment bears a day of consent, and no title documents were given",
        )
    agreed = _agreed(title_document)
    seen = acts["consented_on"].notna() | acts["from_code"].isin(agreed) | acts["to_code"].isin(agreed)
    return pd.DataFrame({"acted_on": acts.loc[~seen, "acted_on"]})


def _agreed(documents: pd.DataFrame | None) -> set[str]:
    """The contractors with a title document that is named for a consent."""
    if documents is None or not {"name", "certificate_code"} <= set(documents.columns):
        return set()
    named = documents["name"].astype("string").str.contains(_CONSENT).fillna(False).to_numpy(dtype=bool)
    return set(documents.loc[named, "certificate_code"].astype("string").str[:18].dropna())
