"""Remarks on a case. Never altered: a correction is another note."""

from __future__ import annotations

from app.db.tasks import Note
from app.db.transaction import Unit, transaction
from app.services import advance, clock, keys, policy
from app.services.act import locked
from app.services.actor import Actor
from app.services.errors import Invalid
from app.services.handlers import HANDLERS


def write(actor: Actor, case_id: int, body: str, key: str | None = None) -> int:
    """A note on a case; its number. Its text stays out of the history, which says that it was written. Forbidden, NotFound, Invalid."""
    text = body.strip()
    if not text:
        raise Invalid({"body": "note_empty"}, body)
    if len(text) > Note.LONGEST:
        raise Invalid({"body": "note_long"}, body)

    def work(unit: Unit) -> int:
        replay = keys.claim(unit, actor.code, key, keys.body_hash("note", case_id, text))
        if replay is not None:
            return int(replay["note"])
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        act.capacity = policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
        act.recorder.capacity = act.capacity
        note = Note(case_id=case_id, author_id=actor.id, written_at=unit.now, body=text)
        unit.session.add(note)
        unit.session.flush()
        advance.record(act, "note.written", None, {"note": note.id})
        keys.answer(unit, actor.code, key, {"note": note.id})
        return note.id

    return transaction(work, clock.now)
