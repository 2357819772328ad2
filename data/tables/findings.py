"""Findings: what detection says (versions, sightings) and what people decide (events)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, Shape, moment, one_of, serial
from data.tables.deliveries import DIGEST
from geo.finding import CATEGORIES, PRESENCES, SEVERITIES, STATES

OUTCOMES = ("new", "still", "changed", "gone", "reopened")


class Finding(Base):
    """The name of a suspicion, which outlives every change of shape; `state` and `seq` follow its events."""

    __tablename__ = "finding"
    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint(DIGEST.format("key"), name="key_shape"),
        CheckConstraint("seq >= 0", name="seq"),
        Index("finding_subject_idx", "subject"),
        Index("finding_against_idx", "against"),
    )

    key: Mapped[str] = mapped_column(Code, primary_key=True)
    rule: Mapped[str] = mapped_column(Code)
    subject: Mapped[str] = mapped_column(Code)
    against: Mapped[str | None] = mapped_column(Code)
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    minted_at: Mapped[datetime] = moment()
    state: Mapped[str] = mapped_column(server_default="open", comment="where its events have led; kept by a trigger")
    seq: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="how many events it has")


class FindingVersion(Base):
    """What a run said of a finding, until a later run said otherwise."""

    __tablename__ = "finding_version"
    __table_args__ = (
        one_of("presence", PRESENCES),
        one_of("category", CATEGORIES),
        one_of("severity", SEVERITIES),
        CheckConstraint("NOT isempty(known)", name="times"),
        CheckConstraint("shared_m2 >= 0 AND shared_m2 < 'Infinity'", name="shared_m2"),
        CheckConstraint("firm_m2 >= 0 AND firm_m2 < 'Infinity'", name="firm_m2"),
        CheckConstraint("width_m >= 0 AND width_m < 'Infinity'", name="width_m"),
        CheckConstraint("share_a >= 0 AND share_a < 'Infinity'", name="share_a"),
        CheckConstraint("share_b >= 0 AND share_b < 'Infinity'", name="share_b"),
        ExcludeConstraint(
            (literal_column("hashtextextended(key, 0)"), "="),
            ("key", "="),
            ("known", "&&"),
            name="finding_version_one_version",
        ),
        Index("finding_version_current_idx", "key", unique=True, postgresql_where=text("upper_inf(known)")),
        Index("finding_version_village_idx", "village", postgresql_where=text("upper_inf(known)")),
        Index(
            "finding_version_other_village_idx",
            "other_village",
            postgresql_where=text("upper_inf(known) AND other_village IS NOT NULL"),
        ),
        Index("finding_version_geom_idx", "geom", postgresql_using="gist", postgresql_where=text("upper_inf(known)")),
        Index(
            "finding_version_map_idx",
            "geom_3857",
            postgresql_using="gist",
            postgresql_where=text("upper_inf(known)"),
        ),
    )

    id: Mapped[int] = serial()
    key: Mapped[str] = mapped_column(Code, ForeignKey("finding.key"))
    known: Mapped[Any] = mapped_column(TSTZRANGE)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), comment="the run that said so first")
    presence: Mapped[str]
    category: Mapped[str]
    severity: Mapped[str]
    village: Mapped[str] = mapped_column(Code, comment="of the subject: 12 digits, or the scope where it has no code")
    other_village: Mapped[str | None] = mapped_column(Code, comment="of the other side, where it differs")
    holders: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="contractors who hold the parcels concerned")
    a_code: Mapped[str | None] = mapped_column(Code)
    b_layer: Mapped[str | None]
    b_code: Mapped[str | None] = mapped_column(Code)
    shared_m2: Mapped[float | None]
    firm_m2: Mapped[float | None]
    width_m: Mapped[float | None]
    share_a: Mapped[float | None]
    share_b: Mapped[float | None]
    geom: Mapped[Any | None] = mapped_column(Shape, comment="the ground in dispute")
    point: Mapped[Any | None] = mapped_column(Shape, comment="a place inside it")
    geom_3857: Mapped[Any | None] = mapped_column(
        Shape, Computed("st_transform(coalesce(geom, point), 3857)", persisted=True)
    )
    sentence_zh: Mapped[str]
    sentence_en: Mapped[str]
    article: Mapped[list[str]] = mapped_column(ARRAY(Text))
    thresholds: Mapped[dict[str, Any]]
    evidence: Mapped[dict[str, Any]]
    same_as: Mapped[str | None] = mapped_column(Code)


class Sighting(Base):
    """What one run meant for one finding."""

    __tablename__ = "sighting"
    __table_args__ = (one_of("outcome", OUTCOMES), Index("sighting_key_idx", "key", "run_id"))

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Code, ForeignKey("finding.key"), primary_key=True)
    outcome: Mapped[str]


class LegalMove(Base):
    """The moves of `geo.finding.MOVES`, so that the database itself refuses any other."""

    __tablename__ = "legal_move"
    __table_args__ = (one_of("from_state", STATES), one_of("to_state", STATES))

    from_state: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    to_state: Mapped[str] = mapped_column(primary_key=True)
    judges: Mapped[bool] = mapped_column(Boolean, comment="not for whoever brought a party in")


class Event(Base):
    """One decision about a finding; the first is number 1, and none is ever changed."""

    __tablename__ = "event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["from_state", "action", "to_state"],
            ["legal_move.from_state", "legal_move.action", "legal_move.to_state"],
            name="event_legal_move_fkey",
        ),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("btrim(reason) <> '' AND length(reason) <= 4000", name="reason"),
        CheckConstraint("(action = 'reopen') = (actor_id IS NULL)", name="actor"),
        Index("event_actor_id_idx", "actor_id"),
    )

    key: Mapped[str] = mapped_column(Code, ForeignKey("finding.key"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    from_state: Mapped[str]
    action: Mapped[str]
    to_state: Mapped[str]
    reason: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), comment="none: re-opened by detection")
    at: Mapped[datetime] = moment()
    due_on: Mapped[date | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
