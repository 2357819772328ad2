"""A whole house in a real browser: pages, API, worker and database with the sample township, nothing pretended."""

import secrets
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import expect

from api import people, worker
from api.app import create_app
from api.office import open_office
from api.settings import Settings
from api.work import receive
from data.samples import read_truth, write_township
from data.store import places

#: A machine that does much else draws slowly; what is wrong stays wrong.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Without a graphics card, pages are drawn by the processor itself in two thirds of the time; maps stay with GL.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 740}}


@dataclass
class House:
    """A running house: where it answers, who works in it, what was delivered to it."""

    url: str
    office: object
    passwords: dict[str, str]
    folder: Path

    def work(self):
        """Do what is queued, in a thread of its own: the browser holds this thread's event loop."""
        thread = threading.Thread(
            target=worker.run, args=(self.office,), kwargs={"until_empty": True, "signals": False}
        )
        thread.start()
        thread.join(timeout=300)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def delivered(cluster, template, tmp_path_factory):
    """A database into which the smallest township that holds everything planted was delivered; each test copies it."""
    folder = tmp_path_factory.mktemp("house")
    write_township(folder, parcels=800)
    with cluster.database(f"delivered_{secrets.token_hex(4)}", template) as name:
        office = open_office(Settings(home=folder / "home", database_url=cluster.url(name)))
        with office.begin() as session:
            places.load(session)
            passwords = dict(people.first_accounts(session))
        receive.hand_in_file(office, "surveyor", folder / "township.zip", {"accept": "valid_rows"})
        House("", office, passwords, folder).work()
        office.engine.dispose()
        yield name, passwords, folder


@pytest.fixture
def house(cluster, delivered):
    """A house of this test's own, with the township in its books."""
    with running(cluster, delivered) as house:
        yield house


@contextmanager
def running(cluster, delivered):
    """A house behind a server, on a copy of the books into which the township was delivered."""
    source, passwords, folder = delivered
    with cluster.database(f"browser_{secrets.token_hex(4)}", source) as name:
        settings = Settings(home=folder / "home", database_url=cluster.url(name))
        office = open_office(settings)
        server, thread, url = _serve(settings)
        yield House(url, office, passwords, folder)
        server.should_exit = True
        thread.join(timeout=30)
        office.engine.dispose()


def _serve(settings):
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    return server, thread, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def visit(house, browser, size):
    """A visitor's page at one size; whatever it asks of another machine, or trips over, fails the test."""
    context = browser.new_context(viewport=SIZES[size], locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    foreign, broken = [], []
    context.on("request", lambda asked: None if _ours(asked.url, house.url) else foreign.append(asked.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda told: broken.append(told.text) if "Content Security Policy" in told.text else None)
    yield page
    context.close()
    assert foreign == []
    assert broken == []


def _ours(url, house):
    return url.startswith(("data:", "blob:", "about:")) or urlsplit(url).netloc == urlsplit(house).netloc


@pytest.fixture
def sign_in(house, visit):
    """Sign the visitor in; the form has a test of its own."""

    def enter(role):
        with house.office.begin() as session:
            person = people.named(session, role)
        token = people.open_session(house.office, person)
        visit.context.add_cookies([{"name": people.COOKIE, "value": token, "url": house.url}])

    return enter


@pytest.fixture
def truth(house):
    """What was planted, and must be found."""
    return read_truth(house.folder / "truth.json")
