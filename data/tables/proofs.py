"""Proofs that are handed out with paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, moment


class CertificateToken(Base):
    """The code in the corner of a printed certificate; we keep its digest, the paper keeps the token."""

    __tablename__ = "certificate_token"
    __table_args__ = (CheckConstraint("length(token_hash) = 32", name="token_hash_length"),)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    certificate_code: Mapped[str] = mapped_column(Code)
    made_at: Mapped[datetime] = moment()
