"""The demonstration is played through the real services: every case arrives where its data says, on the hardest day of the year."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.db.cases import Case, Incident
from app.db.tasks import STEP, WAIT, Task
from app.db.users import User
from app.demo import cases
from app.demo.reading import read
from app.extensions import db
from app.scenarios.expectations import used_equals_ledger
from app.services import clock
from tests.support.applications import furnish

pytestmark = pytest.mark.long

EPIPHANY = dt.datetime(2027, 1, 6, 10, 30, tzinfo=dt.UTC)
"""Most cases began in the budget year before."""


@pytest.fixture(scope="module")
def played(_applications, tmp_path_factory):
    """The lines that the load says, in a ministry on SQLite; the database stays for the module."""
    with clock.at(EPIPHANY):
        for app in _applications.lend("sqlite", "empty"):  # furnished on that day: the budget years follow the clock
            config = app.config["JATIGI"]
            furnish(config.bpmn)
            yield list(cases.load(config.bpmn, tmp_path_factory.mktemp("documents")))


def test_every_case_arrives(played):
    assert [line for line in played if line.startswith("ARRÊTÉ")] == []


def test_inboxes_are_alive(played):
    open_ = select(Task.post_code, func.count()).where(Task.closed_at.is_(None), Task.kind == STEP).group_by(Task.post_code)
    tasks = dict(map(tuple, db.session.execute(open_)))
    assert {"ABJ", "DKR", "CGP", "LBV", "CENTRAL"} <= set(tasks)
    assert sum(tasks.values()) >= 30


def test_the_stages_that_a_visitor_looks_for_are_there(played):
    open_ = select(Task.step).where(Task.closed_at.is_(None))
    steps = set(db.session.scalars(open_.where(Task.kind == STEP)))
    waits = set(db.session.scalars(open_.where(Task.kind == WAIT)))
    assert {"decider_financement", "engager", "ordonnancer", "delivrer_autorisation", "recueillir_volonte"} <= steps
    assert {"attendre_visa", "reserver_transport", "constater_arrivee"} <= waits
    assert db.session.scalar(open_.where(Task.due_at < EPIPHANY).limit(1)) is not None
    assert db.session.scalar(select(func.count()).where(Case.outcome.is_not(None), Case.closed_at.is_not(None))) >= 2


def test_nothing_broke_on_the_way(played):
    assert db.session.scalars(select(Incident.message)).all() == []
    used_equals_ledger()


OWN = sorted(read("cases")["dossiers"], key=lambda case: case["entete"]["date_signalement"])


@pytest.mark.parametrize("number", range(len(OWN)), ids=lambda number: OWN[number]["numero"])
def test_a_case_of_the_data_stands_at_its_step(played, number):
    header = OWN[number]["entete"]
    where = (Case.post_code == header["poste_id"], Case.case_type == header["type_dossier"])
    before = [case for case in OWN[:number] if (case["entete"]["poste_id"], case["entete"]["type_dossier"]) == key_of(header)]
    row = db.session.scalars(select(Case).where(*where).order_by(Case.id).offset(len(before))).first()
    open_ = set(db.session.scalars(select(Task.step).where(Task.case_id == row.id, Task.closed_at.is_(None))))
    assert {task["etape"] for task in OWN[number]["taches_courantes"]} <= open_
    assert (row.closed_at is not None) == (header["statut"] == "clos")
    assert row.outcome == header["issue"]
    assert db.session.get(User, row.responsible_id).code == header["responsable"]


def key_of(header):
    return header["poste_id"], header["type_dossier"]


def test_a_ministry_of_other_types_gets_none_of_these_cases(tmp_path):
    assert list(cases.load(tmp_path, tmp_path)) == []
