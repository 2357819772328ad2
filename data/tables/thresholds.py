"""The thresholds of the counties, one row for each version that was ever set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, moment, serial


class ThresholdSet(Base):
    """One version of the counties' thresholds; the newest is in force, and none is ever changed."""

    __tablename__ = "threshold_set"
    __table_args__ = (CheckConstraint("length(version) BETWEEN 1 AND 80", name="version_length"),)

    id: Mapped[int] = serial()
    version: Mapped[str] = mapped_column(comment="how the office calls it")
    counties: Mapped[dict[str, Any]] = mapped_column(
        comment="what differs from the rule book: by county code or all, rule, threshold"
    )
    set_by: Mapped[str] = mapped_column(comment="the account that set it")
    set_at: Mapped[datetime] = moment()
