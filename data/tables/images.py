"""Images of the ground by date: what came, what it shows, and the file that tiles and measures are read from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, Shape, moment, one_of, serial
from data.tables.deliveries import DIGEST

KINDS = ("orthophoto", "classes")
STATES = ("received", "ready", "refused", "failed", "withdrawn")
#: What is known of every image that can be looked at.
_WHOLE = "crs, wide, high, bands, dtype, pixel_m, look, geom, cog_name, cog_sha256, cog_bytes"


class Image(Base):
    """One image: the file by its digest, what was said of it, and what it turned out to be."""

    __tablename__ = "image"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint(DIGEST.format("sha256"), name="sha256_shape"),
        CheckConstraint("size_bytes >= 0", name="size"),
        CheckConstraint(f"state <> 'ready' OR num_nulls({_WHOLE}) = 0", name="whole"),
        Index("image_one_key", "sha256", "scope", unique=True, postgresql_where=text("state IN ('received', 'ready')")),
        Index("image_taken_on_idx", "taken_on"),
        Index("image_geom_idx", "geom", postgresql_using="gist"),
    )

    id: Mapped[int] = serial()
    sha256: Mapped[str] = mapped_column(comment="digest of the file as it came, which is kept under this name")
    filename: Mapped[str]
    size_bytes: Mapped[int]
    kind: Mapped[str]
    taken_on: Mapped[date] = mapped_column(comment="the day the ground looked like this")
    scope: Mapped[str] = mapped_column(
        Code, comment="prefix of the codes whose ground it shows; who works there, or covers it, sees it"
    )
    asked: Mapped[dict[str, Any]] = mapped_column(comment="what a person said of it: crs and nodata")
    uploader_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str]
    error: Mapped[dict[str, Any] | None] = mapped_column(comment="code, zh and en of what refused or ended it")
    notes: Mapped[list[Any] | None] = mapped_column(comment="what was decided about it, in both languages")
    crs: Mapped[str | None] = mapped_column(comment="the system of its pixels, EPSG:n or its full text")
    wide: Mapped[int | None] = mapped_column(Integer)
    high: Mapped[int | None] = mapped_column(Integer)
    bands: Mapped[int | None] = mapped_column(Integer)
    dtype: Mapped[str | None]
    nodata: Mapped[float | None] = mapped_column(comment="the value that is no ground, if there is one")
    pixel_m: Mapped[float | None] = mapped_column(comment="the longer side of a pixel on the ground, in metres")
    look: Mapped[dict[str, Any] | None] = mapped_column(
        comment="how it is shown: the stretch of its bands, or the colour of each class"
    )
    geom: Mapped[Any | None] = mapped_column(Shape, comment="its frame, in the metric system of the deployment")
    cog_name: Mapped[str | None] = mapped_column(
        Code, comment="the cloud-optimised GeoTIFF made of it, beside the original"
    )
    cog_sha256: Mapped[str | None]
    cog_bytes: Mapped[int | None]
    received_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
