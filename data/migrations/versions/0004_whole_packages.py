"""Whole packages: papers, certificates that were replaced, details of surveys, and the bridge to the unit codes."""

from pathlib import Path

import psycopg
from alembic import context, op
from psycopg import sql

revision = "0004"
down_revision = "0003"

_HERE = Path(__file__).with_name("0004")
_ON_THE_GROUND = """ALTER TABLE detail_feature ADD CONSTRAINT on_the_ground CHECK (ST_SRID(geom) = {srid}
    AND NOT ST_IsEmpty(geom) AND ST_XMin(geom) > -1e8 AND ST_YMin(geom) > -1e8 AND ST_XMax(geom) < 1e8
    AND ST_YMax(geom) < 1e8)"""


def upgrade() -> None:
    """Make room for everything that a package of the standard holds."""
    for part in ("columns", "papers", "details", "guards"):
        _connection().execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))
    srid = sql.Literal(context.config.attributes["srid"])
    _connection().execute(sql.SQL(_ON_THE_GROUND).format(srid=srid))


def downgrade() -> None:
    """Take it away again."""
    _connection().execute((_HERE / "down.sql").read_text(encoding="utf-8"))


def _connection() -> psycopg.Connection:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
