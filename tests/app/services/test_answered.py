"""A finished task tells what was answered, whatever was corrected since, also where each of several persons does the step."""

from __future__ import annotations

from sqlalchemy import select

from app.db.cases import Case
from app.db.tasks import Task
from app.extensions import db
from app.services import corrections, step_view
from app.services.actor import SYSTEM
from tests.app.services.staging import one


def answered(case, step, code="U-13"):
    """What the page of a finished step tells."""
    found = one(select(Task.id).where(Task.step == step, Task.closed_how == "done"))
    return step_view.open_step(db.session(), case.user(code), found, case.now).answered


def test_an_opinion_that_left_no_fact_of_its_own_is_told(stage_sqlite):
    case = stage_sqlite("decider_financement")
    told = answered(case, "donner_avis")
    assert (told["avis"], told["texte_avis"]) == ("favorable", "Dossier complet, famille sans moyens.")


def test_what_was_answered_stays_though_the_fact_was_corrected(stage_sqlite):
    case = stage_sqlite("decider_financement")
    before = answered(case, "enregistrer_deces")["lieu_deces"]
    db.session.rollback()
    with case.at(case.now):
        corrections.correct(SYSTEM, one(select(Case.id)), {"lieu_deces": "Ailleurs"}, "Lieu mal compris au téléphone")
    assert answered(case, "enregistrer_deces")["lieu_deces"] == before != "Ailleurs"
