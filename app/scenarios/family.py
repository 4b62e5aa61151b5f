"""The cases that are recorded as one scenario: the one that was asked for, its operation and its children, those that it opened, and those
that it is tied to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import LEFT, Case, CaseLink
from app.db.facts import Fact
from app.db.history import HistoryEntry
from app.scenarios.reading import BadScenario
from app.services import history
from workflows.facts import unpack
from workflows.scenarios.vocabulary import FIRST

MOST = 40
"""Cases that are nobody's children: more are a crisis, not a story. Of children there are as many as the operation has."""
NUMBER = re.compile(r"[A-Z]{2,}(-[A-Z0-9]+){2,}")
TIES = ("case.spawned", "case.linked", "message.taken", "message.kept")
STARTED, SPAWNED, CHILD, MESSAGE = "started", "spawned", "child", "message"
"""How a case was born: somebody opened it, a procedure did, somebody recorded it in an operation, a message came for no case."""


class Member(NamedTuple):
    """`name`: what the scenario calls the case; `birth`: how it was born; `cause`: the number of the case from which it was."""

    case: Case
    name: str
    birth: str = STARTED
    cause: str = ""


def of(session: Session, reference: str, mentioned: bool) -> list[Member]:
    """The family of a case, the one that began it first, the others in the order in which they were opened; `mentioned`: with cases whose
    number is only written in one of these. BadScenario: no such case, or too many."""
    found = _tied(session, [_origin(session, reference)], {})
    if mentioned:
        more = [number for case in found.values() for number in _mentioned(session, case)]
        found = _tied(session, [find(session, number) for find in (_origin, _case) for number in more], found)
    if _alone(found) > MOST:
        raise BadScenario(f"{reference} : plus de {MOST} dossiers sont liés, ils ne se rejouent pas ensemble")
    first, *others = found.values()
    return _named(session, [first, *sorted(others, key=lambda case: case.id)])


def _tied(session: Session, todo: list[Case], known: Mapping[str, Case]) -> dict[str, Case]:
    """Those that are known, these, and all that they are tied to."""
    found = dict(known)
    while todo:
        case = todo.pop(0)
        if case.reference in found:
            continue
        found[case.reference] = case
        if _alone(found) > MOST:
            break
        for to in _ties(session, case):
            todo += [_origin(session, to), _case(session, to)]
        todo += [one for one in _relatives(session, case) if one.reference not in found]
    return found


def _alone(found: Mapping[str, Case]) -> int:
    """How many are nobody's children."""
    return sum(case.parent_id is None for case in found.values())


def _named(session: Session, cases: list[Case]) -> list[Member]:
    """The first has the name of every first case; a child is « fiche_1 », a case that a procedure opened is called by its type (the second
    of a type « COR_2 »), others are « autre_1 »."""
    members = [Member(cases[0], FIRST, *_birth(session, cases[0]))]
    counted = Counter[str]()
    for case in cases[1:]:
        birth, cause = _birth(session, case)
        word = {SPAWNED: case.case_type, CHILD: "fiche"}.get(birth, "autre")
        counted[word] += 1
        name = word if birth == SPAWNED and counted[word] == 1 else f"{word}_{counted[word]}"
        members.append(Member(case, name, birth, cause))
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
        _, cause = _birth(session, case)
        if not cause:
            return case
        case = _case(session, cause)
    raise BadScenario(f"{reference} : la suite des dossiers est trop longue")


def _birth(session: Session, case: Case) -> tuple[str, str]:
    """How a case was born, and from which other."""
    row = session.scalars(select(HistoryEntry).where(HistoryEntry.case_id == case.id).order_by(HistoryEntry.seq).limit(1)).one()
    said = history.read(row).data
    if not said.get("from"):
        return MESSAGE if "message" in said else STARTED, ""
    return SPAWNED if row.actor_id is None else CHILD, str(said["from"])


def _ties(session: Session, case: Case) -> list[str]:
    rows = session.scalars(
        select(HistoryEntry).where(HistoryEntry.case_id == case.id, HistoryEntry.kind.in_(TIES)).order_by(HistoryEntry.seq)
    )
    said = [history.read(row).data for row in rows]
    return [str(data[side]) for data in said for side in ("to", "from") if data.get(side)]


def _mentioned(session: Session, case: Case) -> list[str]:
    """The numbers of other cases that somebody or something wrote into it: the call of a project, the earlier case of a victim."""
    facts = session.scalars(select(Fact.value).where(Fact.case_id == case.id))
    said = {text for value in facts for text in _texts(unpack(orjson.loads(value))) if NUMBER.fullmatch(text)}
    return list(session.scalars(select(Case.reference).where(Case.reference.in_(said), Case.id != case.id).order_by(Case.id)))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for part in value.values() for text in _texts(part))
        case list():
            yield from (text for part in value for text in _texts(part))


def _relatives(session: Session, case: Case) -> list[Case]:
    """The operation of a case, its children, and those that left it or that it left."""
    left = select(CaseLink.case_id).where(CaseLink.other_id == case.id, CaseLink.kind == LEFT)
    gone_from = select(CaseLink.other_id).where(CaseLink.case_id == case.id, CaseLink.kind == LEFT)
    theirs = (Case.id == case.parent_id) | (Case.parent_id == case.id) | Case.id.in_(left) | Case.id.in_(gone_from)
    return list(session.scalars(select(Case).where(theirs).order_by(Case.id)))
