"""Squares of the map: how much lies in each and whether it changed, kept in the transaction of each change."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0003"
down_revision = "0002"

_HERE = Path(__file__).with_name("0003")


def upgrade() -> None:
    """Count what lies in the books by squares, and from now on keep count."""
    for part in ("squares", "counting"):
        _connection().execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Count no more."""
    _connection().execute((_HERE / "down.sql").read_text(encoding="utf-8"))


def _connection() -> psycopg.Connection:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
