"""A ministry behind a real server, for the browser: one for all tests of a process."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from app.db.tasks import Task
from app.extensions import db, limiter
from app.services import clock, messages
from app.services.actor import SYSTEM
from tests.support import databases
from tests.support.applications import FILL, make_app
from tests.web.world import PASSWORD, World, lead

BEFORE_DECISION = "donner_avis"


class Site:
    """The address of the server, and its ministry."""

    password = PASSWORD

    def __init__(self, world: World) -> None:
        self.world, self.address = world, ""
        self.now: dt.datetime | None = None
        """The moment at which the server believes to be; None: the real one."""
        self.message: int | None = None
        """The task about a message whose case nobody knows."""

    def __call__(self, environ, start_response):
        """The application, with the clock of this site."""
        if self.now is None:
            return self.world.app(environ, start_response)
        with clock.at(self.now):
            return list(self.world.app(environ, start_response))

    def enter(self, page, code: str) -> None:
        """Sign the browser in as the user of a code."""
        page.context.clear_cookies()
        page.goto(f"{self.address}/connexion")
        page.fill("#login", self.world.login(code))
        page.fill("#password", PASSWORD)
        page.click("main .btn-primary")
        page.wait_for_url(lambda url: "/connexion" not in url)


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[Site]:
    """A site on a fresh ministry."""
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), folder / "ministry.db")
    app = make_app(f"sqlite:///{folder / 'ministry.db'}", folder)
    limiter.enabled = False
    running = Site(World(app))
    server = make_server("127.0.0.1", 0, running, threaded=True)
    running.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield running
    limiter.enabled = True
    server.shutdown()
    thread.join(5)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with one case whose funding waits for an opinion, and a message whose case nobody knows."""
    folder = tmp_path_factory.mktemp("site")
    with _running(folder) as running:
        world = running.world
        world.reference, world.case_id = lead(world.app, BEFORE_DECISION, folder / "documents")
        with world.app.app_context():
            visa = messages.Incoming("MSG_ENGAGEMENT_VISE", {"n_visa": "V-12"}, source="CF", reference="1")
            kept = messages.deliver(SYSTEM, "COR-LBV-2026-99999", visa)
            running.message = db.session.scalar(select(Task.id).where(Task.case_id == kept.case_id))
        yield running


@pytest.fixture
def opened(browser) -> Iterator[Callable]:
    """Makes pages of a width and a colour scheme, with a list of what the browser complained about."""
    contexts = []

    def make(width: int = 1280, dark: bool = False, script: bool = True):
        context = browser.new_context(
            locale="fr-FR",
            timezone_id="Africa/Bamako",
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: page.complaints.append(message.text) if "Content Security" in message.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
