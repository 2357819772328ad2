"""What all tables have in common: how constraints are named, and how a fact keeps both of its times."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Text,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA, DATERANGE, JSONB, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from geo.codes import SHAPES
from geo.fields import fields

#: Text compared byte by byte: prefix searches on codes use the index, and the order is the same on every machine.
Code = Text(collation="C")
#: Any polygon, in whatever system; the migration adds the check that it is the deployment's.
Shape = Geometry("GEOMETRY", srid=-1, spatial_index=False)

_TYPES: dict[str, TypeEngine[Any]] = {
    "char": Text(),
    "int": Integer(),
    "bigint": BigInteger(),
    "float": Double(),
    "date": Date(),
}


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_name)s_key",
            "ix": "%(table_name)s_%(column_0_name)s_idx",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: BigInteger(),
        float: Double(),
        bytes: BYTEA(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


def serial() -> Any:
    """A primary key that the database counts."""
    return mapped_column(BigInteger, Identity(always=True), primary_key=True)


def moment() -> Any:
    """The time at which a row was written."""
    return mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A closed list of our own; delivered codes are never held to one, they are stored as delivered."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_listed")


class Placed:
    """A fact with a place: the shape in the deployment's metric system, as delivered, and ready for the map."""

    geom: Mapped[Any] = mapped_column(Shape, comment="in the metric system of the deployment")
    delivered: Mapped[bytes] = mapped_column(comment="the shape as delivered, well-known binary")
    delivered_crs: Mapped[str] = mapped_column(comment="the system it was delivered in, EPSG:n or its full text")
    delivered_m2: Mapped[float | None] = mapped_column(comment="area in the system it was delivered in, if metric")
    delivery: Mapped[int] = mapped_column(comment="the upload that first brought this very shape")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))
    geom_3857: Mapped[Any] = mapped_column(Shape, Computed("st_transform(geom, 3857)", persisted=True))


class Versioned:
    """A fact with both times: `valid` on the ground, `known` in our books; half-open, never overwritten.

    Of one key there is one version for any day on the ground and any moment in our books; the database holds that.
    """

    #: What tells one fact from another.
    keys: ClassVar[tuple[str, ...]] = ("code",)
    #: Columns by which current versions are looked for.
    found_by: ClassVar[tuple[str, ...]] = ()
    #: Columns by which versions that our books have given up are looked for too.
    recalled_by: ClassVar[tuple[str, ...]] = ()

    id: Mapped[int] = serial()
    code: Mapped[str] = mapped_column(Code)
    valid: Mapped[Any] = mapped_column(DATERANGE, comment="true on the ground, half-open")
    known: Mapped[Any] = mapped_column(TSTZRANGE, comment="in our books, half-open")
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), comment="the delivery that brought this version")

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        table = cls.__tablename__  # type: ignore[attr-defined]
        # Codes of one village share fifteen digits, which a search tree of texts copes with badly; the digest in front
        # parts them (inserts in half the time) and the code itself keeps the constraint exact.
        digest = literal_column(f"hashtextextended({' || '.join(cls.keys)}, 0)")
        same = [(digest, "="), *((key, "=") for key in cls.keys)]
        current = text("upper_inf(known)")
        args: list[SchemaItem] = [
            ExcludeConstraint(*same, ("valid", "&&"), ("known", "&&"), name=f"{table}_one_version"),
            Index(f"{table}_current_idx", *cls.keys, postgresql_where=current),
            Index(f"{table}_upload_id_idx", "upload_id", postgresql_using="brin"),
        ]
        args += [CheckConstraint(check, name=name) for name, check in cls.held_to().items()]
        args += [Index(f"{table}_{column}_idx", column, postgresql_where=current) for column in cls.found_by]
        past = text("NOT upper_inf(known)")
        for column in cls.recalled_by:
            way = {"postgresql_using": "gist"} if column == "geom" else {}
            args.append(Index(f"{table}_{column}_past_idx", column, postgresql_where=past, **way))
        if issubclass(cls, Placed):
            group = cls.keys[:-1]
            for shape in ("geom", "geom_3857"):
                name = f"{table}_{shape}_idx"
                args.append(Index(name, *group, shape, postgresql_using="gist", postgresql_where=current))
        return tuple(args)

    @classmethod
    def held_to(cls) -> dict[str, str]:
        """What must never be false of a row, by name."""
        return {"times": "NOT isempty(valid) AND NOT isempty(known)"}


class Recorded(Versioned):
    """A fact of the delivery standard: its columns come from the dictionary (`geo.fields`), for the `layer` it names.

    `code` is the standard's; where the standard has no single code it is joined by `data.store.keys`.
    """

    #: The layer or table of `geo.model` that is kept here.
    layer: ClassVar[str]

    as_delivered: Mapped[dict[str, Any] | None] = mapped_column(comment="values that cannot be true, as they came")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        for field in fields(cls.layer):
            if field.name != "code":
                kind = Code if field.name.endswith("_code") else _TYPES[field.kept_as]
                setattr(cls, field.name, mapped_column(kind, nullable=True, comment=f"{field.standard} {field.zh}"))
        super().__init_subclass__(**kwargs)

    @classmethod
    def held_to(cls) -> dict[str, str]:
        """Times, the shape of the code, and areas that are areas."""
        checks = super().held_to()
        if cls.layer in SHAPES:
            checks["code_shape"] = f"code ~ '{SHAPES[cls.layer].pattern}'"
        return checks | {name: f"{name} > 0 AND {name} < 'Infinity'" for name in measures(cls.layer)}


def measures(layer: str) -> list[str]:
    """The areas of a layer: each is positive, or no area at all."""
    names = [field.name for field in fields(layer) if field.type == "float" and field.name.endswith(("_m2", "_mu"))]
    return names + ["surveyed_m2"] * (layer == "parcel_right")
