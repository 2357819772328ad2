"""What people are called in findings: a name that stays and tells nothing, in the place of their number."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import Deployment

#: Eight bytes: in ten million people two share a name with a chance of one in three hundred thousand.
_BYTES = 8


def pseudonyms(session: Session, codes: Iterable[str]) -> list[str]:
    """Turn `household/number` into `household/name`, the same at every run of this house and in no other.

    A digest without a key could be tried out: there are few numbers for a place and a day of birth.
    """
    key = session.scalars(select(Deployment.pseudonym_key)).one()
    return [_called(key, code) for code in codes]


def _called(key: bytes, code: str) -> str:
    digest = hmac.digest(key, code.encode(), "sha256")
    return f"{code.partition('/')[0]}/{digest[:_BYTES].hex()}"
