"""Labels: words that a team puts on its cases from the inbox, to find them again. They change nothing in the procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.cases import CaseLabel
from app.db.transaction import Unit, transaction
from app.db.users import User
from app.services import advance, clock, history, policy, undoing
from app.services.act import Act, locked
from app.services.actor import Actor
from app.services.errors import Conflict, Invalid
from app.services.handlers import HANDLERS
from app.services.tasks import reread

LONGEST, MOST, OFFERED = 30, 5, 30
NAME = "etiquette"
"""Under this name the history keeps a label, sealed: nothing forbids that it names a person."""


def read(typed: str) -> str:
    """A label as it was typed. Invalid for none, or one that is too long."""
    label = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    if not label or len(label) > LONGEST:
        raise Invalid({"label": "label_long" if label else "label_missing"}, typed)
    return label


def put(actor: Actor, task_id: int, label: str) -> None:
    """The label on the case of a task; twice is once. Forbidden, NotFound, Invalid."""

    def work(act: Act, own: list[CaseLabel]) -> None:
        if any(one.label == label for one in own):
            return
        if len(own) >= MOST:
            raise Invalid({"label": "labels_full"}, label, code="labels_full")
        act.unit.session.add(CaseLabel(case_id=act.case.id, label=label, put_at=act.now, put_by_id=actor.id))
        advance.record(act, "case.labelled", None, {}, {NAME: (None, label)})

    _on_case(actor, task_id, work)


def take_off(actor: Actor, task_id: int, label: str) -> None:
    """The case without the label."""

    def work(act: Act, own: list[CaseLabel]) -> None:
        for one in own:
            if one.label == label:
                act.unit.session.delete(one)
                advance.record(act, "case.unlabelled", None, {}, {NAME: (label, None)})

    _on_case(actor, task_id, work)


def undo(actor: Actor, task_id: int, label: str) -> None:
    """Takes back what the actor has just done with a label on the case of a task. NotFound, Conflict as for a task."""

    def work(act: Act, own: list[CaseLabel]) -> None:
        entry, _ = undoing.last(act.unit.session, act.case.id, ("case.labelled", "case.unlabelled"))
        undoing.ensure_mine(entry, actor, act.now)
        before, after = history.read(entry).changes[NAME]
        if label not in (before, after):
            raise Conflict("undo_changed")
        for one in own:
            if one.label == after:
                act.unit.session.delete(one)
        if before is not None:
            act.unit.session.add(CaseLabel(case_id=act.case.id, label=before, put_at=act.now, put_by_id=actor.id))
        kind = "case.unlabelled" if before is None else "case.labelled"
        advance.record(act, kind, None, {"undone": entry.seq}, {NAME: (after, before)})

    _on_case(actor, task_id, work)


def _on_case(actor: Actor, task_id: int, work: Callable[[Act, list[CaseLabel]], None]) -> None:
    def done(unit: Unit) -> None:
        act = locked(unit, actor, HANDLERS, task_id=task_id)
        grants = policy.grants_for(actor, reread(act, task_id), act.case_type)
        act.capacity = (
            policy.Capacity(grants[0].role, grants[0].behind)
            if grants
            else policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
        )
        act.recorder.capacity = act.capacity
        work(act, list(unit.session.scalars(select(CaseLabel).where(CaseLabel.case_id == act.case.id))))

    transaction(done, clock.now)


def of_cases(session: Session, case_ids: Iterable[int]) -> dict[int, list[str]]:
    """Labels by case, in the order of the alphabet."""
    found: dict[int, list[str]] = {}
    wanted = sorted(set(case_ids))
    if wanted:
        for one in session.scalars(select(CaseLabel).where(CaseLabel.case_id.in_(wanted)).order_by(CaseLabel.label)):
            found.setdefault(one.case_id, []).append(one.label)
    return found


def offered(session: Session, actor: Actor) -> list[str]:
    """The labels that people of the actor's post used last, by name."""
    near = select(User.id).where(User.post_code == actor.post)
    query = select(CaseLabel.label).where(CaseLabel.put_by_id.in_(near)).group_by(CaseLabel.label)
    return sorted(session.scalars(query.order_by(func.max(CaseLabel.put_at).desc()).limit(OFFERED)), key=str.casefold)
