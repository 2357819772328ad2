"""ZL-06: a transfer puts the land to another use."""

import pandas as pd

from geo.codes import label
from geo.rules import Thresholds, rule

#: Code of TDYT for use that is no farming.
_NOT_FARMING = "5"


@rule(
    "ZL-06",
    category="lease",
    severity="high",
    subject="transfer",
    requires=("transfer.use_after",),
    basis=("RLCL-38", "RLCL-63", "LAL-82"),
    since="2003-03-01",
    acted="signed_on",
    title=("流转后改变用途", "Use changed by a transfer"),
    zh="{a}流转前用途：{before_zh}，流转后用途：{after_zh}，批准文号：{approval_zh}",
    en="{a} turns the land from {before_en} to {after_en}; approval: {approval_en}",
    leaves_out=(
        "合同以外实际发生的非农建设由乱占规则按地块判断",
        "what was built in fact, whatever the contract says, is judged by the rules on occupation, parcel by parcel",
    ),
)
def use_changed(transfers: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """A transfer puts land to use that is no farming, or changes its use with no approval on record."""
    before, after, number = (
        transfers.reindex(columns=[name])[name].astype("string").str.strip().replace("", pd.NA)
        for name in ("use_before", "use_after", "approval_no")
    )
    fires = after.eq(_NOT_FARMING) | (after.ne(before) & number.isna())
    rows = pd.DataFrame({"use_before": before, "use_after": after, "approval_no": number})[fires.fillna(False)]
    said = rows.astype(object).where(rows.notna(), None)
    return said.assign(
        before_zh=[label("TDYT", code) or "未写明" for code in said["use_before"]],
        before_en=[label("TDYT", code, "en") or "not stated" for code in said["use_before"]],
        after_zh=[label("TDYT", code) for code in said["use_after"]],
        after_en=[label("TDYT", code, "en") for code in said["use_after"]],
        approval_zh=said["approval_no"].fillna("无"),
        approval_en=said["approval_no"].fillna("none"),
    )
