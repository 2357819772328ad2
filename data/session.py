"""The way to the database: an engine that never tells values in its errors, and sessions on it."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url, select
from sqlalchemy.orm import Session, sessionmaker

from data.tables import Deployment


class WrongDeployment(Exception):
    """The database measures in another system than this house is set to."""


def engine_for(url: str, **options: Any) -> Engine:
    """Make an engine from `postgresql://…`, with the one driver we use; parameters never appear in errors or logs.

    Compiling queries is turned off: PostGIS calls its functions costly, and half a second of compiling is then spent
    on tiles that take three milliseconds.
    """
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), hide_parameters=True, **options)
    event.listen(engine, "connect", _without_compiling)
    return engine


def _without_compiling(connection: psycopg.Connection[Any], _: object) -> None:
    connection.execute("SET jit = off")
    connection.commit()


def sessions_on(engine: Engine) -> sessionmaker[Session]:
    """Make a factory of sessions; objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def srid_of(session: Session) -> int:
    """Tell the one metric system of this database."""
    return session.scalars(select(Deployment.srid)).one()


def check_deployment(session: Session, srid: int) -> None:
    """Raise WrongDeployment unless the database measures in `srid`: areas of two systems must not be mixed."""
    kept = srid_of(session)
    if kept != srid:
        raise WrongDeployment(f"the database measures in EPSG:{kept}, the settings say EPSG:{srid}")
