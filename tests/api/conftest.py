"""A house on a real database: the application, people of every role, and a worker that empties the queue."""

from __future__ import annotations

import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from api import people, worker
from api.app import create_app
from api.settings import Settings
from data.samples import write_township
from data.store import places
from data.tables import Account

SCOPE = "4417"


class House:
    """A running house as different people meet it."""

    def __init__(self, home, database):
        self.app = create_app(Settings(home=home, database_url=database))
        self.office = self.app.state.office
        self.home = home

    def anonymous(self, address="192.0.2.1"):
        return TestClient(self.app, raise_server_exceptions=False, client=(address, 50000))

    def signed_in(self, role, scope=SCOPE):
        """A client of a new person without a password; the cookie is made directly, signing in has tests of its own."""
        name = f"{role}-{secrets.token_hex(3)}"
        client = self.anonymous()
        with self.office.begin() as session:
            # A password costs a fifth of a second of work, as it should, and nobody uses this one.
            session.add(Account(username=name, password_hash="-", role=role, scope=scope))
            client.person = people.named(session, name)
        client.cookies.set(people.COOKIE, people.open_session(self.office, client.person))
        return client

    def work(self):
        """Do what is queued, in a thread of its own: in this one a browser's event loop may be running."""
        with ThreadPoolExecutor(1) as hand:
            hand.submit(worker.run, self.office, until_empty=True, signals=False).result()

    def deliver(self, client, path, **fields):
        """Hand a file in, work on it, and give its report."""
        answer = self.hand_in(client, path, **fields)
        assert answer.status_code == 202, answer.text
        self.work()
        return client.get(f"/api/v1/uploads/{answer.json()['id']}").json()

    def hand_in(self, client, path, **fields):
        with path.open("rb") as file:
            return client.post("/api/v1/uploads", files={"file": (path.name, file)}, data=fields)

    def picture(self, client, path, **fields):
        """Hand an image in, take it in, and give what became of it."""
        with path.open("rb") as file:
            answer = client.post("/api/v1/images", files={"file": (path.name, file)}, data=fields)
        assert answer.status_code == 202, answer.text
        self.work()
        return client.get(f"/api/v1/images/{answer.json()['id']}").json()

    def close(self):
        self.office.engine.dispose()


@pytest.fixture
def house(database, tmp_path):
    """A house into which nothing was delivered."""
    house = House(tmp_path, database)
    yield house
    house.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The folder of the small sample and its truth."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, write_township(folder, parcels=800)


@pytest.fixture(scope="session")
def delivered(cluster, template, sample, tmp_path_factory):
    """A database and a home with the sample delivered; nobody is connected, so that it can be copied."""
    home = tmp_path_factory.mktemp("home")
    with cluster.database(f"delivered_{secrets.token_hex(4)}", template) as name:
        house = House(home, cluster.url(name))
        with house.office.begin() as session:
            places.load(session)
        report = house.deliver(house.signed_in("surveyor"), sample[0] / "township.zip", accept="valid_rows")
        house.close()
        yield name, home, report


@pytest.fixture
def town(cluster, delivered, tmp_path):
    """A house of its own with the sample in it; what a test does to it is gone afterwards."""
    name, home, report = delivered
    shutil.copytree(home, tmp_path / "home")
    with cluster.database(f"town_{secrets.token_hex(4)}", name) as copied:
        house = House(tmp_path / "home", cluster.url(copied))
        house.report = report
        yield house
        house.close()
