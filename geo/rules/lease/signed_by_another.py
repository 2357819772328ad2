"""ZL-12: somebody else than the holder signed a transfer, and no mandate is on record."""

import numpy as np
import pandas as pd

from geo.codes import ISSUER, has_shape
from geo.rules import Thresholds, rule
from geo.rules._reading import texts


@rule(
    "ZL-12",
    category="lease",
    severity="high",
    subject="transfer",
    requires=("transfer.signer_code", "transfer.contractor_code"),
    basis=("RLCL-60",),
    since="2003-03-01",
    acted="signed_on",
    title=("签订人不是承包方且无委托", "Signed by another without a mandate"),
    zh="{a}由{signer_zh}签订，未见承包方的委托书；该签订人未见委托的流转共 {batch} 份",
    en="{a} was signed by {signer_en} with no mandate of the holder on record; {batch} such transfers by the same hand",
)
def signed_by_another(transfers: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """Who signed is not the holder who gives the land away, and no number of a mandate stands there.

    Where the village signs for many households at once, each household's own mandate is wanted.
    """
    signer, holder = texts(transfers, "signer_code"), texts(transfers, "contractor_code")
    alone = (signer != holder).fillna(False) & texts(transfers, "mandate_no").isna()
    found = signer[alone.to_numpy(dtype=bool)]
    # an issuer has a code of its own, 14 digits, or signs as its village
    issuer = has_shape(found, ISSUER)
    return pd.DataFrame(
        {
            "by_issuer": issuer,
            "signer_zh": np.where(issuer, "发包方（村集体）", "承包方以外的人"),
            "signer_en": np.where(issuer, "the issuer (the collective)", "somebody who is not the holder"),
            "batch": found.groupby(found).transform("size").astype(int),
        },
        index=found.index,
    )
