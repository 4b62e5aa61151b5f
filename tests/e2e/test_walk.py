"""The main job in a browser, from report to closure, by the accounts of its roles, without a line of JavaScript."""

import pytest
from sqlalchemy import select

from app.db.cases import Case
from app.extensions import db
from app.scenarios import conditions
from app.scenarios.reading import read
from app.scenarios.scratch import code_of
from tests.e2e.person import Person
from tests.web.world import SCENARIO

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser-3")]


def test_a_repatriation_paid_by_the_state(new_site, opened, tmp_path):
    page = opened(script=False)
    page.who = None
    scenario = read(SCENARIO)
    with new_site.world.app.app_context(), conditions.set_up(scenario["given"]):
        person = Person(code_of(SCENARIO), scenario, tmp_path).at_the_browser(new_site, page)
        for line in scenario["steps"]:
            person.line(line)
        case = db.session.scalars(select(Case).where(Case.id == person.case_id)).one()
        assert case.status == scenario["expect"]["status"]
        assert case.outcome == scenario["expect"]["outcome"]
    assert page.complaints == []
