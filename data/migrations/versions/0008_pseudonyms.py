"""A key of this house, under which people are told apart in findings without their numbers."""

from alembic import op

revision = "0008"
down_revision = "0007"

# Two random identifiers have 244 random bits; what is taken of the number of a person under it cannot be tried out.
_KEY = "sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"


def upgrade() -> None:
    """Make the key, once for all."""
    op.execute(f"ALTER TABLE deployment ADD pseudonym_key BYTEA DEFAULT {_KEY} NOT NULL")
    op.execute("COMMENT ON COLUMN deployment.pseudonym_key IS 'tells people apart in findings without their numbers'")


def downgrade() -> None:
    """Forget it; people are then called anew."""
    op.execute("ALTER TABLE deployment DROP COLUMN pseudonym_key")
