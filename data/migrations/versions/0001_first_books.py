"""The first books: all tables, both times on every fact, and the guards that keep them."""

from pathlib import Path

import psycopg
from alembic import context, op
from psycopg import sql

from geo.finding import JUDGEMENTS, MOVES

revision = "0001"
down_revision = None

_HERE = Path(__file__).with_name("0001")
_PARTS = ("people", "places", "deliveries", "land", "holders", "papers", "findings", "guards")
_PLACED = ("parcel", "reserved_land", "survey_feature")


def upgrade() -> None:
    """Open the books in the metric system that this house is set to."""
    srid = context.config.attributes["srid"]
    books = _connection()
    books.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    books.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for part in _PARTS:
        books.execute(sql.SQL((_HERE / f"{part}.sql").read_text(encoding="utf-8")))
    books.execute("INSERT INTO deployment (srid) VALUES (%s)", [srid])
    for table in _PLACED:
        books.execute("SELECT keep_on_the_ground(%s::regclass, %s)", [table, srid])
    same = "ALTER TABLE finding_version ADD CHECK (ST_SRID(geom) = {srid}), ADD CHECK (ST_SRID(point) = {srid})"
    books.execute(sql.SQL(same).format(srid=sql.Literal(srid)))
    moves = [(before, action, after, action in JUDGEMENTS) for (before, action), after in MOVES.items()]
    books.cursor().executemany("INSERT INTO legal_move VALUES (%s, %s, %s, %s)", moves)


def downgrade() -> None:
    """Take the books away."""
    _connection().execute(sql.SQL((_HERE / "down.sql").read_text(encoding="utf-8")))


def _connection() -> psycopg.Connection:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
