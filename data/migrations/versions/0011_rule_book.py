"""What the rule book asks for beside the standard: collective land, expropriations, payments, changes of rights."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0011"
down_revision = "0010"

_HERE = Path(__file__).with_name("0011")


def upgrade() -> None:
    """Make room for what a county knows of them."""
    for part in ("columns", "tables", "guards"):
        _run(part)


def downgrade() -> None:
    """Take it away again."""
    _run("down")


def _run(part: str) -> None:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    connection.execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))
