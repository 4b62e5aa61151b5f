"""Tasks as lists show them: title in the reader's language, deadline in words, whose it is, why it waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.db.tasks import NO_DEADLINE, WAIT, Task
from app.extensions import db
from app.services import calendars
from app.web import dates, names
from app.web.filters import now, typo
from app.web.language import chosen, say, say_many, zone
from app.web.reader import me
from workflows.calendar import remaining
from workflows.catalog import CaseType

UNITS = ("jo", "j", "h")


def unit_of(rule: str | None) -> str:
    """The measure in which a deadline is told: « jo » for « 2 jo », hours for a moment that a fact gives."""
    if rule:
        for unit in UNITS:
            if rule.endswith(f" {unit}"):
                return unit
    return "h"


def due_words(task: Any, paused_since: dt.datetime | None = None) -> dates.DeadlineWords:
    """The deadline of a task row. `paused_since`: when its case was suspended, if that is known."""
    unit = unit_of(task.due_rule)
    if task.due_at == NO_DEADLINE:
        return dates.paused_words(paused_since, zone(), chosen()) if unit == "jo" else dates.NONE
    if paused_since is not None and unit == "jo":
        return dates.paused_words(paused_since, zone(), chosen())
    calendar = calendars.load(db.session(), task.calendar_code or calendars.CENTRAL_CALENDAR)
    return dates.deadline_words(remaining(calendar, now(), task.due_at, unit), task.due_at, now(), zone(), chosen())


def title(task: Any, case_type: CaseType) -> str:
    """What is to be done, as the procedure says it; of a task beside the procedure also what it is about."""
    if task.process:
        return typo(case_type.text(task.title, chosen(), f"{task.process}.{task.step}"))
    said = case_type.text(task.title, chosen())
    about = _about(task.item, case_type)
    return typo(say("%(label)s : ", label=said) + about if about else said)


def _about(item: Mapping[str, Any], case_type: CaseType) -> str:
    """The late task, or the message, that a task beside the procedure is about."""
    late, name = item.get("late"), item.get("name")
    if isinstance(late, Mapping):
        return case_type.text(str(late["title"]), chosen(), f"{late['process']}.{late['step']}")
    return message_title(str(name), case_type) if name else ""


def message_title(name: str, case_type: CaseType) -> str:
    """How a message from outside is called; its name when the version does not know it."""
    spec = case_type.messages.get(name)
    return names.text_of(spec.title, name) if spec else name


def title_of(task_id: int) -> str:
    """The title of a task by its number, for a sentence about it."""
    row = db.session().get(Task, task_id)
    case_type = names.case_types().get(row.case_type) if row else None
    return title(row, case_type) if row and case_type else str(task_id)


def assignee(task: Any, known: dict[int, str]) -> str:
    """« Moi », a name, « Équipe », or who is awaited."""
    if task.kind == WAIT:
        return say("Un tiers")
    if task.assignee_id is None:
        return say("Équipe")
    if task.assignee_id == me().id:
        return say("Moi")
    return known.get(task.assignee_id, "?")


def rule_words(task: Any) -> str:
    """The rule behind a deadline in one sentence."""
    if task.extended_to is not None:
        return say("Échéance prolongée : %(why)s", why=task.extension_reason or "–")
    rule = task.due_rule
    if not rule:
        return say("Aucun délai n'est fixé.")
    if rule == "fact":
        return say("Le délai suit une date du dossier : s'il change, l'échéance change.")
    length = rule.split(" ")[0]
    unit = unit_of(rule)
    if unit == "h":
        return say("%(length)s h après l'ouverture de la tâche, jour et nuit.", length=length)
    if unit == "j":
        return say_many("%(num)s jour du calendrier.", "%(num)s jours du calendrier, le dernier jour compris.", int(length))
    return say_many(
        "%(num)s jour ouvrable à %(place)s (priorité %(priority)s).",
        "%(num)s jours ouvrables à %(place)s (priorité %(priority)s).",
        int(length),
        place=place(task),
        priority=task.priority,
    )


def place(task: Any) -> str:
    """Where the work of a task lies."""
    return names.post_name(task.post_code)
