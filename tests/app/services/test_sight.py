"""Who sees what of a death abroad: the rights matrix, person by person of the demonstration."""

import datetime as dt

import pytest
from sqlalchemy import insert, select, update

from app.db.cases import Case, Team
from app.db.tasks import Task
from app.db.users import RoleGrant, User
from app.extensions import db
from app.services import inbox, messages, policy, step_view
from app.services.errors import NotFound
from app.services.policy import FULL, NONE, SHEET, TASKS
from tests.app.services.rights import AUTUMN, MATRIX
from tests.app.services.staging import one, rows, write

PEOPLE = [(code, sight, who) for sight, people in MATRIX.items() for code, who in people.items()]


@pytest.fixture
def case(stage_sqlite):
    """The State's money is about to be decided upon; it is autumn, when everybody's mandate runs."""
    found = stage_sqlite("decider_financement")
    found.now = AUTUMN
    return found


def sees(case, code: str) -> str:
    session = db.session()
    row = session.get_one(Case, case.case_id)
    found = policy.sight(session, case.user(code), row, case.case_type)
    db.session.rollback()
    return found


def listed(case, code: str) -> bool:
    """Whether lists and searches show the case to a person."""
    condition = policy.visible_cases(case.user(code), {"COR": case.case_type})
    return bool(rows(select(Case.id).where(Case.id == case.case_id, condition)))


@pytest.mark.parametrize(("code", "sight", "who"), PEOPLE, ids=[f"{code} {who}" for code, _, who in PEOPLE])
def test_what_each_role_sees(case, code, sight, who):
    assert sees(case, code) == sight, who
    assert listed(case, code) is (sight != NONE), "lists show what exists, and nothing else"


def test_the_people_of_the_matrix_hold_every_role_of_the_demonstration(case):
    held = set(rows(select(RoleGrant.role).distinct()))
    known = {grant.role for code, _, _ in PEOPLE for grant in case.user(code).grants}
    assert held - known <= {"gestionnaire_stock", "coord_tokten", "evaluateur_projet", "membre_comite", "partenaire"}


def test_the_station_sees_its_task_when_the_body_comes(stage_sqlite):
    case = stage_sqlite("preparer_arrivee")
    assert (sees(case, "U-27"), sees(case, "U-28")) == (TASKS, NONE)
    assert listed(case, "U-27") and not listed(case, "U-28")
    case.until("confirmer_depart")
    assert sees(case, "U-27") == TASKS, "what one did stays known to one"


def test_a_post_that_serves_the_country_of_the_event_sees_the_case(case):
    user = one(select(User).where(User.code == "U-23")).id
    assert sees(case, "U-23") == NONE
    write(update(RoleGrant).where(RoleGrant.user_id == user).values(countries=["GA"]))
    assert (sees(case, "U-23"), listed(case, "U-23")) == (FULL, True)


def test_a_mandate_that_is_over_or_not_begun_shows_nothing(case):
    case.now = dt.datetime(2026, 2, 12, tzinfo=dt.UTC)
    assert case.user("U-67").grants == ()
    assert sees(case, "U-67") == NONE


def test_who_has_left_is_nobody(case):
    with pytest.raises(Exception, match="utilisateur inconnu"):
        case.user("U-72")


@pytest.fixture
def restricted(case):
    """The case has become C4; the officer who opened it and the case manager who took a task are named on it."""
    write(update(Case).where(Case.id == case.case_id).values(confidentiality="C4"))
    return case


def test_a_c4_case_exists_for_those_who_are_named_only(restricted):
    named = set(rows(select(User.code).join(Team, Team.user_id == User.id).where(Team.case_id == restricted.case_id)))
    assert "U-14" in named
    work = people_with_work(restricted)
    for code, sight, who in PEOPLE:
        wanted = FULL if sight == FULL and code in named else SHEET if sight == SHEET else TASKS if code in work else NONE
        assert sees(restricted, code) == wanted, who
        assert listed(restricted, code) is (wanted != NONE), who


def people_with_work(case) -> set[str]:
    """Who completed a step of the case, or could take an open one: they see what their own tasks show."""
    open_tasks = case.task_rows(Task.closed_at.is_(None))
    done = set(rows(select(User.code).where(User.id.in_([task.closed_by_id for task in case.task_rows() if task.closed_by_id]))))
    return done | {code for code, _, _ in PEOPLE if any(policy.grants_for(case.user(code), task, case.case_type) for task in open_tasks)}


def test_to_be_named_opens_a_c4_case(restricted):
    assert sees(restricted, "U-42") == NONE
    user = one(select(User).where(User.code == "U-42")).id
    write(insert(Team).values(case_id=restricted.case_id, user_id=user, since=restricted.now))
    assert (sees(restricted, "U-42"), listed(restricted, "U-42")) == (FULL, True)


def test_the_auditor_opens_no_c4_case(restricted):
    assert (sees(restricted, "U-67"), listed(restricted, "U-67")) == (NONE, False)


@pytest.mark.parametrize("code", ["U-69", "U-70"])
def test_administrators_keep_the_house_and_see_no_case(case, code):
    actor = case.user(code)
    assert policy.is_administrator(actor)
    assert policy.ensure_administrator(actor).role in actor.roles
    assert (sees(case, code), listed(case, code)) == (NONE, False)


@pytest.mark.parametrize("code", ["U-14", "U-39", "U-51", "U-67"])
def test_for_nobody_else_there_is_an_administration(case, code):
    with pytest.raises(NotFound):
        policy.ensure_administrator(case.user(code))


def test_whoever_gives_the_answer_finds_the_wait_among_theirs_and_writes_it_down(stage_sqlite):
    """The financial controller sees the money of the case and no more of it; the finance officer may write the visa down for them."""
    case = stage_sqlite("attendre_visa")
    controller, officer, other = case.user("U-47"), case.user("U-44"), case.user("U-46")
    wait = one(select(Task).where(Task.step == "attendre_visa"))
    page = inbox.page(db.session(), controller, inbox.WAITING, inbox.Filters(), None, case.now)
    assert [row.id for row in page.rows] == [wait.id]
    assert step_view.open_step(db.session(), controller, wait.id, case.now).refusal is None
    assert step_view.open_step(db.session(), officer, wait.id, case.now).refusal is None
    assert step_view.open_step(db.session(), other, wait.id, case.now).refusal is not None
    db.session.rollback()
    with case.at(case.now):
        messages.record_answer(controller, wait.id, {"n_visa": "CF-2026-0001", "date_visa": case.now.date().isoformat()})
    assert one(select(Task.closed_by_id).where(Task.step == "attendre_visa")) == controller.id
    assert policy.sight(db.session(), controller, one(select(Case)), case.case_type) == SHEET
