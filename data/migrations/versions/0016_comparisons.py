"""Comparisons of two images: who asked, with which settings, what was found, and the delivery that it became."""

from pathlib import Path

import psycopg
from alembic import context, op
from psycopg import sql

revision = "0016"
down_revision = "0015"

_HERE = Path(__file__).with_name("0016")


def upgrade() -> None:
    """Make room for them; what they compared lies in the metric system of the house."""
    books = _connection()
    books.execute((_HERE / "up.sql").read_text(encoding="utf-8"))
    srid = books.execute("SELECT srid FROM deployment").fetchone()
    kept = context.config.attributes["srid"] if srid is None else srid[0]
    held = "ALTER TABLE comparison ADD CONSTRAINT on_the_ground CHECK (ST_SRID(geom) = {srid} AND NOT ST_IsEmpty(geom))"
    books.execute(sql.SQL(held).format(srid=sql.Literal(kept)))


def downgrade() -> None:
    """Forget them; the deliveries that their patches became stay."""
    _connection().execute((_HERE / "down.sql").read_text(encoding="utf-8"))


def _connection() -> psycopg.Connection:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
