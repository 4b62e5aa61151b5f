"""The lists of the inbox: whose tasks stand where, page after page by key, counts that stop, filters."""

import datetime as dt

import pytest
from sqlalchemy import insert, select

from app.db.cases import Case, DefinitionVersion
from app.db.tasks import NO_DEADLINE, Task
from app.db.transaction import transaction
from app.db.users import User
from app.extensions import db
from app.services import actor as actors
from app.services import clock, inbox

START = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def actor_of(role, post=None):
    """Somebody who holds a role (at a post)."""
    for user in db.session.scalars(select(User).order_by(User.id)):
        found = actors.load(db.session(), user.id, NOW.date())
        if found and role in found.roles and (post is None or found.post == post):
            return found
    raise AssertionError(role)


def fill(tasks):
    """A case for each task; `tasks`: columns that differ."""

    def work(unit):
        version = unit.session.scalar(select(DefinitionVersion.hash))
        for number, columns in enumerate(tasks):
            case = {
                "reference": f"COR-{columns.get('post_code', 'LBV')}-2026-{number:05d}",
                "case_type": "COR",
                "version_hash": version,
                "state": b"",
                "post_code": columns.get("case_post", "LBV"),
                "country": columns.get("country", "GA"),
                "opened_at": START,
                "confidentiality": "C3",
            }
            case_id = unit.session.execute(insert(Case).values(case).returning(Case.id)).scalar_one()
            row = {
                "case_id": case_id,
                "engine_id": f"e{number}",
                "step": "x",
                "title": f"Tâche {number}",
                "process": "",
                "role": "agent_consulaire",
                "post_code": "LBV",
                "case_type": "COR",
                "priority": "P3",
                "opened_at": START,
                "due_at": START + dt.timedelta(hours=number),
                **{name: value for name, value in columns.items() if name != "case_post"},
            }
            unit.session.execute(insert(Task).values(row))

    transaction(work, clock.now)


def walk(actor, tab, filters=None):
    """Every title of a list, page after page."""
    found, after, pages = [], None, 0
    while True:
        page = inbox.page(db.session(), actor, tab, filters or inbox.Filters(), after, NOW)
        found += [row.title for row in page.rows]
        pages += 1
        if page.after is None:
            return found, pages
        after = page.after


def test_pages_by_key_show_each_task_once_in_the_order_of_deadlines(ministry):
    same = START + dt.timedelta(days=3)
    fill([{"due_at": same if number % 3 else START + dt.timedelta(hours=number)} for number in range(60)])
    titles, pages = walk(actor_of("agent_consulaire", "LBV"), inbox.TO_TAKE)
    assert pages == 3
    assert len(titles) == len(set(titles)) == 60
    assert titles[:20] == [f"Tâche {number}" for number in range(0, 60, 3)]


def test_each_list_holds_what_its_name_says(ministry):
    me = actor_of("agent_consulaire", "LBV")
    other = actor_of("agent_consulaire", "ABJ")
    fill(
        [
            {"title": "libre"},
            {"title": "mienne", "assignee_id": me.id},
            {"title": "collègue", "assignee_id": other.id},
            {"title": "attente", "kind": "wait"},
            {"title": "autre poste", "post_code": "ABJ"},
            {"title": "autre rôle", "role": "chef_poste"},
            {"title": "faite", "closed_at": NOW, "closed_by_id": me.id, "closed_how": "done"},
            {"title": "retirée", "closed_at": NOW, "closed_by_id": me.id, "closed_how": "withdrawn"},
            {"title": "sans délai", "due_at": NO_DEADLINE},
        ]
    )
    assert walk(me, inbox.TO_TAKE)[0] == ["libre", "sans délai"]
    assert walk(me, inbox.MINE)[0] == ["mienne"]
    assert walk(me, inbox.TEAM)[0] == ["libre", "mienne", "collègue", "sans délai"]
    assert walk(me, inbox.WAITING)[0] == ["attente"]
    assert walk(me, inbox.DONE)[0] == ["faite"]


