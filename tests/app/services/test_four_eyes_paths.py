"""Every way into a step of the money, tried by everybody who had a hand in it before: none lets them through.

The steps are those where money is granted, certified, liquidated, ordered and paid; the ways are the page, the interface for programs, the
bar of the inbox, a colleague who hands the step over, an absence, a delegation, taking over what is late, a declared relative, and the
repair of a case that broke.
(domain: roles-and-rights §4, rules S1 and S3.)
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, select, update

from app.db.cases import Incident
from app.db.funding import FundingRequest, Payment
from app.db.tasks import Task
from app.db.users import Absence, Kinship, RoleGrant, User
from app.extensions import db, limiter
from app.services import admin_incidents, assignment, clock
from app.services.errors import Refusal
from tests.app.api.calls import Caller
from tests.app.services.staging import StagedCase, one, rows, write
from tests.web.world import PASSWORD

HANDS = {
    "decider_financement": {"asked": "U-14"},
    "certifier_service_fait": {"asked": "U-14", "granted": "U-39"},
    "liquider": {"asked": "U-14", "granted": "U-39", "certified": "U-13"},
    "ordonnancer": {"asked": "U-14", "granted": "U-39", "certified": "U-13", "liquidated": "U-45"},
    "payer_localement": {"asked": "U-14", "granted": "U-39", "certified": "U-13", "liquidated": "U-45", "ordered": "U-46"},
}
"""Step -> who had a hand in the same money before, in the usual scenario."""
STRANGER = "U-54"
"""Works for the cabinet, holds nothing, had no hand in anything."""


def number(code: str) -> int:
    return int(one(select(User.id).where(User.code == code)))


def give_role(code: str, task: Task, behind: str | None = None, role: str | None = None) -> None:
    """A role that may do the step, held for oneself or for somebody."""
    plain = {"countries": [], "case_types": [], "priorities": [], "deed": "", "ceiling": None, "posts": [task.post_code]}
    for_whom = number(behind) if behind else None
    write(insert(RoleGrant).values(user_id=number(code), role=role or task.role, on_behalf_of_id=for_whom, **plain))


def by_page(case: StagedCase, code: str, task: Task) -> bool:
    """The form of the page is sent."""
    client = case.app.test_client()
    login = one(select(User.login).where(User.code == code))
    with clock.at(case.now):
        assert client.post("/connexion", data={"login": login, "password": PASSWORD}).status_code == 303
        return client.post(f"/taches/{task.id}", data={"terminer": "1"}).status_code in (403, 404)


def by_program(case: StagedCase, code: str, task: Task) -> bool:
    """The interface for programs is called."""
    return Caller(case, code).post(f"/tasks/{task.id}/complete", {"answers": {}}).status_code in (403, 404)


def by_service(case: StagedCase, code: str, task: Task) -> bool:
    """The service alone, under all pages."""
    return refused(lambda: case.do(task.step, case.user(code)))


def refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except Refusal as refusal:
        return refusal.status in (403, 404)
    return False


def _own(case, code, task):
    give_role(code, task)
    return [by_page(case, code, task), by_program(case, code, task), by_service(case, code, task)]


def _taken(case, code, task):
    """Taken in the inbox, one by one as its bar does, then done."""
    give_role(code, task)
    with clock.at(case.now):
        taken = refused(lambda: assignment.claim(case.user(code), task.id))
    return [taken, by_page(case, code, task)]


def _handed(case, code, task):
    """A colleague who may do it hands it over."""
    give_role(code, task)
    give_role(STRANGER, task)
    with clock.at(case.now):
        handed = refused(lambda: assignment.assign(case.user(STRANGER), task.id, code))
    return [handed, by_program(case, code, task)]


def _given(case, code, task):
    """It lies in their hands already, whoever put it there."""
    give_role(code, task)
    write(update(Task).where(Task.id == task.id).values(assignee_id=number(code)))
    return [by_page(case, code, task), by_program(case, code, task), by_service(case, code, task)]


def _delegate(case, code, task):
    """They hold the role for somebody who may."""
    give_role(STRANGER, task)
    give_role(code, task, behind=STRANGER)
    return [by_page(case, code, task), by_program(case, code, task)]


def _through_another(case, code, task):
    """Somebody else holds the role for them."""
    give_role(STRANGER, task, behind=code)
    return [by_page(case, STRANGER, task), by_program(case, STRANGER, task)]


def _absence(case, code, task):
    """They stand in for somebody absent who holds the step."""
    give_role(STRANGER, task)
    day = case.now.date()
    write(
        insert(Absence).values(user_id=number(STRANGER), cover_id=number(code), starts_on=day, ends_on=day, reason=""),
        update(Task).where(Task.id == task.id).values(assignee_id=number(STRANGER)),
    )
    return [by_page(case, code, task), by_program(case, code, task)]


def _late(case, code, task):
    """It is late, and they answer for the delays of its role."""
    boss = case.case_type.supervisors[task.role]
    give_role(code, task, role=boss)
    with clock.at(case.now):
        taken = refused(lambda: assignment.assign(case.user(code), task.id, code))
    write(update(Task).where(Task.id == task.id).values(assignee_id=number(code)))
    return [taken, by_page(case, code, task)]


def _relative(case, code, task):
    """A declared relative who may do it, and had no hand in anything."""
    give_role(STRANGER, task)
    write(insert(Kinship).values(user_id=number(STRANGER), relative_id=number(code), tie="cousin"))
    return [by_page(case, STRANGER, task), by_program(case, STRANGER, task), by_service(case, STRANGER, task)]


def _repaired(case, code, task):
    """The case broke, and they mend it as administrators: what they let run again is nobody's act, and decides nothing."""
    give_role(code, task)
    give_role(code, task, role="admin_technique")
    before = sides()
    row = {"case_id": case.case_id, "element": task.step, "message": "Une étape a échoué.", "happened_at": case.now, "attempts": 1}
    write(insert(Incident).values(row))
    broken = one(select(Incident.id).where(Incident.resolved_at.is_(None)).order_by(Incident.id.desc()).limit(1))
    with clock.at(case.now):
        admin_incidents.retry(case.user(code), broken)
        if admin_incidents.still_open(db.session(), broken):
            admin_incidents.close(case.user(code), broken, "Réparé autrement.")
        db.session.rollback()
    return [sides() == before, by_page(case, code, task), by_program(case, code, task), by_service(case, code, task)]


