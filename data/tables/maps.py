"""The map: what lies in each of its squares, and tiles that are kept until what they show changes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Computed, Date, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table
from sqlalchemy.dialects.postgresql import BYTEA

from data.tables.base import Base, Code

#: How much lies in a square, by area: rows that are added up, kept by triggers in the transaction of each change.
MAP_SQUARE = Table(
    "map_square",
    Base.metadata,
    Column("layer", Code, nullable=False),
    Column(
        "level",
        SmallInteger,
        nullable=False,
        comment="zoom of the tile that is as large as the square; 0: shapes too wide for squares",
    ),
    Column("x", Integer, nullable=False),
    Column("y", Integer, nullable=False),
    Column("area", Code, nullable=False, comment="first 14 digits of the codes that are counted"),
    Column(
        "other",
        Code,
        nullable=False,
        comment="the other village of a finding, or empty; who sees either counts it once",
    ),
    Column(
        "kind",
        Code,
        nullable=False,
        comment="category and severity of findings that are present, or gone; otherwise empty",
    ),
    Column("day", Date, nullable=False, comment="counts from this day on"),
    Column(
        "stamp",
        BigInteger,
        nullable=False,
        comment="a sum of random numbers, one a change: no two states of a square have the same",
    ),
    Column(
        "n",
        BigInteger,
        nullable=False,
        comment="features with their middle in the square; rows of one square are added up",
    ),
    Column("m2", BigInteger, nullable=False, comment="their ground in square metres"),
    Column("cell", BigInteger, Computed("along_curve(x, y)", persisted=True), nullable=False),
    Index("map_square_cell_idx", "layer", "level", "cell", "area"),
)

#: Tiles as they were shown last. They are of use while their etag is that of the ground, and can all be made again.
MAP_TILE = Table(
    "map_tile",
    Base.metadata,
    Column("layer", Code),
    Column("z", SmallInteger),
    Column("x", Integer),
    Column("y", Integer),
    Column("areas", Code, comment="digest of the areas that were shown: accounts that see the same share it"),
    Column("etag", Code, nullable=False, comment="the state of the ground that was shown"),
    Column("body", BYTEA, nullable=False),
    PrimaryKeyConstraint("layer", "z", "x", "y", "areas"),
    prefixes=["UNLOGGED"],
)
