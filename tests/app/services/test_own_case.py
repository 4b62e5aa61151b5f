"""Nobody has a hand on both sides of a request, nor on the case of their own: under the own name, for somebody, or by a relative."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from app.db.funding import FundingRequest
from app.db.tasks import Task
from app.db.transaction import transaction
from app.db.users import Absence, DeclaredRelative, Kinship, RoleGrant, User
from app.extensions import db
from app.services import actor as actors
from app.services import clock, concern, tasks
from app.services.errors import Forbidden, Refusal
from tests.app.services.staging import one, write
from tests.app.services.test_eligibility import routed

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}
HELPED, REPORTED = "P-0014", "declarant"
ROLE = "delegue_general"


@pytest.fixture
def case(stage_sqlite):
    """Two millions are asked for P-0014, and the delegate general's decision is awaited."""
    return stage_sqlite("decider_financement")


def number(code: str) -> int:
    return int(one(select(User.id).where(User.code == code)))


def ours(code: str, person: str = HELPED) -> None:
    """The record is that of a user."""
    write(update(User).where(User.code == code).values(person_code=person))


def relative(code: str, person: str = HELPED) -> None:
    write(insert(DeclaredRelative).values(user_id=number(code), person_code=person))


def kin(code: str, other: str) -> None:
    write(insert(Kinship).values(user_id=number(code), relative_id=number(other), tie="cousin"))


def delegate(code: str, behind: str, role: str = ROLE) -> None:
    plain = {"posts": [], "countries": [], "case_types": [], "priorities": [], "deed": "", "ceiling": None}
    write(insert(RoleGrant).values(user_id=number(code), role=role, on_behalf_of_id=number(behind), **plain))


@pytest.mark.parametrize(
    "declare",
    [
        lambda: ours("U-39"),
        lambda: relative("U-39"),
        lambda: (kin("U-39", "U-54"), ours("U-54")),
        lambda: (kin("U-54", "U-39"), ours("U-54")),
    ],
    ids=["own", "relative", "relative on the staff", "whoever declared it"],
)
def test_s3_nobody_decides_on_a_case_that_names_them_or_a_relative(case, declare):
    declare()
    with pytest.raises(Forbidden, match="ce dossier vous nomme, vous ou un parent déclaré"):
        case.do("decider_financement", "U-39", **GRANT)


def test_s3_nobody_decides_on_what_they_reported(case):
    reported = case.fact(REPORTED)
    ours("U-39", reported)
    with pytest.raises(Forbidden, match="règle S3"):
        case.do("decider_financement", "U-39", **GRANT)


def test_s3_holds_for_a_delegate_of_whoever_is_named(case):
    ours("U-39")
    delegate("U-36", "U-39")
    with pytest.raises(Forbidden, match="règle S3"):
        case.do("decider_financement", "U-36", **GRANT)


def test_a_case_of_somebody_else_is_decided(case):
    relative("U-39", "P-0232")
    case.do("decider_financement", "U-39", **GRANT)


def test_at_a_post_where_all_are_named_a_step_goes_up(stage_sqlite):
    case = stage_sqlite("identifier_proche")
    place = ("agent_consulaire", "ABJ", "enregistrer_deces")
    assert routed(case, *place)[:2] == ("agent_consulaire", "ABJ")
    for code in ("U-02",):
        ours(code, case.row.person_code)
    assert concern.concerned(db.session(), case.case_id, [number("U-02"), number("U-14")]) == {number("U-02")}
    db.session.rollback()


def test_what_was_asked_for_somebody_is_not_granted_by_them_nor_for_them(case):
    """U-14 asked on behalf of U-39: neither U-39 nor another delegate of U-39 decides."""
    write(update(Task).where(Task.case_id == case.case_id, Task.step == "preparer_demande").values(closed_behind_id=number("U-39")))
    delegate("U-36", "U-39")
    for code in ("U-39", "U-36"):
        with pytest.raises(Forbidden, match="Séparation des fonctions"):
            case.do("decider_financement", code, **GRANT)


def test_a_delegate_does_not_decide_for_a_relative_of_whoever_asked(case):
    kin("U-39", "U-14")
    delegate("U-36", "U-39")
    with pytest.raises(Forbidden, match="parent déclaré"):
        case.do("decider_financement", "U-36", **GRANT)


