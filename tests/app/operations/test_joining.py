"""A project joins a call of which it is no child yet, or is told why not; the call speaks only to those that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.config import ROOT
from app.db.cases import CHILD_OF, Case, CaseLink
from app.db.history import HistoryEntry
from app.db.operations import ChildMessage
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.scenarios.reading import read_all
from app.services import clock
from app.services.operations import spreading
from tests.app.services.staging import StagedCase
from tests.support import databases
from tests.support.applications import FILL, make_app

SCENARIO = ROOT / "bpmn" / "project-call" / "scenarios" / "appel.yaml"


@pytest.fixture
def call(tmp_path: Path) -> Iterator[StagedCase]:
    """A call with two scored projects, one of them within its envelope."""
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), tmp_path / "ministry.db")
    app = make_app(f"sqlite:///{tmp_path / 'ministry.db'}", tmp_path)
    with app.app_context():
        content = read_all(SCENARIO)["appel/ex-aequo-puis-place-liberee"]
        case = StagedCase("AAP", content, tmp_path / "documents")
        case.rest = list(content["steps"])
        yield case
        db.session.remove()


def test_a_project_that_joins_keeps_its_number_takes_over_the_call_and_hears_nothing_said_before(call: StagedCase):
    _until(call, "deposer_projet", "moulin")
    parent = db.session.scalars(select(Case.id).where(Case.case_type == "AAP")).one()
    first = db.session.execute(select(Case.id, Case.reference, Case.stage, Case.category).where(Case.parent_id == parent)).one()
    assert (first.reference.startswith("PRJ-"), first.stage, first.category) == (True, "note", "autre")
    link = select(CaseLink.kind).where(CaseLink.case_id == first.id, CaseLink.other_id == parent)
    assert list(db.session.scalars(link)) == [CHILD_OF]
    said = _say(call, parent)
    call.play_line()
    told = db.session.scalar(select(Case.told_id).where(Case.parent_id == parent, Case.id != first.id))
    heard = select(HistoryEntry.case_id).where(HistoryEntry.kind == "operation.ignored")
    assert told == said and list(db.session.scalars(heard)) == [first.id]


def test_an_operation_speaks_only_to_the_children_that_it_names(call: StagedCase):
    _until(call, "examiner_recevabilite", "moulin")
    parent = db.session.scalars(select(Case.id).where(Case.case_type == "AAP")).one()
    named, other = db.session.scalars(select(Case.id).where(Case.parent_id == parent).order_by(Case.id))
    said = _say(call, parent, each={str(named): {}}, only_each=True)
    with call.at(call.now):
        spreading.spread(parent)
    told = dict(db.session.execute(select(Case.id, Case.told_id).where(Case.parent_id == parent)).all())
    assert told[named] == said > told[other]
    assert db.session.scalar(select(ChildMessage.done_at).where(ChildMessage.id == said)) == call.now


def _say(call: StagedCase, parent: int, **how: object) -> int:
    """Something that nobody waits for, said by an operation; its number."""

    def work(unit: Unit) -> int:
        row = ChildMessage(parent_id=parent, name="MSG_DIT", payload={}, made_at=unit.now, **{"each": {}, **how})
        unit.session.add(row)
        unit.session.flush()
        return int(row.id)

    db.session.rollback()
    with call.at(call.now):
        return transaction(work, clock.now)


def _until(call: StagedCase, step: str, case: str) -> None:
    """All lines before the one that does a step of a case."""
    while (call.rest[0].get("do"), call.rest[0].get("case")) != (step, case):
        call.play_line()
    db.session.rollback()
