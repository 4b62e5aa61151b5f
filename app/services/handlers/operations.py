"""Handlers of operations with children."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case
from app.services.act import Act, Handler
from app.services.operations import figures, shares, telling
from workflows.outcome import Open


def count(act: Act, job: Open) -> Mapping[str, Any]:
    """The figures of the operation become facts, as they are now. Answers them, by name."""
    return figures.note(act)


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
        known = figures.facts_of(session, row.parent_id, names).get(row.id, {})
        if (act.now - row.opened_at).days <= days and all(known.get(name) == act.fact(name) for name in names):
            return {"deja_aide": True, "dossier_anterieur": row.reference}
    return {"deja_aide": False, "dossier_anterieur": None}


def same(act: Act, job: Open) -> Mapping[str, Any]:
    """Other children of the operation that share with this one the person or one of `faits`. Answers `fiches` (references), `fiches_n`
    and `partages` (how many share the fact that most of them share)."""
    session, names = act.unit.session, [str(name) for name in job.inputs.get("faits") or ()]
    mine = {name: act.fact(name) for name in names if act.fact(name) is not None}
    known = figures.facts_of(session, act.case.parent_id, names)
    people = act.fact(act.case_type.promoted.get("person", ""))
    query = select(Case.id, Case.reference, Case.person_code).where(Case.parent_id == act.case.parent_id, Case.id != act.case.id)
    found: dict[str, set[str]] = {name: set() for name in (*names, "")}
    for row in session.execute(query.order_by(Case.id)):
        for name, value in mine.items():
            if known.get(row.id, {}).get(name) == value:
                found[name].add(row.reference)
        if people is not None and row.person_code == people:
            found[""].add(row.reference)
    others = sorted(set().union(*found.values()))
    return {"fiches": others, "fiches_n": len(others), "partages": max(len(one) for one in found.values())}


HANDLERS: dict[str, Handler] = {
    "operation.count": count,
    "operation.earlier": earlier,
    "operation.same": same,
    **telling.HANDLERS,
    **shares.HANDLERS,
}
