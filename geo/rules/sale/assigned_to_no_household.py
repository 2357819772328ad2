"""ZM-02: a contract right was assigned to somebody who is no household."""

import numpy as np
import pandas as pd

from geo.codes import label
from geo.rules import NotRun, Thresholds, rule
from geo.rules._deals import ASSIGNMENT, deals

_HOUSEHOLD, _FAMILY_FARM = "1", "2"


@rule(
    "ZM-02",
    category="sale",
    severity="high",
    subject=("transfer", "right_change"),
    requires=("transfer.transferee_code|transferee_kind", "transfer.method|kind", "right_change.kind"),
    basis=("RLCL-34",),
    since="2003-03-01",
    title=("转让给非农户", "Assigned to no household"),
    zh="{a}把承包经营权转让给{taker_zh}，未见受让方是农户",
    en="{a} assigns a contract right to {taker_en}; that this is a farming household was not seen",
)
def assigned_to_no_household(
    rows: pd.DataFrame,
    p: Thresholds,
    layer: str,
    transfer: pd.DataFrame | None = None,
    right_change: pd.DataFrame | None = None,
    transfer_parcel: pd.DataFrame | None = None,
    contractor: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A contract right was assigned to a person or body that the register, or the paper, knows as no household.

    Medium where the two disagree, and for a family farm, which a household may run.
    """
    acts = deals(ASSIGNMENT, layer, transfer, right_change, transfer_parcel)
    registered, stated = _registered(acts["to_code"], contractor), acts["transferee_kind"]
    if len(acts) and registered.isna().all() and stated.isna().all():
        raise NotRun("没有任何一份转让写明受让方是农户、个人还是单位", "no assignment says what its transferee is")
    by_register = (registered != _HOUSEHOLD).fillna(False)
    is_household = (registered == _HOUSEHOLD).fillna(False)
    runs_farm = (stated == _FAMILY_FARM).fillna(False)
    fires = by_register | ((stated != _HOUSEHOLD).fillna(False) & ~(runs_farm & is_household))
    weak = ~by_register & (is_household | runs_farm)
    known, written = registered[fires], stated[fires]
    taker = [
        ("CBFLX", kind) if by else ("SRFLX", other)
        for kind, other, by in zip(known, written, by_register[fires], strict=True)
    ]
    return pd.DataFrame(
        {
            "severity": np.where(weak[fires], "medium", "high"),
            "registered_kind": known.astype(object).where(known.notna(), None),
            "stated_kind": written.astype(object).where(written.notna(), None),
            "taker_zh": [label(name, kind) for name, kind in taker],
            "taker_en": [label(name, kind, "en") for name, kind in taker],
            "acted_on": acts.loc[fires, "acted_on"],
        },
        index=acts.index[fires],
    )


def _registered(codes: pd.Series, contractor: pd.DataFrame | None) -> pd.Series:
    """What the register of contractors says each party is; null where it does not know them."""
    if contractor is None or "kind" not in contractor.columns:
        return pd.Series(pd.NA, index=codes.index, dtype="string")
    known = contractor.dropna(subset=["code"]).drop_duplicates("code")
    return codes.map(known.set_index("code")["kind"]).astype("string").str.strip().replace("", pd.NA)
