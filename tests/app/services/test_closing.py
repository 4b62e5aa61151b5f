"""Closing: the checklist is looked at again under the lock, and what the children of an operation got is what was paid for them."""

import json
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, update

from app.db.funding import FundingRequest
from app.db.operations import FundingShare
from app.db.transaction import transaction
from app.extensions import db
from app.services import clock, closing, step_view
from app.services.act import locked
from app.services.errors import Conflict, Invalid
from app.services.handlers import HANDLERS
from tests.app.services.money import asked_of, sentence, set_fact
from tests.app.services.staging import write

CLOSED = {"issue": "rapatrie", "motif_issue": "Procédure menée à son terme."}


@pytest.fixture
def case(stage_sqlite):
    """All is paid, and closing is about to be proposed on a checklist that held when it was drawn up."""
    return stage_sqlite("proposer_cloture")


def shown_to(case, by) -> dict:
    """What the form of the proposal works out by itself for somebody."""
    room = step_view.open_step(db.session(), by, case.task("proposer_cloture").id, case.now).room
    found = room.form.validate({}, room.facts, room.host, case.now).computed
    db.session.rollback()
    return found


def test_what_came_open_after_the_checklist_was_drawn_up_asks_for_a_reason(case):
    assert case.fact("liste_controle_ok") is True
    write(update(FundingRequest).where(FundingRequest.case_id == case.case_id).values(paid=1_500_000))
    with pytest.raises(Invalid) as refused:
        case.do("proposer_cloture", case.somebody(case.task("proposer_cloture").role, case.task("proposer_cloture")), **CLOSED)
    assert list(refused.value.errors) == ["derogation_motif"]
    assert "Engagé et non payé : 500\u202f000 FCFA" in sentence(refused)
    by = case.somebody(case.task("proposer_cloture").role, case.task("proposer_cloture"))
    assert shown_to(case, by)["points_a_regler"] is None, "all held when the list was drawn up"
    points = [{"point": "Tâche ouverte : Remettre les effets", "ok": False}, {"point": "Engagé et non payé : 5 FCFA", "ok": False}]
    set_fact(case, "liste_controle_ok", "false", scope=case.scope_of("proposer_cloture"))
    set_fact(case, "liste_controle", json.dumps(points), scope=case.scope_of("proposer_cloture"))
    assert shown_to(case, by)["points_a_regler"] == "Tâche ouverte : Remettre les effets ; Engagé et non payé : 5 FCFA"
    case.do("proposer_cloture", by, **CLOSED, derogation_motif="Le Trésor a rejeté le mandat.")


def test_an_operation_closes_only_on_what_its_children_got(case):
    asked = asked_of(case)
    share = {"request_id": asked.id, "case_id": case.case_id, "amount": asked.paid, "paid": asked.paid - 1}
    write(insert(FundingShare).values(share))
    with pytest.raises(Conflict) as refused:
        closed(case)
    said = f"Les fiches de la demande {asked.code} ont reçu 1\u202f999\u202f999 FCFA, et 2\u202f000\u202f000 FCFA ont été payés"
    assert refused.value.sentence("fr").startswith(said)
    write(update(FundingShare).where(FundingShare.request_id == asked.id).values(paid=asked.paid))
    closed(case)


class Undone(Exception):
    """The act was tried, and is not kept."""


def closed(case) -> None:
    """The handler that closes, under the lock; nothing of it is kept."""

    def work(unit) -> None:
        act = locked(unit, actor, HANDLERS, case_id=case.case_id)
        closing.close(act, job)
        raise Undone

    actor, job = case.user("U-36"), SimpleNamespace(inputs={"issue": "rapatrie"}, step="archiver", scope="")
    with clock.at(case.now), pytest.raises(Undone):
        transaction(work, clock.now)
