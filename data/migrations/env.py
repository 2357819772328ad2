"""How Alembic reaches the database: by the URL and the metric system that `data.migrations` hands it."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import pool

from data.session import engine_for
from data.tables import Base

_NOT_OURS = ("procrastinate_", "spatial_ref_sys")


def ours(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Leave the queue's and PostGIS's own tables out of comparisons."""
    if kind == "table" and (name or "").startswith(_NOT_OURS):
        return False
    return alembic_helpers.include_object(item, name, kind, reflected, compare_to)


engine = engine_for(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, include_object=ours)
    with context.begin_transaction():
        context.run_migrations()
