"""A case that was opened by itself becomes a child of an operation: at the moment when it says so, if the operation takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.db.cases import CHILD_OF, Case, CaseLink
from app.db.operations import ChildMessage
from app.services import versions
from app.services.act import Act, Handler
from app.services.operations import taking
from app.services.sentences import say
from workflows.forms import Field
from workflows.outcome import Open


@dataclass(frozen=True)
class Offer:
    """What an operation answers to a case that would be its child: why not (code of a sentence), or the facts that it hands on."""

    refused: str = ""
    operation: Any = None
    inherited: Mapping[str, Any] | None = None


def offer(act: Act, reference: str) -> Offer:
    """Whether an operation takes the case of `act`, under a shared lock on its row, so that it neither closes nor speaks meanwhile.
    An operation never waits for a child, so a child may wait for it."""
    query = select(Case).where(Case.reference == reference).with_for_update(read=True).execution_options(populate_existing=True)
    found = act.unit.session.scalars(query).one_or_none()
    if found is None:
        return Offer("join_unknown")
    if act.case.parent_id is not None:
        return Offer("" if act.case.parent_id == found.id else "join_other", found, {})
    case_type = versions.pinned(act.unit.session, found.version_hash)
    if case_type.operation is None or case_type.operation.child != act.case.case_type:
        return Offer("join_not_kind")
    facts = taking.facts_of(act.unit, found.id)
    if found.closed_at is not None or not taking.accepts(case_type, facts, act.unit):
        return Offer("join_closed")
    return Offer("", found, taking.inherited(case_type.operation, facts))


def join(act: Act, job: Open) -> Mapping[str, Any]:
    """The case becomes a child of the operation `operation` (its number) and takes over the facts that its children take over at birth.
    Refused, nothing happens: the case goes on alone. Answers `rattache` and, in French, `motif_non_rattache`."""
    reference = str(job.inputs.get("operation") or "")
    answer = offer(act, reference)
    if answer.refused:
        act.recorder.add("operation.not_joined", job.step, data={"operation": reference, "reason": answer.refused})
        return {"rattache": False, "motif_non_rattache": say(answer.refused, "fr", reference=reference)}
    if act.case.parent_id is None:
        _become_child(act, answer)
        act.recorder.add("operation.joined", job.step, data={"operation": reference})
    return {"rattache": True, "motif_non_rattache": None}


def _become_child(act: Act, answer: Offer) -> None:
    session, parent = act.unit.session, answer.operation
    for name, value in (answer.inherited or {}).items():
        act.set(name, value)
    act.set("operation_id", parent.reference)
    said = select(func.coalesce(func.max(ChildMessage.id), 0)).where(ChildMessage.parent_id == parent.id)
    act.columns["parent_id"], act.columns["told_id"] = parent.id, session.scalar(said)  # what was said before is not for it
    link = CaseLink(case_id=act.case.id, other_id=parent.id, kind=CHILD_OF, made_at=act.now, made_by_id=act.actor.id)
    session.add(link)


def refusal(act: Act, field: Field, value: Any, values: Mapping[str, Any]) -> str | None:
    """Beside a question that names the operation to join (property `joins`): why it does not take the case."""
    refused = offer(act, str(value)).refused
    return say(refused, act.actor.language, reference=value) if refused else None


HANDLERS: dict[str, Handler] = {"operation.join": join}
