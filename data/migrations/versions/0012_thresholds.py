"""Thresholds that counties set for themselves, in versions."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0012"
down_revision = "0011"

_HERE = Path(__file__).with_name("0012")


def upgrade() -> None:
    """Make room for them."""
    _run("up")


def downgrade() -> None:
    """Forget them."""
    _run("down")


def _run(part: str) -> None:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    connection.execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))
