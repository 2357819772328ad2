"""A house on a real database: the application, people of every role, and a worker that empties the queue."""

from __future__ import annotations

import secrets

import pytest
from fastapi.testclient import TestClient

from api import people, worker
from api.app import create_app
from api.settings import Settings

SCOPE = "4417"


@pytest.fixture
def settings(database, tmp_path):
    return Settings(home=tmp_path, database_url=database)


@pytest.fixture
def app(settings):
    app = create_app(settings)
    yield app
    app.state.office.engine.dispose()


@pytest.fixture
def office(app):
    return app.state.office


class Doors:
    """The application as different people meet it."""

    def __init__(self, app):
        self.app = app
        self.office = app.state.office

    def anonymous(self, address="testclient"):
        return TestClient(self.app, raise_server_exceptions=False, client=(address, 50000))

    def signed_in(self, role, scope=SCOPE):
        """A client of a new person; the cookie is made directly, signing in has tests of its own."""
        name = f"{role}-{secrets.token_hex(3)}"
        with self.office.begin() as session:
            people.open_account(session, name, role, scope)
        client = self.anonymous()
        client.person = self.person(name)
        client.cookies.set(people.COOKIE, people.open_session(self.office, client.person))
        return client

    def person(self, name):
        with self.office.begin() as session:
            return people.named(session, name)

    def work(self):
        worker.run(self.office, until_empty=True, signals=False)


@pytest.fixture
def doors(app):
    return Doors(app)


@pytest.fixture
def surveyor(doors):
    return doors.signed_in("surveyor")


@pytest.fixture
def official(doors):
    return doors.signed_in("official")
