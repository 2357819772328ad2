"""The ground that tests stand on: a real PostGIS of their own, and databases copied from one migrated template."""

import ctypes
import os
import secrets

import pytest
from hypothesis import settings
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from data.cluster import FLEETING, shared

#: The same examples in every run, so that what is green stays green; `--hypothesis-profile=default` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")


@pytest.fixture(scope="session")
def cluster():
    """A private cluster for tests."""
    with shared("test", FLEETING) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def template(cluster):
    """The name of a migrated, empty database; nobody connects to it, so it can be copied at any time."""
    from data.migrations import upgrade

    with cluster.database(_name("template")) as name:
        upgrade(cluster.url(name))
        yield name


@pytest.fixture
def database(cluster, template):
    """The address of a fresh database, for what must commit."""
    with cluster.database(_name("test"), template) as name:
        yield cluster.url(name)


@pytest.fixture(scope="session")
def engine(cluster, template):
    """Connections to a database in which nothing is ever committed."""
    with cluster.database(_name("shared"), template) as name:
        engine = create_engine(cluster.url(name))
        yield engine
        engine.dispose()


@pytest.fixture
def session(engine):
    """A session whose commits are savepoints: after the test it never was."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def undertaker():
    """Collect orphans ourselves: the first process of a container may not, and the dead are then taken for alive."""
    prctl, set_child_subreaper = ctypes.CDLL(None).prctl, 36
    prctl(set_child_subreaper, 1, 0, 0, 0)
    yield lambda pid: os.waitpid(pid, 0)
    prctl(set_child_subreaper, 0, 0, 0, 0)


def _name(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(4)}"
