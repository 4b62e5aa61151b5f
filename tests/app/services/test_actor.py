"""Who somebody is today: roles that hold, roles held for others, and ties."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from app.db.connections import WRITE
from app.db.users import Absence, Kinship, RoleGrant, User
from app.extensions import db
from app.services import actor as actors
from app.services import admin_users, clock, delegations
from tests.support import cases

TODAY = dt.date(2026, 6, 15)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
ME, OTHER = "nbouare", "tniangadou"


@pytest.fixture
def people(ministry) -> tuple[int, int]:
    """An officer and the head of the post, with nothing but what a test gives them."""
    ids = [db.session.scalar(select(User.id).where(User.login == login)) for login in (ME, OTHER)]
    db.session.rollback()
    write(
        RoleGrant.__table__.delete().where(RoleGrant.user_id.in_(ids)),
        Absence.__table__.delete(),
        Kinship.__table__.delete(),
    )
    return ids[0], ids[1]


def write(*statements) -> None:
    with db.engine.connect().execution_options(**WRITE) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def grant(user_id: int, role: str, **how):
    defaults = {"posts": ["ABJ"], "countries": [], "case_types": ["COR"], "priorities": [], "starts_on": None, "ends_on": None}
    return RoleGrant.__table__.insert().values(user_id=user_id, role=role, **{**defaults, **how})


def absence(user_id: int, cover_id: int, begin: dt.date, end: dt.date):
    return Absence.__table__.insert().values(user_id=user_id, cover_id=cover_id, starts_on=begin, ends_on=end, reason="congé")


def loaded(user_id: int):
    found = actors.load(db.session(), user_id, TODAY)
    db.session.rollback()
    return found


def test_it_is_the_user_of_the_row(people):
    me = loaded(people[0])
    assert (me.code, me.name, me.post, me.zone, me.language) == ("U-02", "Nassira Bouaré", "ABJ", "Africa/Abidjan", "fr")
    assert (me.grants, me.relatives, me.covers) == ((), frozenset(), frozenset())


def test_somebody_who_left_is_nobody(people):
    write(update(User).where(User.id == people[0]).values(active=False))
    assert loaded(people[0]) is None
    assert loaded(10**9) is None


@pytest.mark.parametrize(
    ("begin", "end", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (YESTERDAY, None, True),
        (None, TOMORROW, True),
        (TOMORROW, None, False),
        (None, YESTERDAY, False),
    ],
)
def test_a_role_holds_from_its_first_day_to_its_last(people, begin, end, holds):
    write(grant(people[0], "agent_consulaire", starts_on=begin, ends_on=end))
    assert [one.role for one in loaded(people[0]).grants] == (["agent_consulaire"] if holds else [])


def test_a_perimeter_comes_along(people):
    write(grant(people[0], "chef_poste", posts=["ABJ", "LBV"], countries=["GA"], priorities=["P1"], ceiling=500_000))
    (one,) = loaded(people[0]).grants
    assert (one.posts, one.countries, one.case_types, one.priorities) == ({"ABJ", "LBV"}, {"GA"}, {"COR"}, {"P1"})
    assert (one.ceiling, one.behind, one.behind_name) == (500_000, None, None)


def test_a_delegation_says_on_whose_behalf(people):
    me, other = people
    write(grant(me, "agent_consulaire"), grant(me, "chef_poste", on_behalf_of_id=other))
    found = loaded(me).grants
    assert [(one.role, one.behind) for one in found] == [("agent_consulaire", None), ("chef_poste", other)]
    assert found[1].behind_name == "Tiéoulé Yacouba Niangadou"


def test_a_cover_holds_the_roles_of_who_is_away_but_not_what_was_delegated_to_them(people):
    me, other = people
    third = cases.officer("msambake").id
    write(
        grant(me, "agent_consulaire"),
        grant(other, "chef_poste"),
        grant(other, "sac", ends_on=YESTERDAY),
        grant(other, "delegue_general", on_behalf_of_id=third),
        absence(other, me, TODAY, TODAY),
        absence(other, me, YESTERDAY, TOMORROW),
    )
    found = loaded(me)
    assert [(one.role, one.behind) for one in found.grants] == [("agent_consulaire", None), ("chef_poste", other)]
    assert found.grants[1].behind_name == "Tiéoulé Yacouba Niangadou"
    assert found.covers == {other}


def test_an_absence_that_is_over_gives_nothing(people):
    me, other = people
    write(grant(other, "chef_poste"), absence(other, me, YESTERDAY, YESTERDAY), absence(other, me, TOMORROW, TOMORROW))
    assert loaded(me).grants == ()
    assert loaded(me).covers == frozenset()


def test_a_tie_holds_both_ways(people):
    me, other = people
    write(Kinship.__table__.insert().values(user_id=me, relative_id=other, tie="frère"))
    assert loaded(me).relatives == {other}
    assert loaded(other).relatives == {me}


def test_a_role_over_an_operation_covers_its_children(people, ministry):
    admin = actors.load(db.session(), db.session.scalar(select(User.id).where(User.login == "atamboura")), TODAY)
    db.session.rollback()
    admin_users.grant(admin, "U-02", {"role": "agent_consulaire", "posts": ["ABJ"], "case_types": ["SIN", "AAP"]})
    (mine,) = loaded(people[0]).grants
    # the claims of a fire are opened by the operation alone; a project may also be opened outside any call
    assert (mine.covers("SINV"), mine.covers("PRJ")) == (True, False)

    delegations.give(admin, "U-02", "U-01", "agent_consulaire", clock.now().date() + dt.timedelta(days=2), case_types=["SIN"])
    held = db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == people[1])).one()
    assert held.case_types == ["SIN", "SINV"]
