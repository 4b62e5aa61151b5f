"""A ministry behind a real server, for the browser: one for all tests of a process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.support import databases
from tests.support.applications import FILL, make_app
from tests.web.world import PASSWORD, World, lead

BEFORE_DECISION = "donner_avis"


class Site:
    """The address of the server, and its ministry."""

    def __init__(self, world: World, address: str) -> None:
        self.world, self.address = world, address

    def enter(self, page, code: str) -> None:
        """Sign the browser in as the user of a code."""
        page.context.clear_cookies()
        page.goto(f"{self.address}/connexion")
        page.fill("#login", self.world.login(code))
        page.fill("#password", PASSWORD)
        page.click("main .btn-primary")
        page.wait_for_url(lambda url: "/connexion" not in url)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with one case whose funding waits for an opinion."""
    folder: Path = tmp_path_factory.mktemp("site")
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), folder / "ministry.db")
    app = make_app(f"sqlite:///{folder / 'ministry.db'}", folder)
    app.config["RATELIMIT_ENABLED"] = False
    world = World(app)
    world.reference, world.case_id = lead(app, BEFORE_DECISION, folder / "documents")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(world, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join(5)


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
