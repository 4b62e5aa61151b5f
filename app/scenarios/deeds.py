"""What people and senders do in the cases of a scenario."""

from __future__ import annotations

import contextvars
import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.db.tasks import Task
from app.db.users import User
from app.extensions import db
from app.scenarios.placeholders import page, plain
from app.scenarios.reading import BadScenario
from app.scenarios.stage import Played, Unexpected
from app.services import (
    assignment,
    corrections,
    documents,
    intake,
    linking,
    notes,
    reopening,
    step_view,
    suspension,
    tasks,
)
from app.services.actor import SYSTEM, Actor
from app.services.errors import Invalid, Refusal

if TYPE_CHECKING:
    from app.scenarios.player import Player

Line = Mapping[str, Any]
PLAINLY: contextvars.ContextVar[bool] = contextvars.ContextVar("plainly", default=False)


def plainly(deed: Callable[[Any, Line], None], player: Any, line: Line) -> None:
    """Does a line whose refusal is wanted: a Refusal is not told as a difference."""
    token = PLAINLY.set(True)
    try:
        deed(player, line)
    finally:
        PLAINLY.reset(token)


def start(player: Player, line: Line) -> None:
    """start: {by, as?, type?, post?, header?}"""
    said = line["start"]
    header = {
        "date_signalement": player.now.isoformat(),
        **plain({**player.given.get("header", {}), **said.get("header", {})}, no_file),
    }
    if "priority" in player.given:
        header["priorite"] = player.given["priority"]
    code, post = said.get("type", player.code), said.get("post", player.post)
    key = f"scenario-start-{secrets.token_hex(8)}"
    started = intake.start_case(player.who(said["by"]), code, post, header, key)
    name = said.get("as", line.get("case", "dossier"))
    player.cases[name] = Played(started.case_id, started.reference, code)
    player.take_up(name)
    if player.given.get("facts") and code == player.code:
        corrections.correct(SYSTEM, player.case_id, player.given["facts"], "scénario")


def do(player: Player, line: Line) -> None:
    """do: step, by, with. A task that somebody else holds is handed over first, as they would."""
    task = player.task(line["do"], line.get("by", ""))
    actor = player._who(line.get("by") or task.role, task)
    if task.assignee_id is not None and task.assignee_id not in {actor.id, *actor.covers} and not PLAINLY.get():
        give_over(player, task, actor)
    complete(player, task, actor, line.get("with", {}))
    player.path.append(line["do"])


def give_over(player: Player, task: Task, actor: Actor) -> None:
    """Whoever holds a task gives it to somebody else."""
    holder = db.session.scalar(select(User.code).where(User.id == task.assignee_id))
    db.session.rollback()
    assignment.assign(player.user(str(holder)), task.id, actor.code)


def complete(player: Player, task: Task, actor: Actor, answers: Mapping[str, Any]) -> None:
    """Completes a task with what the form proposes, and the answers over it."""
    raw = plain(dict(answers), lambda name, kind: document(player, actor, task, name), player.numbers)
    try:
        tasks.complete_task(actor, task.id, {**proposed(player, actor, task), **raw}, f"scenario-{secrets.token_hex(8)}")
    except Refusal as refusal:
        if PLAINLY.get():
            raise
        raise Unexpected(f"« {task.step} » refusée{'' if isinstance(refusal, Invalid) else f' à {actor.code}'} : {told(refusal)}") from None


def told(refusal: Refusal) -> str:
    """A refusal in one line."""
    if not isinstance(refusal, Invalid):
        return refusal.sentence()
    return str({name: [str(getattr(m, "text", m)) for m in (e if isinstance(e, list) else [e])] for name, e in refusal.errors.items()})


def proposed(player: Player, actor: Actor, task: Task) -> dict[str, Any]:
    """What the form proposes when it opens, as a person would leave it."""
    session = db.session()
    try:
        view = step_view.open_step(session, actor, task.id, player.now)
    except Refusal:
        return {}
    finally:
        session.rollback()
    found = view.room.proposed(player.now)
    session.rollback()
    return found


