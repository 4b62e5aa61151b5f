"""Time alone never grants, refuses or pays."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.db.timers import Timer
from app.extensions import db
from app.services import clock, deadlines
from app.services.actor import SYSTEM
from tests.app.services.money import asked_of, money_now
from tests.app.services.staging import rows

STEPS = ("donner_avis", "decider_financement", "engager", "attendre_visa", "certifier_service_fait", "ordonnancer", "payer_localement")


@pytest.mark.parametrize("step", STEPS)
def test_time_alone_never_grants_refuses_or_pays(stage_sqlite, step):
    """Half a year passes and nobody does anything: people are told, and no amount, no approver, no decision changes."""
    case = stage_sqlite(step)
    before, approver, state = money_now(), asked_of(case).approver_id, asked_of(case).state
    known = {name: case.fact(name) for name in ("decision_financement", "montant_accorde", "resultat", "issue")}
    moment = case.now
    while moment < case.now + dt.timedelta(days=180):
        due = next_due(case)
        moment = max(moment, due or moment + dt.timedelta(days=180))
        with clock.at(moment):
            deadlines.fire_due(case.case_id)
    assert money_now() == before
    assert (asked_of(case).approver_id, asked_of(case).state) == (approver, state)
    assert {name: case.fact(name) for name in known} == known
    assert case.row.closed_at is None
    assert all(task.closed_how == "withdrawn" for task in case.task_rows(Task.closed_at > case.now))


def next_due(case) -> dt.datetime | None:
    timers = select(func.min(Timer.due_at)).where(Timer.case_id == case.case_id)
    stages = select(func.min(Task.stage_at)).where(Task.case_id == case.case_id, Task.closed_at.is_(None))
    found = [db.session.scalar(query) for query in (timers, stages)]
    db.session.rollback()
    return min((at if at.tzinfo else at.replace(tzinfo=dt.UTC) for at in found if at is not None), default=None)


def test_only_people_are_named_where_money_moved(stage_sqlite):
    """In a whole case the system never signs an act that moves money."""
    case = stage_sqlite("proposer_cloture")
    query = select(HistoryEntry).where(HistoryEntry.case_id == case.case_id, HistoryEntry.kind.like("%.%"))
    money = [entry for entry in rows(query) if entry.kind.startswith(("funding.", "payment."))]
    kinds = {"funding.reserved", "funding.committed", "payment.liquidated", "payment.ordered", "payment.paid"}
    assert {entry.kind for entry in money} >= kinds
    by_system = {entry.kind for entry in money if entry.actor_id is None}
    assert by_system <= {"funding.visa"}, "the visa came as a message of the financial controller"
    assert SYSTEM.id is None
