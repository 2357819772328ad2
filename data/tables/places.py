"""Where this house stands: its metric system, and the towns and villages it answers for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Integer, text, true
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, moment


class Deployment(Base):
    """The one row that says in which metric system this database measures, and under which key it names people."""

    __tablename__ = "deployment"
    __table_args__ = (CheckConstraint("one_row", name="one_row"),)

    one_row: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=true())
    srid: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = moment()
    pseudonym_key: Mapped[bytes] = mapped_column(
        server_default=text("sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"),
        comment="tells people apart in findings without their numbers",
    )


class AdminUnit(Base):
    """A county, town, village or group by its code of today (6, 9, 12 or 14 digits)."""

    __tablename__ = "admin_unit"
    __table_args__ = (CheckConstraint("code ~ '^[0-9]{6}([0-9]{3}){0,2}$|^[0-9]{14}$'", name="code_shape"),)

    code: Mapped[str] = mapped_column(Code, primary_key=True)
    name: Mapped[str]


class AdminUnitAlias(Base):
    """A code of the past: found under today's code, and never rewritten in what was delivered."""

    __tablename__ = "admin_unit_alias"
    __table_args__ = (CheckConstraint("old_code <> code AND length(old_code) = length(code)", name="other"),)

    old_code: Mapped[str] = mapped_column(Code, primary_key=True)
    code: Mapped[str] = mapped_column(Code)
    name: Mapped[str]