def test_a_head_of_mission_watches_over_the_post_and_not_over_another(ministry):
    fill([{"title": "ici"}, {"title": "ailleurs", "post_code": "ABJ"}, {"title": "à signer", "role": "chef_poste"}])
    head = actor_of("chef_poste", "LBV")
    assert walk(head, inbox.TEAM)[0] == ["ici", "à signer"]
    assert walk(head, inbox.TO_TAKE)[0] == ["à signer"]


def test_who_is_kept_away_from_a_case_sees_none_of_its_tasks(ministry):
    me = actor_of("agent_consulaire", "LBV")
    fill([{"title": "ouverte"}, {"title": "fermée à moi", "barred": f",{me.id},"}, {"title": "fermée au poste", "barred": ",@LBV,"}])
    assert walk(me, inbox.TO_TAKE)[0] == ["ouverte"]
    page = inbox.page(db.session(), me, inbox.TO_TAKE, inbox.Filters(), None, NOW)
    assert page.counts[inbox.TO_TAKE] == 1


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"due": "late"}, ["hier"]),
        ({"due": "today"}, ["hier", "ce soir"]),
        ({"due": "soon"}, ["hier", "ce soir", "demain"]),
        ({"country": "CM"}, ["demain"]),
        ({"post": "DKR"}, ["demain"]),
        ({"case_type": "XXX"}, []),
        ({"text": "cor-lbv-2026-00001"}, ["ce soir"]),
        ({"text": "% _ '"}, []),
    ],
)
def test_filters_narrow_a_list(ministry, filters, titles):
    fill(
        [
            {"title": "hier", "due_at": NOW - dt.timedelta(days=1)},
            {"title": "ce soir", "due_at": NOW + dt.timedelta(hours=5)},
            {"title": "demain", "due_at": NOW + dt.timedelta(days=1), "country": "CM", "case_post": "DKR"},
            {"title": "plus tard", "due_at": NOW + dt.timedelta(days=9)},
        ]
    )
    assert walk(actor_of("agent_consulaire", "LBV"), inbox.TO_TAKE, inbox.Filters(**filters))[0] == titles


def test_neighbours_are_those_of_the_list(ministry):
    me = actor_of("agent_consulaire", "LBV")
    fill(
        [
            {"title": "1"},
            {"title": "2", "step": "y"},
            {"title": "3", "assignee_id": me.id},
            {"title": "4"},
            {"title": "5", "post_code": "ABJ"},
        ]
    )
    tasks = list(db.session.scalars(select(Task).order_by(Task.id)))
    numbers = [task.id for task in tasks]
    session = db.session()
    assert inbox.neighbours(session, me, inbox.TO_TAKE, tasks[1]) == (numbers[0], numbers[3])
    assert inbox.neighbours(session, me, inbox.TEAM, tasks[1]) == (numbers[0], numbers[2])
    assert inbox.neighbours(session, me, inbox.TEAM, tasks[0], step="x") == (None, numbers[2])
    assert inbox.neighbours(session, me, inbox.MINE, tasks[2]) == (None, None)
    assert inbox.neighbours(session, me, inbox.DONE, tasks[2]) == (None, None)


def test_an_empty_page_says_how_many_tasks_the_filters_hide(ministry):
    fill([{"title": "une"}, {"title": "deux"}])
    me = actor_of("agent_consulaire", "LBV")
    page = inbox.page(db.session(), me, inbox.TO_TAKE, inbox.Filters(country="FR"), None, NOW)
    assert (list(page.rows), page.hidden, page.ever) == ([], 2, False)


def test_counting_stops_at_a_thousand(ministry):
    fill([{} for _ in range(inbox.CAP + 5)])
    page = inbox.page(db.session(), actor_of("agent_consulaire", "LBV"), inbox.TO_TAKE, inbox.Filters(), None, NOW)
    assert page.counts[inbox.TO_TAKE] == inbox.CAP + 1
    assert len(page.rows) == inbox.PAGE


@pytest.mark.parametrize("after", ["", "x", "2026-13-01_1", "2026-01-01T00:00:00_", "_5", "2026-01-01T00:00:00_99999999999999999999"])
def test_a_key_that_somebody_made_up_does_no_harm(ministry, after):
    fill([{"title": "une"}])
    page = inbox.page(db.session(), actor_of("agent_consulaire", "LBV"), inbox.TO_TAKE, inbox.Filters(), after, NOW)
    assert page.after is None
