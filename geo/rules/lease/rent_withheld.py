"""ZL-13: what a transfer pays went to somebody else than the holder, or a part was kept back."""

from typing import Final

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._reading import amounts, either, texts

#: Who is paid (SKRLX) and what for (KXLX).
_HOLDER, _ISSUER = "1", "2"
_PRICES = ("1", "2")
_ELSEWHERE: Final = ("收款人不是承包方", "was paid to somebody who is not the holder")
_KEPT: Final = ("集体扣留且未见约定", "was kept back in part with no agreement on record")


@rule(
    "ZL-13",
    category="lease",
    severity="high",
    subject="payment",
    requires=("payment.contract_code", "payment.payee_code|payee_kind|retained_yuan", "transfer.contractor_code"),
    basis=("RLCL-39", "RLCL-61"),
    since="2003-03-01",
    acted="paid_on",
    min_retained_yuan=0.0,
    title=("流转收益未归承包方", "Income from a transfer withheld"),
    zh="{a}（流转合同 {contract}）{reasons_zh}，扣留 {retained_yuan:.2f} 元",
    en="{a} (transfer {contract}) {reasons_en}; {retained_yuan:.2f} yuan kept back",
)
def rent_withheld(payments: pd.DataFrame, p: Thresholds, transfer: pd.DataFrame) -> pd.DataFrame:
    """Rent or price of a transfer has another payee than who gives the land away, or more than nothing was kept back.

    A paper that allows keeping back allows the collective to receive it as well.
    """
    contract = texts(payments, "contract_code")
    known = transfer.dropna(subset=["code"]).drop_duplicates("code").set_index("code")
    holder = contract.map(texts(known, "contractor_code")).astype("string")
    kind, payee, payee_kind = (texts(payments, name) for name in ("kind", "payee_code", "payee_kind"))
    asked = contract.isin(known.index) & (kind.isna() | kind.isin(_PRICES))
    allowed = texts(payments, "retention_no").notna()
    others = payee.ne(holder).where(payee.notna(), payee_kind.ne(_HOLDER)).fillna(False).astype(bool)
    kept = amounts(payments, "retained_yuan").fillna(0.0)
    to_issuer = payee_kind.eq(_ISSUER).fillna(False).astype(bool)
    found = either(
        {
            _ELSEWHERE: asked & others & ~(allowed & to_issuer),
            _KEPT: asked & (kept > p.min_retained_yuan) & ~allowed,
        }
    )
    at = found.index
    return found.assign(contract=contract[at].astype(object), retained_yuan=kept[at])
