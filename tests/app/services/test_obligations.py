"""What members of the staff owe keeps them from something new, from a moment on, until it is cleared; what is given back of an advance."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.db.obligations import Obligation
from app.db.transaction import transaction
from app.services import clock, obligations
from app.services.act import locked
from app.services.errors import Broken, Conflict, Invalid
from app.services.funding import payments
from app.services.handlers import HANDLERS
from tests.app.services.money import asked_of, ensure_sound, line
from tests.app.services.staging import rows

SECOND = dt.timedelta(seconds=1)
RETURN = dt.date(2026, 3, 27)
LIMIT = dt.datetime(2026, 4, 16, 23, 59, tzinfo=dt.UTC)
"""The end of the twentieth day after the return."""
REPORT = {"obligation": "rapport_mission", "agents": ["U-42", "U-34"], "depuis": RETURN, "interdit_apres": LIMIT}


def within(case, at: dt.datetime, move, language: str = "fr"):
    """One act on a case at a moment, by an officer who reads a language."""
    actor = replace(case.user("U-32"), language=language)

    def work(unit):
        return move(locked(unit, actor, HANDLERS, case_id=case.case_id))

    with clock.at(at):
        return transaction(work, clock.now)


def job(scope: str = "mission", **inputs) -> SimpleNamespace:
    return SimpleNamespace(scope=scope, step="obliger_rapport", inputs=inputs)


def owe(case, at: dt.datetime, scope: str = "mission", **inputs) -> None:
    within(case, at, lambda act: obligations.open_for(act, job(scope, **{**REPORT, **inputs})))


def clear(case, at: dt.datetime, scope: str = "mission", kind: str = "rapport_mission") -> None:
    within(case, at, lambda act: obligations.clear(act, job(scope, obligation=kind)))


def asking(case, at: dt.datetime, *team: str, language: str = "fr") -> str | None:
    """What is said when a mission of this team is asked for at a moment; None when nothing is."""
    task = SimpleNamespace(process="sp_mis", step="demander_mission", scope="", chain=[("", "cor")], item=None)
    answers = {"equipe": [{"agent": agent} for agent in team]}
    try:
        within(case, at, lambda act: obligations.none_due(act, task, answers), language)
    except Invalid as refused:
        return str(refused.errors["equipe"])
    return None


def test_until_the_last_minute_of_the_twentieth_day_a_new_mission_is_asked_for(stage):
    case = stage("liquider")
    owe(case, LIMIT - dt.timedelta(days=20))
    assert asking(case, LIMIT, "U-42", "U-34") is None
    after = LIMIT + SECOND
    assert asking(case, after, "U-33", "U-36") is None, "they were not of that mission"
    said = asking(case, after, "U-33", "U-34")
    assert said is not None and said.startswith("Aucun nouvel ordre de mission pour ")
    assert "attendu depuis le 27/03/2026" in said
    assert str(asking(case, after, "U-34", language="en")).startswith("No new mission order for ")
    assert str(asking(case, after, "U-42", "U-34")).count("Aucun nouvel ordre") == 2, "each is named"
    clear(case, after)
    assert asking(case, after, "U-42", "U-34") is None
    owe(case, after, depuis=RETURN + dt.timedelta(days=25), interdit_apres=LIMIT + dt.timedelta(days=25))
    assert asking(case, after, "U-42") is None, "the report was sent back: its time begins anew"
    assert [row.user_code for row in rows(select(Obligation).order_by(Obligation.id))] == ["U-42", "U-34"]


def test_of_two_missions_each_is_cleared_by_its_own_report(stage_sqlite):
    case = stage_sqlite("liquider")
    owe(case, LIMIT)
    owe(case, LIMIT, "another", agents=["U-34", "U-34"], depuis=RETURN - dt.timedelta(days=1))
    after = LIMIT + SECOND
    assert "26/03/2026" in str(asking(case, after, "U-34")), "the longer one is told"
    clear(case, after, "another")
    assert "27/03/2026" in str(asking(case, after, "U-34"))
    clear(case, after, kind="avance_mission")
    assert asking(case, after, "U-34") is not None, "the report is something else than the advance"


def test_who_closes_the_case_has_accounted_for_what_was_owed(stage_sqlite):
    case = stage_sqlite("liquider")
    owe(case, LIMIT)
    within(case, LIMIT, lambda act: HANDLERS["case.close"](act, SimpleNamespace(step="archiver", inputs={"issue": None}, scope="")))
    assert asking(case, LIMIT + SECOND, "U-42") is None


def test_a_kind_that_the_folder_does_not_declare_is_an_incident(stage_sqlite):
    case = stage_sqlite("liquider")
    with pytest.raises(Broken, match="aucune obligation ne s’appelle « dette »"):
        owe(case, LIMIT, obligation="dette")


def test_what_is_given_back_of_an_advance_returns_to_the_line(stage):
    """Not more than was paid, and the sum still adds up."""
    case = stage("confirmer_reception")
    asked, before = asked_of(case), line().available
    given = {"engagement_id": asked.code, "montant_justifie": 1_700_000}

    def justify(amount: int) -> None:
        within(case, case.now, lambda act: payments.justify(act, job(**given, montant_reverse=amount)))

    with pytest.raises(Conflict) as refused:
        justify(asked.paid + 1)
    assert refused.value.code == "over_returned"
    justify(300_000)
    assert line().available == before + 300_000
    assert (asked_of(case).returned, asked_of(case).paid) == (300_000, asked.paid)
    ensure_sound()
