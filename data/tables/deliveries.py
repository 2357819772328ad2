"""What was delivered, what became of it, and the runs of detection that followed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, moment, one_of, serial
from geo.model import SHAPED, TABLES

#: A delivery is under way, waits for its surveyor, or has come to an end.
UNDER_WAY = ("received", "reading", "awaiting_acceptance", "storing", "detecting")
ENDED = ("done", "refused", "failed", "withdrawn")
DIGEST = "{} ~ '^[0-9a-f]{{64}}$'"


class Upload(Base):
    """One delivery: the file by its digest, the decisions it was read with, and what became of it."""

    __tablename__ = "upload"
    __table_args__ = (
        one_of("state", UNDER_WAY + ENDED),
        CheckConstraint(DIGEST.format("sha256"), name="sha256_shape"),
        CheckConstraint(DIGEST.format("fingerprint"), name="fingerprint_shape"),
        CheckConstraint("size_bytes >= 0", name="size"),
        Index(
            "upload_under_way_key",
            "sha256",
            "fingerprint",
            unique=True,
            postgresql_where=text("state IN ('received','reading','awaiting_acceptance','storing','detecting')"),
        ),
        Index("upload_accepted_idx", "scope", "accepted_at"),
    )

    id: Mapped[int] = serial()
    sha256: Mapped[str]
    filename: Mapped[str]
    size_bytes: Mapped[int]
    scope: Mapped[str] = mapped_column(Code, comment="prefix of the codes this delivery may hold")
    decisions: Mapped[dict[str, Any]] = mapped_column(comment="scope, layer, CRS, encoding, columns it was read with")
    fingerprint: Mapped[str] = mapped_column(comment="digest of the decisions")
    uploader_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    surveyed_on: Mapped[date | None] = mapped_column(comment="the day from which it is true on the ground, if told")
    state: Mapped[str]
    progress: Mapped[dict[str, Any] | None]
    report: Mapped[dict[str, Any] | None]
    preview: Mapped[list[Any] | None] = mapped_column(
        deferred=True, comment="what a person looks at before anything is stored: decisions, sample rows, outlines"
    )
    error: Mapped[dict[str, Any] | None] = mapped_column(comment="code, zh and en of what refused or ended it")
    counts: Mapped[dict[str, Any] | None] = mapped_column(comment="findings by outcome")
    acceptance: Mapped[dict[str, Any] | None] = mapped_column(
        comment="who accepted it, and what they answered: what vanished kept or ended, which repairs are stored"
    )
    received_at: Mapped[datetime] = moment()
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UploadLayer(Base):
    """One layer or table of a delivery; what was read is what was stored and what was rejected."""

    __tablename__ = "upload_layer"
    __table_args__ = (
        one_of("layer", SHAPED + TABLES),
        CheckConstraint("read >= 0 AND stored >= 0 AND rejected >= 0 AND read = stored + rejected", name="counts"),
    )

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    layer: Mapped[str]
    source: Mapped[str]
    read: Mapped[int] = mapped_column(Integer)
    stored: Mapped[int] = mapped_column(Integer)
    rejected: Mapped[int] = mapped_column(Integer)
    crs: Mapped[str | None]
    crs_evidence: Mapped[list[Any] | None]
    encoding: Mapped[str | None]
    encoding_evidence: Mapped[list[Any] | None]
    columns: Mapped[dict[str, Any] | None]
    ignored: Mapped[list[Any] | None]
    notes: Mapped[list[Any] | None]


class ColumnMap(Base):
    """How one surveying company names its columns, saved so that its next file is understood at once."""

    __tablename__ = "column_map"
    __table_args__ = (
        UniqueConstraint("scope", "name", "layer"),
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
    )

    id: Mapped[int] = serial()
    name: Mapped[str] = mapped_column(comment="whose files it fits: a surveying company")
    layer: Mapped[str]
    scope: Mapped[str] = mapped_column(
        Code, comment="the area of the person who saved it; who covers that area sees it"
    )
    columns: Mapped[dict[str, Any]] = mapped_column(comment="their column by the standard's name")
    units: Mapped[dict[str, Any]] = mapped_column(comment="unit of each area by the standard's name: m2, mu, ha")
    encoding: Mapped[str | None]
    crs: Mapped[int | None] = mapped_column(Integer)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = moment()


class RejectedRow(Base):
    """A row that could not be stored, with its shape as it came and the reason in both languages."""

    __tablename__ = "rejected_row"
    __table_args__ = (Index("rejected_row_upload_id_idx", "upload_id", "layer", "row"),)

    id: Mapped[int] = serial()
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    layer: Mapped[str]
    row: Mapped[int]
    code: Mapped[str] = mapped_column(comment="the kind of defect")
    parcel_code: Mapped[str | None]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    x: Mapped[float | None] = mapped_column(comment="where, in the system of the layer")
    y: Mapped[float | None]
    shape: Mapped[bytes | None] = mapped_column(comment="well-known binary as it came, valid or not")


class VanishedRow(Base):
    """What stood in the books where a delivery was made for, and is not in it: asked about, never ended by itself."""

    __tablename__ = "vanished_row"
    __table_args__ = (Index("vanished_row_upload_id_idx", "upload_id", "id"),)

    id: Mapped[int] = serial()
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    layer: Mapped[str]
    code: Mapped[str] = mapped_column(Code, comment="what stood when the delivery was read, and is not in it")
    brought_by: Mapped[int] = mapped_column(ForeignKey("upload.id"), comment="the delivery that brought what stood")
    x: Mapped[float | None] = mapped_column(comment="a place in it, in the metric system")
    y: Mapped[float | None]


class ProposedRepair(Base):
    """A shape that is stored though invalid, and what it would be when repaired; a person says which is stored."""

    __tablename__ = "proposed_repair"

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    layer: Mapped[str] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="its number in the delivered file, from 0")
    code: Mapped[str] = mapped_column(Code)
    area_before_m2: Mapped[float | None] = mapped_column(comment="unknown where the system of the file is not metric")
    area_after_m2: Mapped[float | None]
    delivered: Mapped[bytes] = mapped_column(comment="well-known binary in the system of the layer")
    repaired: Mapped[bytes]


class Run(Base):
    """One run of detection: over what ground, on which day, by which rules, thresholds and libraries."""

    __tablename__ = "run"

    id: Mapped[int] = serial()
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    scope: Mapped[list[Any]] = mapped_column(comment="prefixes of the codes it judged")
    day: Mapped[date] = mapped_column(comment="the day whose law and facts it judged by")
    versions: Mapped[dict[str, Any]] = mapped_column(comment="of this program and its libraries")
    overrides: Mapped[dict[str, Any]] = mapped_column(comment="thresholds of this office")
    rules: Mapped[dict[str, Any] | None] = mapped_column(comment="of every rule: run or skipped, why, thresholds")
    below_tolerance: Mapped[dict[str, Any] | None]
    not_compared: Mapped[list[Any] | None]
    invalid: Mapped[int | None] = mapped_column(BigInteger)
    counts: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
