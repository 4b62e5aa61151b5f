"""Brings a case to a step by its real steps, each with the plainest valid answers."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.db.funding import BudgetLine
from app.db.people import Body, Person
from app.db.posts import Post
from app.db.tasks import WAIT, Task
from app.db.users import User
from app.extensions import db
from app.scenarios import deeds
from app.scenarios.placeholders import plain
from app.scenarios.plainest import TEXT, Plainest
from app.scenarios.reading import BadScenario
from app.scenarios.stage import Unexpected
from app.services import answers as forms
from app.services import messages, policy, step_view, tasks
from app.services.actor import Actor
from app.services.errors import Refusal
from workflows.scenarios.vocabulary import END

if TYPE_CHECKING:
    from app.scenarios.player import Player

Line = Mapping[str, Any]
MAX_STEPS = 60
"""Steps between the birth of a case and the step wanted; more means that the plainest answers go round."""
SAID_BY_THE_POST = ("poste_id", "priorite", "confidentialite")
"""Fields of the header that the type and the post already say."""
KNOWN = 8
"""Records of each register that are tried."""


def bring(player: Player, line: Line) -> None:
    """bring: {to: step, wait, or « end » (until nothing is left to do), answers?: {step: {field: value}}, by?: who opens the case}: the
    case is opened if there is none."""
    said = line["bring"]
    said = {"to": said} if isinstance(said, str) else said
    if not player.case_id:
        _open(player, said)
    given = dict(said.get("answers") or {})
    for _ in range(MAX_STEPS):
        if said["to"] in player.open_steps() or said["to"] in player.awaited():
            return
        task = _next(player, given)
        if task is None and said["to"] == END:
            return
        if task is None:
            raise Unexpected(f"« {said['to']} » ne s’ouvre pas : plus rien n’est ouvert ; dire d’autres réponses dans « answers »")
        try:
            do(player, task, given.get(task.step, {}))
        except Refusal as refusal:
            raise Unexpected(f"« {said['to']} » ne s’ouvre pas : « {task.step} » refusée ({refusal.code})") from None
    raise Unexpected(f"« {said['to']} » ne s’ouvre pas en {MAX_STEPS} étapes ; dire d’autres réponses dans « answers »")


def _open(player: Player, said: Line) -> None:
    """The case is born: by somebody who may open one at the post, with a header as plain as the form lets it be."""
    header = {"date_fait": player.now.date().isoformat(), "langue_contact": "fr", **player.given.get("header", {})}
    form = player.case_type.header_form
    if form is not None:
        plainest = Plainest(form, player.now, _codes(player), {}, lambda name: "")
        for spec in form.fields:
            if spec.required and spec.default is None and spec.key not in {*header, *SAID_BY_THE_POST}:
                header[spec.key] = next(plainest.values(spec), None)
    by = said.get("by") or next((role for role in player.case_type.start_roles if _holds(player, role)), None)
    if by is None:
        raise BadScenario(f"bring : personne ne peut ouvrir un dossier à {player.post} ; dire « by »")
    deeds.start(player, {"start": {"by": by if by.startswith("U-") else f"{by}@{player.post}", "header": header}})


def _holds(player: Player, role: str) -> bool:
    try:
        player.somebody(role, None, player.post)
    except BadScenario:
        return False
    return True


def _next(player: Player, given: Mapping[str, Any]) -> Task | None:
    """The oldest step that is open, those with answers of the scenario first; a wait when no step is."""
    session = db.session()
    query = select(Task).where(Task.case_id == player.case_id, Task.closed_at.is_(None)).order_by(Task.kind == WAIT, Task.id)
    found = list(session.scalars(query))
    session.expunge_all()
    session.rollback()
    return next((task for task in found if task.step in given), None) or next(iter(found), None)


def do(player: Player, task: Task, said: Mapping[str, Any]) -> None:
    """One open step or wait with the plainest valid answers beside what is `said`. Refusal, BadScenario."""
    actor = _who(player, task)
    room = _room(player, actor, task)
    given = plain(dict(said), lambda name, kind: deeds.document(player, actor, _of(task), name))
    typed = given if room is None else _typed(player, actor, task, room, given)
    if task.kind == WAIT:
        messages.record_answer(actor, task.id, typed)
    else:
        tasks.complete_task(actor, task.id, typed, f"scenario-{secrets.token_hex(8)}")
    player.path.append(task.step)


def _of(task: Task) -> Task | None:
    return None if task.kind == WAIT else task


def _who(player: Player, task: Task) -> Actor:
    """Whoever holds the task, else the first who may do it and did none of the steps that keep them from it."""
    session = db.session()
    codes = list(session.scalars(select(User.code).where(User.active.is_(True)).order_by(User.id != task.assignee_id, User.id)))
    spec = player.case_type.elements.in_process.get((task.process, task.step))
    apart = policy.performers(session, player.case_id, tasks.excluded_by(spec)) if spec else {}
    session.rollback()
    for code in codes:
        actor = player.user(code)
        if task.role and not actor.holding(task.role):
            continue
        if policy.grants_for(actor, task, player.case_type) and not any(actor.id in users for users in apart.values()):
            if task.assignee_id is not None and task.assignee_id != actor.id:
                deeds.give_over(player, task, actor)
            return actor
    raise BadScenario(f"bring : personne ne peut faire « {task.step} » ({task.role})")


def _room(player: Player, actor: Actor, task: Task) -> Any:
    session = db.session()
    try:
        room = step_view.open_step(session, actor, task.id, player.now).room
    finally:
        session.rollback()
    return room if room.form is not None else None


def _typed(player: Player, actor: Actor, task: Task, room: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    lists = forms.lists(room.case_type, "fr")
    how = {"zone": room.zone, "resolve": room.resolve, "kinds": room.case_type.kinds}

    def errors(raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return room.form.validate(raw, room.facts, room.host, player.now, lists=lists, **how).errors

    proposed = room.form.defaults(room.facts, room.host, player.now, **how)
    document = partial(deeds.document, player, actor, _of(task))
    made = Plainest(room.form, player.now, _codes(player), lists, document, _text(player))
    found = made.answers(errors, proposed, said)
    db.session.rollback()
    return found


def _text(player: Player) -> str:
    """Of each further case of a scenario another text: two with the text of one author may be one case to a procedure."""
    at = list(player.cases.values()).index(player.at_hand)
    return TEXT + f" {chr(ord('A') + at % 26)}" * 8 if at else TEXT


def _codes(player: Player) -> dict[str, list[str]]:
    """The first records of each register, by kind of reference."""
    session = db.session()
    people = list(session.scalars(select(Person.code).where(Person.merged_into_id.is_(None)).order_by(Person.id).limit(KNOWN)))
    bodies = list(session.scalars(select(Body.code).order_by(Body.code).limit(KNOWN)))
    posts = list(session.scalars(select(Post.code).order_by(Post.code).limit(KNOWN)))
    users = list(session.scalars(select(User.code).where(User.active.is_(True)).order_by(User.id).limit(KNOWN)))
    stations = list(session.scalars(select(Post.code).where(Post.kind == "antenne").order_by(Post.code).limit(KNOWN)))
    year = select(BudgetLine).where(BudgetLine.year == player.now.year).order_by(BudgetLine.code)
    lines = [line.code for line in session.scalars(year) if player.case_type.code in line.case_types]
    session.rollback()
    both = [*people, *bodies]
    places = {"post": posts, "station": stations, "user": users, "budget-line": lines}
    return {"person": people, "structure": bodies, "person-or-structure": both, **places}


VERBS: dict[str, Callable[[Any, Line], None]] = {"bring": bring}
