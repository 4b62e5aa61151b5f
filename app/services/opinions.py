"""Opinions on a request for money: those that count, and those that a change of the request voided. They stay in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.services import case_file, history
from app.services.case_file import CaseFile
from app.services.funding import binding
from workflows.catalog import CaseType
from workflows.elements import StepSpec

PREPARED, OPINION = "request_step", "opinion_step"
"""Properties of a step that decides: in which step the money was asked for, in which opinions were given."""
GIVEN = "avis_recus"
"""The fact that holds those of a request."""


@dataclass(frozen=True)
class Opinion:
    """An opinion: of a role, by whom, when; `void` when the request changed after it."""

    role: str
    choice: str
    text: str
    by_id: int | None
    at: dt.datetime | None
    void: bool = False


def deciding_steps(case_type: CaseType) -> list[StepSpec]:
    """The steps that decide after opinions."""
    return [step for step in case_type.steps.values() if step.properties.get(OPINION)]


def of_case(session: Session, file: CaseFile) -> list[Opinion]:
    """All those of a case, request by request in no order, the latest of each request first."""
    facts = case_file.facts(session, file)
    scopes = [scope for scope, known in facts.items() if known.get(GIVEN)]
    steps = deciding_steps(file.case_type)
    if not scopes or not steps:
        return []
    read = entries(session, file.case.id)
    return [one for scope in scopes for one in of_request(session, file.case.id, scope, {**facts[""], **facts[scope]}, steps[0], read)]


def of_request(
    session: Session, case_id: int, scope: str, facts: Mapping[str, Any], decides: StepSpec, read: Sequence[history.Entry]
) -> list[Opinion]:
    """Those of the request of a scope, on which a step decides: the ones that count, then the void ones."""
    step, asked_in = decides.properties.get(OPINION), decides.properties.get(PREPARED)
    tasks = select(Task).where(Task.case_id == case_id, Task.step == step, Task.scope == scope, Task.closed_how == "done")
    given = list(session.scalars(tasks.order_by(Task.closed_at.desc())))
    void = binding.changed(session, case_id, facts)
    current = [_opinion(one, given, void=void) for one in facts.get(GIVEN) or [] if isinstance(one, Mapping)]
    prepared = max((entry.seq for entry in read if entry.element == asked_in), default=0)
    old: list[Opinion] = []
    for entry in read:
        if entry.seq >= prepared:
            break
        for name, (_, after) in entry.changes.items():
            if name.split("@", 1)[0] == GIVEN and isinstance(after, list):
                old = [_opinion(one, [], entry, void=True) for one in after if isinstance(one, Mapping)]
    kept = {(one.role, one.text) for one in current}
    return [*current, *(one for one in old if (one.role, one.text) not in kept)]


def entries(session: Session, case_id: int) -> list[history.Entry]:
    """The history of a case, the oldest first."""
    query = select(HistoryEntry).where(HistoryEntry.case_id == case_id).order_by(HistoryEntry.seq)
    return [history.read(row) for row in session.scalars(query)]


def _opinion(one: Mapping[str, Any], given: Sequence[Task], entry: history.Entry | None = None, void: bool = False) -> Opinion:
    role = str(one.get("de") or "")
    task = next((task for task in given if task.role == role), None)
    return Opinion(
        role=role,
        choice=str(one.get("avis") or ""),
        text=str(one.get("texte") or ""),
        by_id=task.closed_by_id if task else entry.actor_id if entry else None,
        at=task.closed_at if task else entry.at if entry else None,
        void=void,
    )
