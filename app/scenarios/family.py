"""The cases that are recorded as one scenario: the one that was asked for, those that it opened, and those that it is tied to."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.history import HistoryEntry
from app.scenarios.reading import BadScenario
from app.services import history
from workflows.scenarios.vocabulary import FIRST

MOST = 8
TIES = ("case.spawned", "case.linked")


class Member(NamedTuple):
    """`name`: what the scenario calls the case; `spawned`: another case of the family opened it, by its procedure."""

    case: Case
    name: str
    spawned: bool


def of(session: Session, reference: str) -> list[Member]:
    """The family of a case, the one that began it first. BadScenario: no such case, operations, or more than can be told apart."""
    todo, found = [_origin(session, reference)], dict[str, Case]()
    while todo:
        case = todo.pop(0)
        if case.reference in found:
            continue
        if case.parent_id is not None or session.scalar(select(Case.id).where(Case.parent_id == case.id).limit(1)) is not None:
            raise BadScenario(f"{case.reference} : le dossier a des fiches ou en est une, il ne se rejoue pas")
        found[case.reference] = case
        if len(found) > MOST:
            raise BadScenario(f"{reference} : plus de {MOST} dossiers sont liés, ils ne se rejouent pas ensemble")
        for to in _ties(session, case):
            todo += [_origin(session, to), _case(session, to)]
    return _named(session, list(found.values()))


def _named(session: Session, cases: list[Case]) -> list[Member]:
    """The first has the name of every first case; a case that was opened by a procedure is found by its type, others by « autre_1 »."""
    members = [Member(cases[0], FIRST, False)]
    for case in cases[1:]:
        spawned = _cause(session, case) is not None
        name = case.case_type if spawned else f"autre_{sum(not one.spawned for one in members)}"
        if name in {one.name for one in members}:
            raise BadScenario(f"{case.reference} : deux dossiers {case.case_type} sont nés d’autres, une ligne ne les distinguerait pas")
        members.append(Member(case, name, spawned))
    return members


def _case(session: Session, reference: str) -> Case:
    case = session.scalar(select(Case).where(Case.reference == reference))
    if case is None:
        raise BadScenario(f"dossier inconnu : {reference}")
    return case


def _origin(session: Session, reference: str) -> Case:
    """The case from which it all followed."""
    case = _case(session, reference)
    for _ in range(MOST):
        cause = _cause(session, case)
        if cause is None:
            return case
        case = _case(session, cause)
    raise BadScenario(f"{reference} : la suite des dossiers est trop longue")


def _cause(session: Session, case: Case) -> str | None:
    """The case whose procedure opened this one."""
    row = session.scalars(select(HistoryEntry).where(HistoryEntry.case_id == case.id).order_by(HistoryEntry.seq).limit(1)).one()
    return history.read(row).data.get("from")


def _ties(session: Session, case: Case) -> list[str]:
    rows = session.scalars(
        select(HistoryEntry).where(HistoryEntry.case_id == case.id, HistoryEntry.kind.in_(TIES)).order_by(HistoryEntry.seq)
    )
    return [str(history.read(row).data["to"]) for row in rows]
