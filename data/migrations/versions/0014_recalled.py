"""What our books have given up is found by its place or parcel too: everything that ever lay on a piece of ground."""

from alembic import op

revision = "0014"
down_revision = "0013"

_PLACED = ("parcel", "reserved_land", "survey_feature")
_OF_PARCELS = ("parcel_right", "transfer_parcel", "right_change")


def upgrade() -> None:
    """Index past versions alone: those of today have theirs, and are entered as fast as before."""
    for table in _PLACED:
        op.execute(f"CREATE INDEX {table}_geom_past_idx ON {table} USING gist (geom) WHERE NOT upper_inf(known)")
    for table in _OF_PARCELS:
        op.execute(f"CREATE INDEX {table}_parcel_code_past_idx ON {table} (parcel_code) WHERE NOT upper_inf(known)")


def downgrade() -> None:
    """Forget the indexes."""
    for table in _PLACED:
        op.execute(f"DROP INDEX {table}_geom_past_idx")
    for table in _OF_PARCELS:
        op.execute(f"DROP INDEX {table}_parcel_code_past_idx")
