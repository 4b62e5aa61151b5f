"""Whether task and timer rows are those that the engine's state says, and writing them again when they are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.tasks import COMPANION, Task
from app.db.timers import Timer
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import clock, projections
from app.services.act import Act, locked
from app.services.actor import SYSTEM
from app.services.errors import Broken
from app.services.handlers import HANDLERS
from workflows.engine import runtime


@dataclass(frozen=True)
class Difference:
    """A row that is missing, or one that should not be there."""

    reference: str
    table: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.reference} : {self.table} {self.key} : {self.what}"


def open_cases(session: Session) -> list[int]:
    """Cases that are not closed."""
    return list(session.scalars(select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.id)))


def check() -> Iterator[Difference]:
    """Compares every open case; each difference found."""
    ids = open_cases(db.session())
    db.session.rollback()
    for case_id in ids:
        yield from transaction(partial(_compared, case_id=case_id), clock.now)


def rebuild(case_id: int) -> int:
    """Writes the rows of a case again from its state; how many differed. The rebuilding is in the history."""
    return transaction(lambda unit: _rebuild(unit, case_id), clock.now)


def _compared(unit: Unit, case_id: int) -> list[Difference]:
    return list(_differences(_looked(unit, case_id)))


def _looked(unit: Unit, case_id: int) -> Act:
    act = locked(unit, SYSTEM, HANDLERS, case_id=case_id)
    outcome = runtime.look(act.case_type.definition, act.state or b"", act.facts, act.now, **act.surroundings)
    if outcome.incident:
        raise Broken(outcome.incident.message, element=outcome.incident.step)
    act.last = outcome
    return act


def _differences(act: Act) -> Iterator[Difference]:
    session, reference, case_id = act.unit.session, act.case.reference, act.case.id
    assert act.last is not None
    steps = {step.id for step in act.last.open if not step.job} | set(projections.visible_waits(act))
    query = select(Task.engine_id).where(Task.case_id == case_id, Task.closed_at.is_(None), Task.kind != COMPANION)
    known = set(session.scalars(query))
    yield from (Difference(reference, "task", key, "manque") for key in sorted(steps - known))
    yield from (Difference(reference, "task", key, "est de trop") for key in sorted(known - steps))
    due = {row["key"]: row["due_at"] for row in projections.timer_rows(act)}
    kept = session.execute(select(Timer.key, Timer.due_at).where(Timer.case_id == case_id))
    rows = {row.key: row.due_at for row in kept}
    yield from (Difference(reference, "timer", key, "manque") for key in sorted(due.keys() - rows.keys()))
    yield from (Difference(reference, "timer", key, "est de trop") for key in sorted(rows.keys() - due.keys()))
    yield from (
        Difference(reference, "timer", key, f"{rows[key]} au lieu de {due[key]}")
        for key in sorted(due.keys() & rows.keys())
        if due[key] != rows[key]
    )


def _rebuild(unit: Unit, case_id: int) -> int:
    act = _looked(unit, case_id)
    found = list(_differences(act))
    if not found:
        return 0
    session = unit.session
    assert act.last is not None
    steps = {step.id: step for step in act.last.open if not step.job}
    waits = projections.visible_waits(act)
    wrong = {difference.key for difference in found if difference.table == "task"}
    gone = [key for key in wrong if key not in steps and key not in waits]
    where = (Task.case_id == case_id, Task.engine_id.in_(gone))
    session.execute(update(Task).where(*where).values(closed_at=unit.now, closed_how="withdrawn", stage_at=None))
    rows = [projections.step_row(act, steps[key]) for key in wrong if key in steps]
    rows += [projections.wait_row(act, waits[key]) for key in wrong if key in waits]
    if rows:
        session.execute(insert(Task), rows)
    session.execute(delete(Timer).where(Timer.case_id == case_id))
    timers = projections.timer_rows(act)
    if timers:
        session.execute(insert(Timer), timers)
    act.recorder.add("projections.rebuilt", data={"differences": len(found)})
    act.recorder.write(unit.connection)
    head = {"history_seq": act.recorder.seq, "history_head": act.recorder.head, "lock_version": act.case.lock_version + 1}
    session.execute(update(Case).where(Case.id == case_id).values(head))
    return len(found)