# ------------------------------------------------------------------ a search for a way round
STAFF = ("U-14", "U-36", "U-39")
PAIRS = st.tuples(st.sampled_from(STAFF), st.sampled_from(STAFF)).filter(lambda pair: pair[0] != pair[1])


class Undone(Exception):
    """What was tried is taken back."""


@settings(max_examples=120, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    asker=st.sampled_from(STAFF),
    asked_for=st.none() | st.sampled_from(STAFF),
    decider=st.sampled_from(STAFF),
    holders=st.sets(st.sampled_from(STAFF), max_size=3),
    delegations=st.sets(PAIRS, max_size=3),
    covers=st.sets(PAIRS, max_size=2),
    ties=st.sets(PAIRS, max_size=2),
    named=st.sets(st.sampled_from(STAFF), max_size=1),
)
def test_no_way_round_is_found(case, asker, asked_for, decider, holders, delegations, covers, ties, named):
    """Whoever asks, and for whomever; roles, delegations, absences and family ties as they may be: if a decision passes, then whoever took
    it, and those for whom they did, are others than whoever asked, no relatives of theirs, and not named in the case."""
    ids = {code: number(code) for code in STAFF}
    world: dict[str, Any] = {"asker": asker, "asked_for": asked_for, "holders": holders, "named": named}
    world |= {"delegations": delegations, "covers": covers, "ties": ties}
    hands = decided(case, ids, decider, world)
    if hands is None:
        return
    asking = {ids[code] for code in (asker, asked_for) if code}
    related = {frozenset((ids[first], ids[second])) for first, second in ties}
    assert not hands & asking
    assert not any(frozenset((hand, other)) in related for hand in hands for other in asking)
    assert not hands & {ids[code] for code in named}


def decided(case, ids: dict[str, int], decider: str, world: dict[str, Any]) -> set[int] | None:
    """By whose hands the decision was taken, tried in that world and taken back; None when it was refused."""
    task, found = case.task("decider_financement"), []

    def work(unit) -> None:
        furnish(unit.session, case, ids, world)
        who = actors.load(unit.session, ids[decider], unit.now.date())
        try:
            tasks.complete_within(unit, who, task.id, GRANT)
        except Refusal:
            raise Undone from None
        row = unit.session.execute(select(Task.closed_by_id, Task.closed_behind_id).where(Task.id == task.id)).one()
        found.append({person for person in row if person is not None})
        raise Undone

    with case.at(case.now), pytest.raises(Undone):
        transaction(work, clock.now)
    return found[0] if found else None


def furnish(session, case, ids: dict[str, int], world: dict[str, Any]) -> None:
    """Who asked, who holds the deciding role, who stands in for whom, who is related and who is named."""
    plain = {"posts": [], "countries": [], "case_types": [], "priorities": [], "deed": "", "ceiling": None, "role": ROLE}
    session.execute(delete(RoleGrant).where(RoleGrant.role == ROLE))
    for code in world["holders"]:
        session.execute(insert(RoleGrant).values(user_id=ids[code], on_behalf_of_id=None, **plain))
    for giver, taker in world["delegations"]:
        session.execute(insert(RoleGrant).values(user_id=ids[taker], on_behalf_of_id=ids[giver], **plain))
    day = case.now.date()
    for away, cover in world["covers"]:
        session.execute(insert(Absence).values(user_id=ids[away], cover_id=ids[cover], starts_on=day, ends_on=day, reason=""))
    for first, second in world["ties"]:
        session.execute(insert(Kinship).values(user_id=ids[first], relative_id=ids[second], tie="cousin"))
    for code in world["named"]:
        session.execute(update(User).where(User.id == ids[code]).values(person_code=HELPED))
    behind = ids[world["asked_for"]] if world["asked_for"] else None
    who = {"closed_by_id": ids[world["asker"]], "closed_behind_id": behind}
    session.execute(update(Task).where(Task.case_id == case.case_id, Task.step == "preparer_demande").values(**who))
    session.execute(update(FundingRequest).where(FundingRequest.case_id == case.case_id).values(requester_id=ids[world["asker"]]))
