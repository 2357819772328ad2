"""Findings on papers that have no place are published too: a program sees every finding that a person sees."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0015"
down_revision = "0014"

_HERE = Path(__file__).with_name("0015")


def upgrade() -> None:
    """Publish them without a shape."""
    _run("up")


def downgrade() -> None:
    """Publish only what has one."""
    _run("down")


def _run(part: str) -> None:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    connection.execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))
