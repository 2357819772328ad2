"""One version of a fact for any day and any moment: held once a statement, no longer row by row."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0004"
down_revision = "0003"

_HERE = Path(__file__).with_name("0004")


def upgrade() -> None:
    """Let triggers hold what exclusion constraints held."""
    _connection().execute((_HERE / "one_version.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Go back to exclusion constraints."""
    _connection().execute((_HERE / "down.sql").read_text(encoding="utf-8"))


def _connection() -> psycopg.Connection:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
