"""Handlers of operations with children."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case
from app.db.facts import Fact, written
from app.services.act import Act, Handler
from app.services.operations import figures, joining, leaving, shares, telling
from workflows.outcome import Open


def count(act: Act, job: Open) -> Mapping[str, Any]:
    """The figures of the operation become facts, as they are now. Answers them, by name."""
    return figures.note(act)


def children(act: Act, job: Open) -> Mapping[str, Any]:
    """The open children in one of the stages `etapes` (all, without), in the order of recording. Answers `fiches`, a list of contexts:
    `dossier`, `etape`, `categorie`, `ouvert_le` and the facts that `faits` names, null where a child does not know one."""
    stages, names = [str(stage) for stage in job.inputs.get("etapes") or ()], [str(name) for name in job.inputs.get("faits") or ()]
    found = figures.children(act.unit.session, act.case.id, stages)
    known = figures.facts_of(act.unit.session, Case.parent_id == act.case.id, names) if names else {}
    blank = dict.fromkeys(names)
    rows = [
        {
            **{"dossier": one.reference, "etape": one.stage, "categorie": one.category, "ouvert_le": one.opened_at},
            **blank,
            **known.get(one.id, {}),
        }
        for one in found
    ]
    return {"fiches": rows}


def earlier(act: Act, job: Open) -> Mapping[str, Any]:
    """Whether a child of another operation of this type, on the same `faits` (names of facts of both), was about the same person within
    `jours` days and got something. Answers `deja_aide`, `dossier_anterieur`."""
    session, days = act.unit.session, int(job.inputs.get("jours") or 365)
    person = act.fact(act.case_type.promoted.get("person", ""))
    query = select(Case.id, Case.reference, Case.parent_id, Case.opened_at, Case.amount, Case.outcome).where(
        Case.person_code == person, Case.case_type == act.case.case_type, Case.parent_id != act.case.parent_id, Case.amount > 0
    )
    names = [str(name) for name in job.inputs.get("faits") or ()]
    for row in session.execute(query.order_by(Case.id.desc())) if person else ():
        known = figures.facts_of(session, Case.id == row.id, names).get(row.id, {})
        if (act.now - row.opened_at).days <= days and all(known.get(name) == act.fact(name) for name in names):
            return {"deja_aide": True, "dossier_anterieur": row.reference}
    return {"deja_aide": False, "dossier_anterieur": None}


def same(act: Act, job: Open) -> Mapping[str, Any]:
    """Other children of the operation that share with this one the person or one of `faits`. Answers `fiches` (references), `fiches_n`
    and `partages` (how many share the fact that most of them share)."""
    if act.case.parent_id is None:
        return {"fiches": [], "fiches_n": 0, "partages": 0}
    session, names = act.unit.session, [str(name) for name in job.inputs.get("faits") or ()]
    person = act.fact(act.case_type.promoted.get("person", ""))
    others = select(Case.reference).where(Case.parent_id == act.case.parent_id, Case.id != act.case.id)
    asked = [others.where(Case.person_code == person)] if person is not None else []
    for name in names:
        if (value := act.fact(name)) is not None:  # the database compares: of thousands of children, each new one asks
            # A fact of each child by its key. Written as a join, PostgreSQL goes through the facts of all cases while it knows no better.
            theirs = select(Fact.value).where(Fact.case_id == Case.id, Fact.scope == "", Fact.name == name).scalar_subquery()
            asked.append(others.where(theirs == written(value)))
    found = [set(session.scalars(query)) for query in asked]
    everybody = sorted(set().union(*found))
    return {"fiches": everybody, "fiches_n": len(everybody), "partages": max(map(len, found), default=0)}


HANDLERS: dict[str, Handler] = {
    "operation.count": count,
    "operation.earlier": earlier,
    "operation.same": same,
    "operation.children": children,
    **joining.HANDLERS,
    **leaving.HANDLERS,
    **telling.HANDLERS,
    **shares.HANDLERS,
}
