"""The queue of work, in the same database, so that a delivery and its job are committed together."""

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Lay the queue out as the pinned release of procrastinate wants it."""
    op.get_bind().connection.driver_connection.execute(SchemaManager.get_schema())


def downgrade() -> None:
    """Take the queue away, with the jobs in it."""
    text = Path(__file__).with_name("0002").joinpath("down.sql").read_text(encoding="utf-8")
    op.get_bind().connection.driver_connection.execute(text)
