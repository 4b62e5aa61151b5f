"""What each part of a case file shows."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import url_for

from app.db.tasks import NO_DEADLINE
from app.extensions import db
from app.services import case_file, history, money_view, opinions, policy, sealing, step_view, versions
from app.services.case_file import CaseFile
from app.services.errors import Refusal
from app.services.funding import renewal
from app.web import case_children, case_path, filters, forms, names, registers, screens, tasks_words
from app.web.form_answers import shown
from app.web.history_words import Teller
from app.web.language import chosen, quoted, say
from app.web.reader import me

LATEST = 5


def _summary(file: CaseFile) -> dict[str, Any]:
    session = db.session()
    tasks, waits, done = case_file.open_tasks(session, file), case_file.waits(session, file), case_file.done_tasks(session, file)
    known = names.user_names([*(task.assignee_id for task in tasks), *(task.closed_by_id for task in done[-LATEST:])])
    room = step_view.form_room(session, file, None, None, None, filters.now())
    context = registers.reading_of(room)
    return {
        "tasks": [_task_line(file, task, known) for task in tasks],
        "waits": [_wait_line(file, task) for task in waits],
        "coming": [_coming_line(file, timer) for timer in case_file.coming(session, file, LATEST)] if file.whole else [],
        "words": plain_words(file, tasks, waits, done, known),
        "latest": _latest(file, context) if file.whole else [],
        "sides": _sides(file, context) if file.whole else [],
        "links": case_file.links(session, me(), file) if file.whole else [],
    }


def _task_line(file: CaseFile, task: Any, known: dict[int, str]) -> dict[str, Any]:
    return {
        "title": tasks_words.title(task, file.case_type),
        "href": url_for("tasks.show", task_id=task.id),
        "due": tasks_words.due_words(task, file.case.suspended_at),
        "assignee": tasks_words.assignee(task, known),
        "role": names.role_name(task.role),
    }


def _wait_line(file: CaseFile, task: Any) -> dict[str, Any]:
    return {
        "title": tasks_words.title(task, file.case_type),
        "href": url_for("tasks.show", task_id=task.id),
        "since": filters.since(task.opened_at),
        "due": tasks_words.due_words(task, file.case.suspended_at) if task.due_at != NO_DEADLINE else None,
    }


def _coming_line(file: CaseFile, timer: Any) -> tuple[Any, str]:
    """When, and what: « 2 j » is nothing without the step or the process that it belongs to."""
    case_type, title = file.case_type, file.case_type.text(timer.title, chosen())
    spec = case_type.steps.get(timer.element)
    if spec is None:
        return timer.due_at, filters.typo(title)
    if spec.host:
        of = case_type.step_title(spec.host, chosen(), spec.process)
    else:
        of = case_type.text(case_type.processes[spec.process].title, chosen())
    return timer.due_at, filters.typo(say("%(label)s : ", label=of) + title)


def plain_words(file: CaseFile, tasks: list[Any], waits: list[Any], done: list[Any], known: dict[int, str]) -> list[str]:
    """Where the case stands, in sentences."""
    case, found = file.case, []
    if case.closed_at is not None:
        found.append(say("Le dossier est clos depuis le %(day)s.", day=filters.short_day(case.closed_at)))
    if case.suspended_at is not None:
        found.append(
            say(
                "Le dossier est suspendu depuis le %(day)s : les délais en jours ouvrables sont arrêtés.",
                day=filters.short_day(case.suspended_at),
            )
        )
    if done:
        last = done[-1]
        who = known.get(last.closed_by_id, "") or names.user_name(last.closed_by_id)
        found.append(
            say(
                "Dernière étape franchie : « %(step)s », %(when)s, par %(who)s.",
                step=tasks_words.title(last, file.case_type),
                when=filters.moment(last.closed_at),
                who=who,
            )
        )
    if tasks:
        titles = ", ".join(quoted(tasks_words.title(task, file.case_type)) for task in tasks[:4])
        found.append(say("À faire maintenant : %(tasks)s.", tasks=titles))
    for wait in waits[:3]:
        found.append(
            say(
                "On attend : « %(what)s », depuis %(since)s.",
                what=tasks_words.title(wait, file.case_type),
                since=filters.since(wait.opened_at),
            )
        )
    if case.due_at is not None and case.closed_at is None:
        found.append(say("Limite : %(when)s.", when=filters.moment(case.due_at)))
    return found


def _latest(file: CaseFile, context: Any) -> list[Any]:
    entries = history.timeline(db.session(), file, limit=LATEST).entries
    names.user_names(entry.behind for entry in entries)
    pinned = {entry.version: versions.pinned(db.session(), entry.version) for entry in entries if entry.version}
    teller = Teller(pinned, file.case_type, context)
    return [teller.line(entry) for entry in sealing.kept(db.session(), file, me(), entries)]


def _sides(file: CaseFile, context: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """The promoted facts and the header, beside the summary."""
    known = case_file.facts(db.session(), file)[""]
    header_form = file.case_type.header_form
    groups = [(say("Repères"), list(dict.fromkeys([*file.case_type.promoted.values(), *file.case_type.public_fields])))]
    if header_form:
        groups.append((say("En-tête"), header_form.names))
    found = []
    for title, wanted in groups:
        lines = []
        for name in wanted:
            spec = file.case_type.kinds.get(name)
            text = shown(spec, known.get(name), context) if spec else ""
            if spec and text:
                lines.append((filters.typo(context.translate(spec.label, spec.context)), filters.typo(text)))
        if lines:
            found.append((title, lines))
    return found


def _forms(file: CaseFile) -> dict[str, Any]:
    """Every form that was answered, in the order of the work, as it stands now."""
    session = db.session()
    done = case_file.done_tasks(session, file)
    names.user_names(task.closed_by_id for task in done)
    sheets = []
    header_form = file.case_type.header_form
    room = step_view.form_room(session, file, header_form, None, None, filters.now())
    context = registers.reading_of(room)
    if header_form:
        sheets.append(
            {
                "title": filters.typo(context.translate(header_form.title, header_form.context)),
                "answers": forms.answers(header_form, room.facts, context),
                "who": file.case.opened_by_id,
                "at": file.case.opened_at,
                "id": "entete",
            }
        )
    latest = {(task.step, task.scope): task for task in done}
    for (step, _scope), task in latest.items():
        spec = file.case_type.step(task.process, step)
        form = file.case_type.forms.get(spec.form or "") if spec else None
        if form is None:
            continue
        room = step_view.form_room(session, file, form, task.chain, task.item, filters.now())
        answers = forms.answers(form, room.facts, registers.reading_of(room))
        if answers:
            sheets.append(
                {
                    "title": tasks_words.title(task, file.case_type),
                    "answers": answers,
                    "who": task.closed_by_id,
                    "at": task.closed_at,
                    "id": f"t{task.id}",
                }
            )
    return {"sheets": sheets}


def _documents(file: CaseFile) -> dict[str, Any]:
    rows = case_file.documents(db.session(), file)
    names.user_names([*(row.added_by_id for row in rows), *(row.verified_by_id for row in rows)])
    return {"documents": rows, "may_add": _may_work(file)}


def _notes(file: CaseFile) -> dict[str, Any]:
    rows = case_file.notes(db.session(), file)
    names.user_names(row.author_id for row in rows)
    return {"notes": rows, "may_add": _may_work(file), "key": secrets.token_urlsafe(16)}


def _opinions(file: CaseFile) -> dict[str, Any]:
    return {"opinions": screens.opinion_lines(file.case_type, opinions.of_case(db.session(), file))}


def _may_work(file: CaseFile) -> bool:
    try:
        policy.ensure_may_work(db.session(), me(), file.case, file.case_type)
    except Refusal:
        return False
    return file.case.closed_at is None


def _messages(file: CaseFile) -> dict[str, Any]:
    received = case_file.received(db.session(), file)
    titles = {one.name: tasks_words.message_title(one.name, file.case_type) for one in received}
    return {"sent": case_file.sent(db.session(), file), "received": received, "titles": titles}


def _people(file: CaseFile) -> dict[str, Any]:
    session = db.session()
    known = case_file.facts(session, file)
    named = case_file.named(session, file, known)
    kinds = file.case_type.kinds
    ties = [(filters.typo(file.case_type.text(kinds[one.fact].label, chosen(), kinds[one.fact].context)), one) for one in named]
    return {"named": ties, "links": case_file.links(session, me(), file), "team": _team(file)}


def _team(file: CaseFile) -> list[str]:
    return sorted(names.user_name(user_id) for user_id, _ in history.people(db.session(), file))


def _money(file: CaseFile) -> dict[str, Any]:
    spec = file.case_type.kinds.get("nature_depense")
    natures = {one.value: filters.typo(file.case_type.text(one.label, chosen(), spec.context)) for one in spec.options} if spec else {}
    found = money_view.requests(db.session(), file)
    renewable = {one.request.code for one in found if renewal.may(db.session(), me(), one.request)}
    return {"requests": found, "states": money_view.STATES, "natures": natures, "renewable": renewable}


PARTS: dict[str, Callable[[CaseFile], dict[str, Any]]] = {
    "resume": _summary,
    "formulaires": _forms,
    "pieces": _documents,
    "notes": _notes,
    "avis": _opinions,
    "messages": _messages,
    "personnes": _people,
    "argent": _money,
    "fiches": case_children.parts,
    "parcours": case_path.parts,
}
"""Part of a file -> what its template gets."""
