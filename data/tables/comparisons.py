"""Comparisons of two images of one ground: who asked for them, with which settings, and what they found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, moment, one_of, serial
from data.tables.deliveries import DIGEST

#: A comparison waits, is under way, or has come to an end; `compared` goes on as a delivery where something was found.
STATES = ("received", "comparing", "compared", "refused", "failed", "withdrawn")
#: A type of its own: GeoAlchemy2 keeps in a type whether its column may be null, and other tables share `Shape`.
GROUND = Geometry("GEOMETRY", srid=-1, spatial_index=False)


class Comparison(Base):
    """One comparison: what was asked is never changed, what became of it is added."""

    __tablename__ = "comparison"
    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("before_id <> after_id", name="two_images"),
        CheckConstraint(DIGEST.format("digest"), name="digest_shape"),
        CheckConstraint("state <> 'compared' OR found IS NOT NULL", name="told"),
        Index(
            "comparison_under_way_key",
            "before_id",
            "after_id",
            "digest",
            "scope",
            unique=True,
            postgresql_where=text("state IN ('received', 'comparing')"),
        ),
        Index("comparison_upload_id_idx", "upload_id"),
    )

    id: Mapped[int] = serial()
    before_id: Mapped[int] = mapped_column(ForeignKey("image.id"))
    after_id: Mapped[int] = mapped_column(ForeignKey("image.id"))
    scope: Mapped[str] = mapped_column(Code, comment="prefix of the codes whose ground is compared")
    settings: Mapped[dict[str, Any]] = mapped_column(comment="every number that it is judged by")
    digest: Mapped[str] = mapped_column(comment="of the settings")
    geom: Mapped[Any] = mapped_column(GROUND, comment="the ground both images show, in the deployment's metric system")
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = moment()
    state: Mapped[str]
    progress: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None] = mapped_column(comment="code, zh and en of what refused or ended it")
    found: Mapped[dict[str, Any] | None] = mapped_column(
        comment="patches by kind, ground seen and unseen, how the images stood to each other, and what compared them"
    )
    upload_id: Mapped[int | None] = mapped_column(
        ForeignKey("upload.id"), comment="the delivery that its patches became; none where nothing is suspected"
    )
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="the last attempt")
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
