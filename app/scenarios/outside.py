"""What comes to the cases of a scenario from outside: messages, answers that an officer writes down, facts that may come at any time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.db.cases import Case
from app.db.tasks import WAIT, Task
from app.db.transaction import transaction
from app.extensions import db
from app.scenarios.deeds import PLAINLY, document, no_file, told
from app.scenarios.placeholders import plain
from app.scenarios.stage import FIRST, Played, Unexpected
from app.services import clock, messages
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.errors import Invalid
from app.services.handlers import HANDLERS

if TYPE_CHECKING:
    from app.scenarios.player import Player

Line = Mapping[str, Any]


def message(player: Player, line: Line) -> None:
    """message: NAME, with, key? (text with {facts}), key_fact?, reference?: its number at the sender's, taken?: false when it is kept.

    to: the number that it gives, when that of no case is wanted; as: the name of the case that it then opens.
    """
    if "to" in line:
        _astray(player, line)
        return
    name = line["message"]
    key = line["key"].format(**player.facts()[""]) if "key" in line else player.fact(line.get("key_fact", "numero"))
    sender = player.decider()
    said = {field: player.reference if value == "{numero}" else value for field, value in line.get("with", {}).items()}
    payload = plain(said, lambda file, kind: document(player, sender, None, file), player.numbers)
    done = _deliver(player, line, player.reference, payload, key)
    if done.taken != line.get("taken", True):
        became = "déjà reçu" if done.duplicate else "pris" if done.taken else "gardé"
        raise Unexpected(f"{name} : {became}, attendus : {', '.join(player.awaited())}")
    if done.taken:
        player.path.append(done.element or name)


def _deliver(player: Player, line: Line, to: str, payload: Line, key: Any) -> messages.Delivery:
    number = str(line.get("reference", f"{to}-{secrets.token_hex(4)}"))
    try:
        return messages.deliver(SYSTEM, to, messages.Incoming(line["message"], payload, key, "scenario", number))
    except Invalid as refusal:
        if PLAINLY.get():
            raise
        raise Unexpected(f"{line['message']} refusé : {told(refusal)}") from None


def _astray(player: Player, line: Line) -> None:
    """A message that gives the number of no case: a case is opened for it, or, when it came before, nothing happens."""
    done = _deliver(player, line, line["to"], plain(dict(line.get("with", {})), no_file), line.get("key"))
    if done.taken or done.duplicate != line.get("duplicate", False):
        raise Unexpected(f"{line['message']} : {'pris' if done.taken else 'déjà reçu' if done.duplicate else 'gardé à part'}")
    if not done.duplicate:
        name = line.get("as", FIRST)
        code = db.session.get_one(Case, done.case_id).case_type
        player.cases[name] = Played(done.case_id, done.reference, code)
        player.take_up(name)


def answer(player: Player, line: Line) -> None:
    """answer: wait, by, with: an officer writes down what a third party answered."""
    where = (Task.case_id == player.case_id, Task.step == line["answer"], Task.closed_at.is_(None), Task.kind == WAIT)
    task = db.session.scalars(select(Task).where(*where)).first()
    db.session.rollback()
    if task is None:
        raise Unexpected(f"« {line['answer']} » n’est pas attendue ; attendues : {', '.join(player.awaited())}")
    actor = player.who(line.get("by") or task.role, task)
    payload = plain(dict(line.get("with", {})), lambda file, kind: document(player, actor, None, file), player.numbers)
    done = messages.record_answer(actor, task.id, payload)
    player.path.append(done.element or line["answer"])


def event(player: Player, line: Line) -> None:
    """event: element, by, with: an officer writes down a fact that may come at any time."""
    actor = player.who(line["by"]) if "by" in line else player.decider()
    waiters = transaction(lambda unit: messages.awaited(locked(unit, SYSTEM, HANDLERS, case_id=player.case_id)), clock.now)
    found = next((one for one in waiters if line["event"] in (one.element, one.message)), None)
    if found is None:
        raise Unexpected(f"« {line['event']} » ne peut pas être enregistré ; possibles : {', '.join(sorted({w.element for w in waiters}))}")
    payload = plain(dict(line.get("with", {})), lambda file, kind: document(player, actor, None, file), player.numbers)
    done = messages.record_event(actor, player.reference, f"{found.id}:{found.element}", payload)
    player.path.append(done.element or line["event"])


VERBS: dict[str, Callable[[Any, Line], None]] = {"message": message, "answer": answer, "event": event}
