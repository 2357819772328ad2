"""What a person looks at before anything is stored, and the column maps of surveying companies."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0005"
down_revision = "0004"

_HERE = Path(__file__).with_name("0005")


def upgrade() -> None:
    """Make room for previews and maps."""
    _run("up")


def downgrade() -> None:
    """Forget both."""
    _run("down")


def _run(part: str) -> None:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    connection.execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))
