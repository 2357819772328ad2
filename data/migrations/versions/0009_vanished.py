"""What a delivery leaves out of what stood, and what its surveyor answered when accepting it."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0009"
down_revision = "0008"

_HERE = Path(__file__).with_name("0009")


def upgrade() -> None:
    """Make room for both."""
    _run("up")


def downgrade() -> None:
    """Forget both."""
    _run("down")


def _run(part: str) -> None:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    connection.execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))
