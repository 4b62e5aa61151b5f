"""Entries of all histories by person, period, kind and sum, on each database; a sample that draws the same cases again."""

import datetime as dt

import pytest
from sqlalchemy import insert, select

from app.db.cases import Case
from app.db.history import HistoryEntry
from app.db.users import RoleGrant, User
from app.extensions import db
from app.services import actor as actors
from app.services import audit, chain
from app.services.audit import Search
from app.services.errors import NotFound
from tests.support.cases import officer, open_case

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def auditor():
    """An auditor of the demonstration."""
    user_id = db.session.scalar(select(RoleGrant.user_id).where(RoleGrant.role == "auditeur").limit(1))
    return actors.load(db.session(), user_id, NOW.date())


@pytest.fixture
def cases(ministry):
    """Three cases, one a day; in each, money is reserved: 100, 2 000 and 30 000 000 000."""
    opened = [open_case(NOW + number * DAY).case_id for number in range(3)]
    user_id = db.session.scalar(select(User.id).where(User.login == "nsissouma"))
    db.session.rollback()
    with db.engine.connect().execution_options(write=True) as connection:
        for number, (case_id, amount) in enumerate(zip(opened, (100, 2_000, 30_000_000_000), strict=True)):
            entry = chain.canonical({"role": "agent_finance", "behind": None, "post": "DFM", "version": "", "data": {"amount": amount}})
            row = {
                "case_id": case_id,
                "seq": 900,
                "at": NOW + number * DAY,
                "kind": "funding.reserved",
                "actor_id": user_id,
                "entry": entry,
            }
            connection.execute(insert(HistoryEntry).values(row))
        connection.commit()
    return opened


def found(wanted, after=None, size=audit.PAGE):
    """Amounts of what is found, the newest first."""
    page = audit.search(db.session(), auditor(), wanted, after, size)
    return [one.entry.data.get("amount") for one in page.rows], page.after


@pytest.mark.parametrize(
    ("wanted", "amounts"),
    [
        (Search(kind="money"), [30_000_000_000, 2_000, 100]),
        (Search(least=101), [30_000_000_000, 2_000]),
        (Search(least=100, most=2_000), [2_000, 100]),
        (Search(kind="money", since=NOW + DAY), [30_000_000_000, 2_000]),
        (Search(kind="money", until=NOW + DAY), [100]),
        (Search(kind="money", who="NSISSOUMA"), [30_000_000_000, 2_000, 100]),
        (Search(kind="money", who="%"), [30_000_000_000, 2_000, 100]),
        (Search(kind="money", who="personne de ce nom"), []),
        (Search(kind="money", case_type="PRJ"), []),
        (Search(kind="money", post="ABJ"), [30_000_000_000, 2_000, 100]),
        (Search(kind="late"), []),
    ],
)
def test_entries_are_found_by(cases, wanted, amounts):
    assert found(wanted)[0] == amounts


def test_pages_go_on_by_key_and_a_made_up_key_does_no_harm(cases):
    first, after = found(Search(kind="money"), size=2)
    assert (first, after is not None) == ([30_000_000_000, 2_000], True)
    assert found(Search(kind="money"), after, 2) == ([100], None)
    assert found(Search(kind="money"), "nonsense_x")[0] == [30_000_000_000, 2_000, 100]


def test_a_sample_is_drawn_again_by_its_seed(cases):
    def draw(seed, **wanted):
        return audit.sample(db.session(), auditor(), Search(**wanted), 2, seed)

    once, twice = draw("a1"), draw("a1")
    assert once.population == 3
    assert [row.id for row in once.cases] == [row.id for row in twice.cases]
    assert len({tuple(row.id for row in draw(str(seed)).cases) for seed in range(20)}) == 3, "another seed, other cases"
    assert draw("a1", since=NOW + 2 * DAY).population == 1


def test_who_is_not_named_on_a_very_restricted_case_finds_nothing_of_it(cases):
    db.session.rollback()
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(Case.__table__.update().where(Case.id == cases[0]).values(confidentiality="C4"))
        connection.commit()
    assert found(Search(kind="money"))[0] == [30_000_000_000, 2_000]


def test_for_others_it_does_not_exist(cases):
    with pytest.raises(NotFound):
        audit.search(db.session(), officer(), Search())
    with pytest.raises(NotFound):
        audit.sample(db.session(), officer(), Search(), 5, "x")
