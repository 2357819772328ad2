"""Rows of a delivery are judged together when they are in: they come by the page, and are counted at less cost."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"

_HERE = Path(__file__).with_name("0007")


def upgrade() -> None:
    """Judge the rows of one statement at once."""
    for part in ("entering", "spread"):
        _run(part)


def downgrade() -> None:
    """Judge every row by itself again."""
    _run("down")


def _run(part: str) -> None:
    op.get_bind().connection.driver_connection.execute((_HERE / f"{part}.sql").read_text(encoding="utf-8"))
