"""What others may read: tokens for programs that read on a person's behalf, and views without personal data."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0006"
down_revision = "0005"

_HERE = Path(__file__).with_name("0006")


def upgrade() -> None:
    """Make tokens and views."""
    for part in ("tokens", "views"):
        _connection().execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Publish nothing more."""
    _connection().execute((_HERE / "down.sql").read_text(encoding="utf-8"))


def _connection() -> psycopg.Connection:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
