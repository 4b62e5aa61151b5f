"""Handlers about the case itself: its header, its links, its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case, CaseLink
from app.services import spawning
from app.services.act import Act, Handler
from app.services.errors import Broken
from app.services.notices import tell
from workflows.outcome import Open

LEVELS = ("C1", "C2", "C3", "C4")
PRIORITIES = ("P1", "P2", "P3", "P4")


def confidentiality(act: Act, job: Open) -> Mapping[str, Any]:
    """Raises the confidentiality to `niveau`; a lower one is ignored."""
    return {"confidentialite": raise_confidentiality(act, job.step, str(job.inputs.get("niveau")))}


def raise_confidentiality(act: Act, step: str | None, wanted: str) -> str:
    """The level that holds now. C4 is told to the data protection officer."""
    now = act.fact("confidentialite") or act.case.confidentiality
    if wanted not in LEVELS or LEVELS.index(wanted) <= LEVELS.index(now):
        return str(now)
    act.set("confidentialite", wanted)
    act.recorder.add("confidentiality.raised", step, data={"from": now, "to": wanted})
    if wanted == "C4":
        tell(act, "confidentiality_c4")
    return wanted


def priority(act: Act, job: Open) -> Mapping[str, Any]:
    """Raises the priority to `priorite`; lowering it is a supervisor's act, never a procedure's."""
    return {"priorite": raise_priority(act, job.step, str(job.inputs.get("priorite")))}


def raise_priority(act: Act, step: str | None, wanted: str) -> str:
    """The priority that holds now."""
    now = act.fact("priorite") or act.case.priority
    if wanted not in PRIORITIES or PRIORITIES.index(wanted) >= PRIORITIES.index(now):
        return str(now)
    act.set("priorite", wanted)
    act.recorder.add("priority.raised", step, data={"from": now, "to": wanted})
    return wanted


def status(act: Act, job: Open) -> Mapping[str, Any]:
    """Sets the header's status to `statut`, one of the ministry's list."""
    wanted = str(job.inputs.get("statut"))
    if wanted not in act.case_type.statuses:
        raise Broken(f"statut inconnu : « {wanted} »", element=job.step)
    act.set("statut", wanted)
    return {"statut": wanted}


def spawn(act: Act, job: Open) -> Mapping[str, Any]:
    """A case that follows from this one. Links `dossier` when it is given; else opens one of the type `type`, with the person `personne`,
    the priority `priorite` and the facts named in `faits`. Where no such type is published, its team is asked to open the case.
    Answers `dossier_lie`."""
    other = job.inputs.get("dossier")
    kind = str(job.inputs.get("lien") or "issu_de")
    if other:
        row = act.unit.session.execute(select(Case.id, Case.reference).where(Case.reference == str(other))).one_or_none()
        if row is None:
            return {"dossier_lie": None}
        act.unit.session.add(CaseLink(case_id=row.id, other_id=act.case.id, kind=kind, made_at=act.now, made_by_id=act.actor.id))
        act.recorder.add("case.linked", job.step, data={"to": row.reference, "kind": kind})
        return {"dossier_lie": row.reference}
    given = job.inputs
    known = {
        "person": given.get("personne"),
        "priority": given.get("priorite"),
        "facts": [str(name) for name in given.get("faits") or ()],
    }
    return {"dossier_lie": open_case(act, job.step, str(given.get("type") or ""), kind, **known)}


def open_case(act: Act, step: str | None, wanted: str, kind: str, **given: Any) -> str | None:
    """A case of another type that follows from this one; None where no such type is published: then those whom the shared folder names
    are asked to open it.

    given: as `spawning.spawn` takes it.
    """
    reference = spawning.spawn(act, wanted, kind, **given)
    if reference is None:
        tell(act, "case_to_open", wanted=wanted)
        act.recorder.add("case.asked", step, data={"type": wanted, "kind": kind})
    else:
        act.recorder.add("case.spawned", step, data={"to": reference, "type": wanted, "kind": kind})
    return reference


HANDLERS: dict[str, Handler] = {
    "case.confidentiality": confidentiality,
    "case.priority": priority,
    "case.status": status,
    "case.spawn": spawn,
}
