"""Beside a task: why it is mine, who sent it, what comes next, and the case in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.db.tasks import WAIT, Task
from app.services import step_view
from app.services.step_view import StepView
from app.web import filters, names, tasks_words
from app.web.form_answers import shown
from app.web.language import chosen, say
from app.web.reader import me

SUMMARY = 6
"""Lines of the case summary beside a form."""


@dataclass(frozen=True)
class Why:
    """« Pourquoi chez moi »."""

    rule: str
    role: str
    holder: str
    sender: str
    nexts: list[str]


def why(view: StepView) -> Why:
    """The rule, the lane, who sent it, what happens next."""
    task, case_type = view.task, view.file.case_type
    lane = filters.typo(case_type.text(task.lane, chosen())) if task.lane else ""
    before = tasks_words.title(view.before, case_type) if view.before else ""
    rule = say("« %(before)s » est terminé ; la procédure demande alors cette étape.", before=before) if before else ""
    if view.subject is not None:
        rule = _late_words(view.subject, case_type)
    if task.kind == WAIT:
        rule = say("Le dossier attend une réponse de l'extérieur ; qui la reçoit l'enregistre ici.")
    sender = names.user_name(task.sent_by_id) if task.sent_by_id else say("La procédure")
    nexts = [_next_words(view, *one) for one in step_view.following(case_type, task.process, task.step)]
    held = ", ".join(part for part in (names.role_name(task.role), tasks_words.place(task)) if part)
    return Why(
        rule=rule or _own_rule(view),
        role=f"{lane} · {held}" if lane and lane.casefold() != names.role_name(task.role).casefold() else held,
        holder=_holder(task),
        sender=f"{sender}, {filters.moment(task.opened_at)}",
        nexts=nexts,
    )


def _own_rule(view: StepView) -> str:
    """Of a step that no other one led to."""
    if view.task.opened_at == view.file.case.opened_at:
        return say("La procédure ouvre le dossier par cette étape.")
    return say("La procédure demande cette étape d'elle-même : un délai est échu, ou un fait est arrivé.")


def _late_words(late: Task, case_type: Any) -> str:
    """Which task is late, whose it is, and since when."""
    who = names.user_name(late.assignee_id) if late.assignee_id else f"{names.role_name(late.role)}, {tasks_words.place(late)}"
    step, when = tasks_words.title(late, case_type), filters.moment(late.due_at)
    return say("« %(step)s » est en retard. Confiée à : %(who)s. À terminer avant : %(when)s.", step=step, who=who, when=when)


def _holder(task: Any) -> str:
    if task.assignee_id is None:
        return ""
    if task.assignee_id == me().id:
        return say("Vous l'avez depuis %(when)s.", when=filters.moment(task.claimed_at or task.opened_at))
    return say(
        "%(who)s l'a depuis %(when)s.", who=names.user_name(task.assignee_id), when=filters.moment(task.claimed_at or task.opened_at)
    )


def _next_words(view: StepView, question: str, answer: str, title: str) -> str:
    """« Signé ? non : Corriger l'engagement », or the title alone."""
    question, answer, title = (filters.typo(view.file.case_type.text(part, chosen())) for part in (question, answer, title))
    return f"{question} {answer} : {title}".strip() if answer else title


def summary(view: StepView, context: Any) -> list[tuple[str, str]]:
    """The promoted and first facts of the case, in words, for the side of the page."""
    case_type, known = view.file.case_type, view.room.facts
    wanted = list(dict.fromkeys([*case_type.promoted.values(), *case_type.public_fields, *_first_names(view)]))
    found = []
    for name in wanted:
        spec = case_type.kinds.get(name)
        if spec is None or known.get(name) in (None, "", []):
            continue
        one = shown(spec, known[name], context)
        if one:
            found.append((filters.typo(context.translate(spec.label, spec.context)), filters.typo(one)))
        if len(found) == SUMMARY:
            break
    return found


def _first_names(view: StepView) -> list[str]:
    form = view.file.case_type.header_form
    return form.names if form else []
