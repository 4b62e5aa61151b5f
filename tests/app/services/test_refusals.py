"""What one may not see does not exist for one; what one may see and not do is refused with the rule. People are kept apart."""

import datetime as dt

import pytest
from sqlalchemy import insert, select, update

from app.db.users import RoleGrant, User
from app.extensions import db
from app.services import assignment, candidates, case_file, clock, documents, inbox, intake, messages, notes, step_view, tasks
from app.services.errors import Forbidden, NotFound
from app.services.policy import NONE, SHEET
from tests.app.services.rights import AUTUMN, MATRIX
from tests.app.services.staging import one, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


@pytest.fixture
def case(stage_sqlite):
    """The State's money is about to be decided upon; it is autumn, when everybody's mandate runs."""
    found = stage_sqlite("decider_financement")
    found.now = AUTUMN
    return found


@pytest.mark.parametrize("code", MATRIX[NONE])
def test_for_who_may_not_see_it_nothing_of_the_case_exists(case, code):
    actor, task = case.user(code), case.task("decider_financement").id
    acts = (
        lambda: case_file.find(db.session(), actor, case.reference),
        lambda: step_view.open_step(db.session(), actor, task, case.now),
        lambda: tasks.complete_task(actor, task, GRANT),
        lambda: assignment.claim(actor, task),
        lambda: assignment.save_draft(actor, task, {}),
        lambda: notes.write(actor, case.case_id, "Bonjour."),
    )
    with clock.at(case.now):
        for act in acts:
            with pytest.raises(NotFound) as refused:
                act()
            assert refused.value.sentence() == "Cette page n’existe pas pour vous."
            db.session.rollback()


@pytest.mark.parametrize("code", ["U-13", "U-14", "U-32", "U-40", "U-44", "U-49", "U-67"])
def test_for_who_sees_it_a_task_of_others_says_whose_it_is(case, code):
    task = case.task("decider_financement")
    with clock.at(case.now), pytest.raises(Forbidden) as refused:
        tasks.complete_task(case.user(code), task.id, GRANT)
    assert refused.value.sentence() == "Cette tâche revient au rôle « Délégué général », que vous ne tenez pas ici."


def test_the_auditor_reads_everything_and_does_nothing(case):
    auditor = case.user("U-67")
    file = case_file.find(db.session(), auditor, case.reference)
    assert case_file.facts(db.session(), file)[""]["personne"] == "P-0013"
    db.session.rollback()
    with clock.at(case.now):
        for act in (
            lambda: notes.write(auditor, case.case_id, "Bonjour."),
            lambda: messages.deliver(auditor, case.reference, messages.Incoming("MSG_RETRAIT", {"motif_retrait": "renonciation"})),
        ):
            with pytest.raises(Forbidden, match="Un auditeur lit, il n’agit pas"):
                act()
        page = inbox.page(db.session(), auditor, inbox.TO_TAKE, inbox.Filters(), None, case.now)
    assert page.rows == []


@pytest.mark.parametrize("code", MATRIX[SHEET])
def test_who_sees_the_money_sees_neither_facts_nor_documents(case, code):
    file = case_file.find(db.session(), case.user(code), case.reference)
    with pytest.raises(NotFound):
        case_file.ensure_whole(file)
    first = case_file.documents(db.session(), case_file.find(db.session(), case.user("U-14"), case.reference))[0]
    with pytest.raises(NotFound):
        documents.find(db.session(), case.user(code), first.code)
    db.session.rollback()


@pytest.mark.parametrize(
    ("code", "post", "may"),
    [
        ("U-14", "LBV", True),
        ("U-14", "ABJ", False),
        ("U-13", "LBV", True),
        ("U-32", "ABJ", True),
        ("U-40", "LBV", True),
        ("U-33", "LBV", False),
        ("U-15", "LBV", False),
        ("U-36", "LBV", False),
        ("U-67", "LBV", False),
        ("U-69", "LBV", False),
    ],
)
def test_who_opens_a_case_and_where(case, code, post, may):
    header = {"date_signalement": case.now.isoformat(), **case.given["header"]}
    with clock.at(case.now):
        if may:
            assert intake.start_case(case.user(code), "COR", post, header).reference.startswith(f"COR-{post}-2026-")
            return
        with pytest.raises(Forbidden, match="n’ouvre pas ce type de dossier à ce poste"):
            intake.start_case(case.user(code), "COR", post, header)


def test_what_a_delegate_does_is_signed_by_both(case):
    with clock.at(case.now):
        tasks.complete_task(case.user("U-36"), case.task("decider_financement").id, GRANT)
    entry = case.entry("task.completed")
    assert (entry["actor"], entry["role"], entry["behind"]) == ("U-36", "delegue_general", case.user("U-39").id)


def test_a_delegation_that_is_over_gives_nothing(case):
    case.now = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    with clock.at(case.now), pytest.raises(Forbidden, match="Délégué général"):
        tasks.complete_task(case.user("U-36"), case.task("decider_financement").id, GRANT)


def test_a_delegation_counts_for_its_types_only(case):
    write(update(RoleGrant).where(RoleGrant.role == "delegue_general", RoleGrant.on_behalf_of_id.is_not(None)).values(case_types=["DET"]))
    with clock.at(case.now), pytest.raises(Forbidden, match="Délégué général"):
        tasks.complete_task(case.user("U-36"), case.task("decider_financement").id, GRANT)


def test_who_proposed_to_close_does_not_validate_it(stage_sqlite):
    case = stage_sqlite("valider_cloture")
    proposer = case.answers("valider_cloture")
    user = one(select(User).where(User.code == "U-14")).id
    write(
        insert(RoleGrant).values(user_id=user, role="delegue_general", posts=[], countries=[], case_types=[], priorities=[], deed=""),
    )
    with pytest.raises(Forbidden) as refused:
        case.do("valider_cloture", "U-14", **proposer)
    assert refused.value.code == "four_eyes"
    assert "Séparation des fonctions : vous avez fait « Proposer la clôture » dans ce dossier" in refused.value.sentence()


def test_a_task_is_only_offered_to_those_whom_nothing_keeps_away(stage_sqlite):
    case = stage_sqlite("liquider")
    task = case.task("liquider")
    offered = [person.code for person in candidates.of_task(db.session(), task, case.case_type, case.now.date())]
    db.session.rollback()
    assert offered == sorted(offered, key=lambda code: case.user(code).name)
    assert set(offered) == {"U-44", "U-45"}
