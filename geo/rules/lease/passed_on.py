"""ZL-07: land was passed on without its holder's consent, or for longer than it was taken in."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.rules import Thresholds, rule
from geo.rules._reading import dates, either, iso, texts
from geo.rules._transfers import FOR_GOOD

_UNAGREED: Final = ("未见承包方书面同意", "no written consent of the holder on record")
_TOO_LONG: Final = ("期限超过上级流转合同", "it ends after a transfer that it passes on")


@rule(
    "ZL-07",
    category="lease",
    severity="high",
    subject="transfer",
    requires=("transfer.upstream_code",),
    basis=("RLCL-46",),
    since="2019-01-01",
    acted="signed_on",
    title=("再流转未经同意或超期", "Passed on without consent or for too long"),
    zh="{a}把流转得来的土地再流转（上级合同 {upstream}）：{reasons_zh}",
    en="{a} passes on land taken in by transfer {upstream}: {reasons_en}",
    leaves_out=(
        "没有写明上级流转合同的再流转不在此判断",
        "transfers that do not name the one they pass on are not judged here",
    ),
)
def passed_on(transfers: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A transfer that passes another one on lacks the holder's written consent, or ends after one above it.

    Chains may be of any length: the earliest end above counts. Where no day of consent was delivered, only the terms
    are judged.
    """
    above = texts(transfers, "upstream_code")
    limit, depth = _above(transfers, above)
    ends = dates(transfers, "term_to").clip(upper=pd.Timestamp(FOR_GOOD))
    unasked = dates(transfers, "holder_consented_on").isna() & ("holder_consented_on" in transfers.columns)
    found = either({_UNAGREED: above.notna() & unasked, _TOO_LONG: above.notna() & (ends > limit)})
    at = found.index
    return found.assign(
        upstream=above[at].astype(object), transfer_ends=iso(ends[at]), upstream_ends=iso(limit[at]), depth=depth[at]
    )


def _above(transfers: pd.DataFrame, above: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The earliest end of all transfers above each, and how many there are; at most all of them where they go round.

    Every step looks twice as far up as the one before, so that long chains take few, and circles come to an end.
    """
    count = len(transfers)
    place = pd.Series(np.arange(count), index=texts(transfers, "code")).loc[lambda s: s.index.notna()]
    place = place[~place.index.duplicated()]
    up: NDArray[np.intp] = np.append(above.map(place).fillna(count).to_numpy(dtype=np.intp), count)
    ends = np.append(dates(transfers, "term_to").to_numpy(dtype="datetime64[s]"), np.datetime64("NaT"))
    ends[np.isnat(ends)] = FOR_GOOD
    limit, depth = ends[up], (up < count).astype(np.int64)
    for _ in range(max(1, count).bit_length()):
        limit, depth = np.minimum(limit, limit[up]), np.minimum(depth + depth[up], count)
        up = up[up]
    return (
        pd.Series(limit[:-1], index=transfers.index),
        pd.Series(depth[:-1], index=transfers.index),
    )