def sides() -> list[tuple[int | None, ...]]:
    """Who asked for, granted and certified each request, ordered and paid each payment."""
    request = select(FundingRequest.requester_id, FundingRequest.approver_id, FundingRequest.certifier_id).order_by(FundingRequest.id)
    payment = select(Payment.certifier_id, Payment.liquidator_id, Payment.orderer_id, Payment.accountant_id).order_by(Payment.id)
    found = [tuple(row) for query in (request, payment) for row in db.session.execute(query)]
    db.session.rollback()
    return found


WAYS = [_own, _taken, _handed, _given, _delegate, _through_another, _absence, _late, _relative, _repaired]


@pytest.mark.parametrize("step", HANDS)
def test_who_had_a_hand_in_it_finds_no_way_to_the_next_side(stage_sqlite, monkeypatch, step):
    case = stage_sqlite(step)
    case.app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    task = case.task(step)
    holder, grants = task.assignee_id, {grant.id for grant in rows(select(RoleGrant))}
    let_through = []
    for side, code in HANDS[step].items():
        for way in WAYS:
            if not all(way(case, code, task)):
                let_through.append((side, way.__name__))
            write(
                delete(RoleGrant).where(RoleGrant.id.not_in(grants)),
                delete(Absence).where(Absence.user_id == number(STRANGER)),
                delete(Kinship).where(Kinship.user_id == number(STRANGER)),
                update(Task).where(Task.id == task.id).values(assignee_id=holder),
            )
    assert let_through == []
    assert one(select(Task).where(Task.id == task.id)).closed_at is None


@pytest.mark.parametrize("step", HANDS)
def test_the_same_ways_are_open_to_whoever_had_no_hand_in_it(stage_sqlite, monkeypatch, step):
    """So that what is refused above is refused for its hands alone."""
    case = stage_sqlite(step)
    case.app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    task = case.task(step)
    write(update(Task).where(Task.id == task.id).values(assignee_id=None))
    give_role(STRANGER, task)
    assert not by_page(case, STRANGER, task), "its answers are looked at"
    assert not by_program(case, STRANGER, task), "its answers are looked at"
