"""For a minute one takes back whose a task is, or a label: as an act of its own, never what others have built on."""

import datetime as dt
import re
from html import unescape

import pytest
from sqlalchemy import delete, select

from app.db.cases import CaseLabel, Team
from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.db.transaction import transaction
from app.db.users import RoleGrant, User
from app.extensions import db
from app.services import clock, proof
from tests.web.given import key_of

LINK = "Annuler ce que je viens de faire"


def words(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(True))).split())


def undo(client):
    """Presses the link; what the next page says."""
    return words(client.post("/annuler", data={"next": "/taches"}, follow_redirects=True))


def holder_of(world, task):
    with world.app.app_context():
        return db.session.scalar(select(User.code).join(Task, Task.assignee_id == User.id).where(Task.id == task))


@pytest.fixture
def colleague(world):
    """Somebody else who may do the task, for the time of a test."""
    code = world.holder("agent_consulaire", "DKR")

    def grant(unit):
        user_id = unit.session.scalar(select(User.id).where(User.code == code))
        row = RoleGrant(user_id=user_id, role="agent_consulaire", posts=["LBV"], countries=[], case_types=[], priorities=[])
        unit.session.add(row)
        unit.session.flush()
        return row.id

    with world.app.app_context():
        number = transaction(grant, clock.now)
    yield code
    with world.app.app_context():
        transaction(lambda unit: unit.session.execute(delete(RoleGrant).where(RoleGrant.id == number)), clock.now)


def test_giving_back_and_taking_are_undone_and_told_as_acts(world, officer, task):
    mine = world.holder("agent_consulaire", "LBV")
    officer.post(f"/taches/{task}/rendre")
    assert LINK in words(officer.get("/taches"))
    assert "Annulé : 1 acte." in undo(officer)
    assert holder_of(world, task) == mine
    assert LINK not in words(officer.get("/taches"))
    with world.app.app_context():
        case_id = db.session.get(Task, task).case_id
        entries = list(db.session.scalars(select(HistoryEntry).where(HistoryEntry.case_id == case_id).order_by(HistoryEntry.seq.desc())))
        assert [one.kind for one in entries[:2]] == ["task.claimed", "task.released"]
        assert f'"undone":{entries[1].seq}' in entries[0].entry
        assert proof.verify_case(db.session(), case_id).flaw is None
    assert "plus rien à annuler" in undo(officer), "once"


def test_a_mistaken_handing_over_leaves_nobody_on_the_case(world, officer, task, colleague):
    mine = world.holder("agent_consulaire", "LBV")
    officer.post(f"/taches/{task}/confier", data={"to": colleague})
    assert holder_of(world, task) == colleague
    assert "Annulé" in undo(officer)
    assert holder_of(world, task) == mine
    with world.app.app_context():
        case_id = db.session.get(Task, task).case_id
        named = set(db.session.scalars(select(User.code).join(Team, Team.user_id == User.id).where(Team.case_id == case_id)))
    assert (mine in named, colleague in named) == (True, False)


def test_after_a_minute_the_link_is_gone_and_refused(world, officer, task):
    officer.post(f"/taches/{task}/rendre")
    with clock.at(clock.now() + dt.timedelta(seconds=61)):
        assert LINK not in words(officer.get("/taches"))
        assert "Plus d’une minute a passé" in undo(officer)
    assert holder_of(world, task) is None
    officer.post(f"/taches/{task}/prendre")


def test_who_has_begun_keeps_the_task(world, officer, task, colleague):
    officer.post(f"/taches/{task}/confier", data={"to": colleague})
    world.client(colleague).post(f"/taches/{task}", data={"brouillon": "1", "lieu_deces": "Hôpital"})
    assert "a déjà commencé" in undo(officer)
    assert holder_of(world, task) == colleague


def test_what_changed_meanwhile_is_not_undone(world, officer, task, colleague):
    officer.post(f"/taches/{task}/rendre")
    world.client(colleague).post(f"/taches/{task}/prendre")
    assert "Cela a changé depuis" in undo(officer)
    assert holder_of(world, task) == colleague


def test_the_form_of_a_step_offers_no_way_back(officer, task):
    undo(officer)
    page = officer.get(f"/taches/{task}").get_data(True)
    officer.post(f"/taches/{task}", data={"cle": key_of(page), "terminer": "1"})
    assert LINK not in words(officer.get("/taches")), "nothing was done that could be"
    assert "plus rien à annuler" in undo(officer)


def test_a_label_comes_off_again_and_back_on(world, officer, task):
    officer.post("/taches/etiqueter", data={"task": [task], "label": "Urgent"})
    assert "Annulé" in undo(officer)
    officer.post("/taches/etiqueter", data={"task": [task], "label": "Garder"})
    officer.post("/taches/etiqueter", data={"task": [task], "off": "Garder"})
    assert "Annulé" in undo(officer)
    with world.app.app_context():
        case_id = db.session.get(Task, task).case_id
        assert list(db.session.scalars(select(CaseLabel.label).where(CaseLabel.case_id == case_id))) == ["Garder"]


def test_several_at_once_are_undone_at_once(officer, task):
    officer.post("/taches", data={"task": [task], "act": "release"})
    assert "Annulé : 1 acte." in undo(officer)


def test_it_is_a_post(officer):
    assert officer.get("/annuler").status_code == 405
