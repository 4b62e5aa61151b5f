"""A real browser for the tests: Debian's chromium, of CHROMIUM or the PATH; without its window where there is one (a third of the work)."""

import os
import shutil
from collections.abc import Iterator

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CURE = "No browser for the tests: install Debian's chromium (apt-get install chromium-headless-shell), or set CHROMIUM to the path of one."


def browser_program() -> str | None:
    """Path of a browser, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """A running browser (Playwright); what is missing fails the test and says the cure."""
    from playwright.sync_api import sync_playwright

    program = browser_program()
    if not program:
        pytest.fail(CURE, pytrace=False)
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser) -> Iterator:
    """A page in a context of its own: French, Bamako's time, 1280 x 800."""
    context = browser.new_context(locale="fr-FR", timezone_id="Africa/Bamako", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
