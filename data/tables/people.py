"""Who works here: accounts, who is signed in, and what programs may read on a person's behalf."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, moment, one_of, serial

ROLES = ("surveyor", "official", "admin")


class Account(Base):
    """A person with a role and the ground they answer for; closed accounts stay, since their deeds stay."""

    __tablename__ = "account"
    __table_args__ = (one_of("role", ROLES), CheckConstraint("scope ~ '^[0-9]{0,14}$'", name="scope_shape"))

    id: Mapped[int] = serial()
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    scope: Mapped[str] = mapped_column(Code, comment="prefix of the codes this person answers for")
    active: Mapped[bool] = mapped_column(Boolean, server_default=true())
    made_at: Mapped[datetime] = moment()


class SignIn(Base):
    """An open session; the token itself is kept only by the person's browser."""

    __tablename__ = "sign_in"
    __table_args__ = (CheckConstraint("length(token_hash) = 32", name="token_hash_length"),)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[datetime] = moment()


class AccessToken(Base):
    """What a program of a person shows to read on their behalf; the token itself is kept only there."""

    __tablename__ = "access_token"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 32", name="token_hash_length"),
        Index("access_token_account_id_idx", "account_id"),
    )

    id: Mapped[int] = serial()
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[datetime] = moment()
