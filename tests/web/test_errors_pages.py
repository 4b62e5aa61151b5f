"""Whatever goes wrong, a page says so in a sentence; never a traceback."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.extensions import db
from app.web import access
from tests.support.applications import make_app


def broken(kind: str):
    """A page that fails."""

    @access.public
    def view():
        if kind == "code":
            raise RuntimeError("secret detail")
        db.session.execute(text("SELECT * FROM no_such_table"))

    return view


@pytest.fixture
def failing(tmp_path: Path):
    """An application without tables, with two pages that fail."""
    app = make_app(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/panne", "broken_code", broken("code"))
    app.add_url_rule("/panne-base", "broken_base", broken("base"))
    return app.test_client()


@pytest.mark.parametrize("address", ["/panne", "/panne-base"])
def test_a_failure_says_so_and_shows_nothing_of_it(failing, address):
    answer = failing.get(address)
    page = answer.get_data(True)
    assert answer.status_code == 500
    assert "Une panne est survenue" in page
    assert "secret detail" not in page
    assert "no_such_table" not in page
    assert "Traceback" not in page


def test_a_failure_is_told_to_a_script_as_a_problem(failing):
    answer = failing.get("/panne", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"


def test_a_wrong_method_and_an_unknown_page(failing):
    assert failing.post("/aide").status_code == 405
    assert failing.get("/nulle-part").status_code == 404
