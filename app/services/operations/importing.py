"""A confirmed list becomes children: a handful a transaction, so that officers wait for nothing, and no row twice, whoever runs again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.operations import DONE, RUNNING, ChildList, ChildRow
from app.db.people import Person
from app.db.tasks import STEP, Task
from app.db.transaction import Unit, transaction
from app.services import actor as actors
from app.services import clock, people, person_search, tasks
from app.services.actor import Actor
from app.services.errors import Invalid, Refusal
from app.services.operations import births
from app.services.operations.births import Parent

WRITE = "app.jobs.operations.write_list"
AT_ONCE = 5
"""Rows a transaction: on SQLite everybody else's act waits for it, a tenth of a second."""
LONGEST_S = 60.0
"""Of one job: then another goes on, and what is urgent comes between."""


def running(session: Session) -> list[int]:
    """Lists that are confirmed and not written to the end. Takes no locks."""
    return list(session.scalars(select(ChildList.id).where(ChildList.state == RUNNING).order_by(ChildList.id)))


def write(list_id: int) -> bool:
    """Writes what is left of a list; whether it is done. Doubled calls wait for each other, row by row."""
    until = time.monotonic() + LONGEST_S
    while transaction(lambda unit: _chunk(unit, list_id), clock.now):
        if time.monotonic() > until:
            return False
    return True


def _chunk(unit: Unit, list_id: int) -> bool:
    """A handful of rows; whether there are more."""
    query = select(ChildList).where(ChildList.id == list_id).with_for_update().execution_options(populate_existing=True)
    made = unit.session.scalars(query).one_or_none()
    if made is None or made.state != RUNNING:
        return False
    left = select(ChildRow).where(ChildRow.list_id == list_id, ChildRow.settled_at.is_(None)).order_by(ChildRow.number).limit(AT_ONCE)
    rows = list(unit.session.scalars(left))
    if not rows:
        made.state, made.finished_at = DONE, unit.now
        return False
    actor = actors.load(unit.session, made.made_by_id, unit.now.date())
    parent = None
    refused: Refusal | None = None
    try:
        assert actor is not None
        parent = Parent(unit, actor, made.parent_id)
    except Refusal as refusal:
        refused = refusal
    for row in rows:
        if parent is None or actor is None:
            row.problem = refused.sentence() if refused else "?"
        else:
            _write(unit, actor, parent, row)
        row.settled_at = unit.now
    unit.session.flush()
    return True


def _write(unit: Unit, actor: Actor, parent: Parent, row: ChildRow) -> None:
    """One row in a savepoint: what cannot be written leaves nothing, and says why."""
    known = select(Case.id).where(Case.parent_id == parent.case.id, Case.row_key == row.row_key)
    row.case_id = unit.session.scalar(known)
    if row.case_id is not None:
        return
    number, raw = row.id, dict(row.raw)
    try:
        with unit.session.begin_nested():
            code = row.person_code or _new_person(unit, actor, row.person)
            child = births.bear(unit, actor, parent, row.row_key)
            first = select(Task.id).where(Task.case_id == child.case.id, Task.step == parent.operation.step, Task.kind == STEP)
            task_id = unit.session.scalars(first).one()
            field = parent.child_type.promoted.get("person", "")
            tasks.complete_within(unit, actor, task_id, {**raw, field: code})
            made = child.case.id
    except Invalid as refusal:
        unit.session.get_one(ChildRow, number).problem = "; ".join(f"{name} : {_said(error)}" for name, error in refusal.errors.items())
    except Refusal as refusal:
        unit.session.get_one(ChildRow, number).problem = refusal.sentence(actor.language)
    else:
        unit.session.get_one(ChildRow, number).case_id = made


def _said(error: Any) -> str:
    one = error[0] if isinstance(error, list) and error else error
    return str(getattr(one, "text", one))


def person_of(said: Mapping[str, Any]) -> Person:
    """A person as a row describes them, not yet kept. Invalid (name, sex, birth)."""
    sex = str(said.get("sexe") or "inconnu").strip()
    raw = {
        "family_name": said.get("nom"),
        "given_names": said.get("prenoms"),
        "sex": {"f": "F", "m": "M"}.get(sex.lower(), sex),
        "born": said.get("ne_en"),
    }
    values = people.described(raw)
    kept = {name: value for name, value in values.items() if name not in ("paper", "phone")}
    return Person(code=f"P-{secrets.token_hex(5).upper()}", other_names=[], papers=[], phones=[], **kept)


def _new_person(unit: Unit, actor: Actor, said: Mapping[str, Any]) -> str:
    person = person_of(said)
    person.created_at, person.created_by_id = unit.now, actor.id
    unit.session.add(person)
    unit.session.flush()
    person_search.index(unit.session, person)
    unit.session.flush()
    return person.code
