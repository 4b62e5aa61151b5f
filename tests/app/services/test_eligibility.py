"""Small posts: where separation of duties leaves nobody, a step goes up to Bamako; where somebody is left, it stays."""

from types import SimpleNamespace

import pytest

from app.db.transaction import transaction
from app.services import clock, eligibility
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.handlers import HANDLERS
from app.services.placing import Place


def routed(case, role: str, post: str, four_eyes: str) -> tuple[str, str, list[str]]:
    """Where a step of this role at this post would go, and the kinds of entries that say so."""

    def work(unit):
        act = locked(unit, SYSTEM, HANDLERS, case_id=case.case_id)
        step = SimpleNamespace(extensions={"four_eyes": four_eyes}, step="une_etape")
        place = eligibility.routed(act, step, Place(role, post), None)
        return place.role, place.post_code, [row["kind"] for row in act.recorder.rows]

    return transaction(work, clock.now)


@pytest.fixture
def case(stage_sqlite):
    return stage_sqlite("identifier_proche")


def test_the_only_officer_of_a_post_did_the_first_step(case):
    assert routed(case, "agent_consulaire", "LBV", "enregistrer_deces") == ("chef_departement", "CENTRAL", ["task.rerouted"])


def test_a_step_that_nobody_did_keeps_nobody_away(case):
    assert routed(case, "agent_consulaire", "LBV", "valider_cloture") == ("agent_consulaire", "LBV", [])


def test_somebody_else_at_the_post_may_do_it(case):
    assert routed(case, "agent_consulaire", "ABJ", "enregistrer_deces") == ("agent_consulaire", "ABJ", [])


def test_what_is_done_in_bamako_stays_there(case):
    assert routed(case, "gestionnaire_dgme", "CENTRAL", "enregistrer_deces") == ("gestionnaire_dgme", "CENTRAL", [])