def document(player: Player, actor: Actor, task: Task | None, name: str) -> str:
    """A small file added to the case; its code."""
    of = {"task_id": task.id if task else None}
    row = documents.receive(actor, player.store, player.case_id, page(f"{player.reference}/{name}"), name, **of)
    code = str(row.code)
    db.session.rollback()
    return code


def no_file(name: str, kind: str) -> str:
    """Where no document can be added."""
    raise BadScenario(f"pas de pièce ici : {name}")


def refuse(player: Player, line: Line) -> None:
    """refuse: step, by, with, reason: the step must be refused for that reason. The same as « do » with « refused »."""
    task = player.task(line["refuse"], line["by"])
    actor = player._who(line["by"], None)
    try:
        tasks.complete_task(actor, task.id, plain(dict(line.get("with", {})), no_file, player.numbers))
    except Refusal as refusal:
        codes = {refusal.code, *(str(name) for name in getattr(refusal, "errors", {}))}
        if line["reason"] not in codes:
            raise Unexpected(f"« {line['refuse']} » refusée, mais pour {sorted(codes)}") from None
        return
    raise Unexpected(f"« {line['refuse']} » devait être refusée à {actor.code}")


# ------------------------------------------------------------------ whose task
def claim(player: Player, line: Line) -> None:
    """claim: step, by"""
    assignment.claim(player.who(line["by"]), player.task(line["claim"], line["by"]).id)


def release(player: Player, line: Line) -> None:
    """release: step, by"""
    assignment.release(player.who(line["by"]), player.task(line["release"], line["by"]).id)


def hand_over(player: Player, line: Line) -> None:
    """hand_over: step, by, to"""
    assignment.assign(player.who(line["by"]), player.task(line["hand_over"], line["by"]).id, player.who(line["to"]).code)


def hold(player: Player, line: Line) -> None:
    """hold: step, by, reason (attente_complement or attente_externe): the task waits, its working days stand still."""
    task = player.task(line["hold"], line["by"])
    suspension.wait(player.who(line["by"], task), task.id, line.get("reason", "attente_complement"))


def go_on(player: Player, line: Line) -> None:
    """go_on: step, by: the task waits no more."""
    task = player.task(line["go_on"], line["by"])
    suspension.go_on(player.who(line["by"], task), task.id)


# ------------------------------------------------------------------ the case as a whole
def suspend(player: Player, line: Line) -> None:
    """suspend: {reason}, by?"""
    said = line.get("suspend", line.get("pause")) or {}
    suspension.suspend(_chief(player, line), player.case_id, said.get("reason", "suspendu"))


def resume(player: Player, line: Line) -> None:
    """resume: {}, by?"""
    suspension.resume(_chief(player, line), player.case_id)


def reopen(player: Player, line: Line) -> None:
    """reopen: what is new, by?"""
    reopening.reopen(_chief(player, line), player.case_id, str(line["reopen"]))


def link(player: Player, line: Line) -> None:
    """link: {to: name of a case of the scenario or its number, kind}, by?"""
    said = line["link"]
    other = player.cases[said["to"]].reference if said["to"] in player.cases else said["to"]
    linking.link(_chief(player, line), player.case_id, other, said["kind"])


def correct(player: Player, line: Line) -> None:
    """correct: {fact: value}, by?, reason: facts corrected by hand."""
    typed = {name: dt.datetime.fromisoformat(value) if _is_moment(value) else value for name, value in line["correct"].items()}
    corrections.correct(_chief(player, line), player.case_id, typed, line.get("reason", "correction"))


def note(player: Player, line: Line) -> None:
    """note: text, by?"""
    notes.write(_chief(player, line), player.case_id, str(line["note"]), f"scenario-note-{secrets.token_hex(4)}")


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 10 and value[4:5] == "-" and "T" in value


def _chief(player: Player, line: Line) -> Actor:
    return player.who(line["by"]) if "by" in line else player.decider()


VERBS: dict[str, Callable[[Any, Line], None]] = {
    "start": start,
    "do": do,
    "refuse": refuse,
    "claim": claim,
    "release": release,
    "hand_over": hand_over,
    "hold": hold,
    "go_on": go_on,
    "suspend": suspend,
    "pause": suspend,
    "resume": resume,
    "reopen": reopen,
    "link": link,
    "correct": correct,
    "note": note,
}
