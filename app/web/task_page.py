"""The page of a task: what it shows around the form, and what becomes of the form when it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from app.db.documents import Document
from app.db.tasks import WAIT
from app.extensions import db
from app.services import assignment, candidates, case_file, decision_queue, documents, inbox, letter_drafts, money_view, policy
from app.services.errors import Invalid
from app.services.step_view import StepView
from app.web import filters, forms, names, registers, screens, task_side, tasks_words, texts
from app.web.form_answers import shown
from app.web.form_data import UNKNOWN
from app.web.language import say, zone
from app.web.reader import me
from app.web.refusals import message_text, sentence
from workflows.forms import Message

CONFIDENTIAL = {"C3", "C4"}
OURS = frozenset({"cle", "brouillon", "terminer", "from", "body", "lettre"})
DOCUMENTS = 8
"""Documents shown beside a form, the latest."""


@dataclass
class Posted:
    """What came with a form: raw answers, the button of the form that was pressed, files that could not be taken, whether some were."""

    raw: dict[str, Any]
    action: str | None = None
    path: str = ""
    problems: dict[str, list[Message]] = field(default_factory=dict)
    received: bool = False


def read(view: StepView, files: bool = True) -> Posted:
    """The posted answers, with the files stored one by one; a file that fails never loses the form."""
    form = view.room.form
    if form is None:
        return Posted({})
    submitted = forms.read(form, request.form, ours=OURS)
    raw, problems, received = forms.press(form, submitted), {}, False
    for path, file in forms.uploads(form, request.files) if files else ():
        try:
            row = receive(view, path, file)
        except Invalid as refusal:
            text = message_text(next(iter(refusal.errors.values())))
            problems[path] = [Message("file", text, {})]
        else:
            raw, received = forms.attach(form, raw, path, row.code), True
    return Posted(raw, submitted.action, submitted.path, problems, received)


def receive(view: StepView, path: str, file: FileStorage) -> Document:
    """One file of a form, stored for its case."""
    return documents.receive(me(), store(), view.task.case_id, file.stream, file.filename or "", task_id=view.task.id, field=path)


def store() -> documents.Store:
    """Where contents are kept."""
    return documents.Store(current_app.config["JATIGI"].documents)


# ------------------------------------------------------------------ showing
def render(
    view: StepView,
    raw: Mapping[str, Any] | None = None,
    errors: Mapping[str, Any] | None = None,
    problems: Mapping[str, Sequence[Message]] | None = None,
    refusal: str | None = None,
    key: str | None = None,
) -> str:
    """The page of a task: raw answers as typed, or the draft, or the proposed ones."""
    template = f"approval/{view.screen}.html" if view.screen else "tasks/show.html"
    context, reading = registers.context_of(view.room), registers.reading_of(view.room)
    form = view.room.form
    typed = raw if raw is not None else (view.draft.raw if view.draft else _defaults(view))
    found = {**messages(errors), **(problems or {})}
    return render_template(
        template,
        view=view,
        task=view.task,
        case=view.file.case,
        title=tasks_words.title(view.task, view.file.case_type),
        who=person_name(view),
        due=tasks_words.due_words(view.task, view.file.case.suspended_at),
        rule=tasks_words.rule_words(view.task),
        form=_drawn(view, forms.view(form, typed, context, found)) if form and editable(view) else None,
        answers=forms.answers(form, view.answered, reading) if form and view.task.closed_how == "done" and not view.sealed else None,
        refusal=refusal or (sentence(view.refusal) if view.refusal else None),
        others=_others(view),
        why=task_side.why(view),
        summary=task_side.summary(view, reading) if view.file.sight != policy.SHEET else [],
        money=money_view.requests(db.session(), view.file) if view.file.sight == policy.SHEET else [],
        elsewhere=_elsewhere(view),
        saved=saved_line(view.draft.saved_at) if view.draft and raw is None else "",
        key=key or secrets.token_urlsafe(16),
        back=_list(),
        place=_place(view, _list()),
        letters=letter_drafts.upcoming(view, filters.now()) if editable(view) else [],
        **{"documents": _documents(view), **_screen(view, reading)},
    )


def values(view: StepView, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed, as far as it can be read: each answer that holds, by name."""
    form = view.room.form
    if form is None:
        return {}
    checked = form.validate(raw, view.room.facts, view.room.host, filters.now(), **registers.context_of(view.room).validation())
    return {name: value for name, value in checked.values.items() if value is not None}


def editable(view: StepView) -> bool:
    """Whether the form is shown as a form: the task is open and the reader may answer it."""
    return view.task.closed_at is None and view.refusal is None and view.file.case.closed_at is None


def _drawn(view: StepView, form: forms.FormView) -> forms.FormView:
    return screens.as_tiles(form) if view.screen else form


def _defaults(view: StepView) -> dict[str, Any]:
    return view.room.proposed(filters.now()) if editable(view) else {}


def messages(errors: Mapping[str, Any] | None) -> dict[str, list[Message]]:
    """Errors of the services as the forms want them: messages stay, texts become messages."""
    found = {}
    for path, given in (errors or {}).items():
        many = given if isinstance(given, (list, tuple)) else [given]
        found[path] = [one if isinstance(one, Message) else Message("refused", message_text(one), {}) for one in many]
    return found


def _screen(view: StepView, context: Any) -> dict[str, Any]:
    """What a special screen needs besides."""
    if view.screen is None:
        return {}
    return screens.SCREENS[view.screen](view, context)


def _elsewhere(view: StepView) -> str:
    """The place whose clock the form goes by, when it is not the reader's."""
    there, here = (filters.now().astimezone(ZoneInfo(name)).utcoffset() for name in (view.room.zone, zone()))
    return "" if there == here else names.post_name(view.file.case.post_code)


def _list() -> str:
    """The list that one came from."""
    wanted = request.values.get("from", "")
    return wanted if wanted in inbox.TABS or wanted in decision_queue.ORDERS else inbox.MINE


def address(task_id: int) -> str:
    """The page of a task, which still knows the list that one came from."""
    back = _list()
    return url_for("tasks.show", task_id=task_id, **({"from": back} if back != inbox.MINE else {}))


def _place(view: StepView, back: str) -> decision_queue.Place:
    """What stands before and after this task in the list that one came from; a decision is followed by a decision."""
    if back in decision_queue.ORDERS:
        return decision_queue.place(db.session(), me(), back, view.task.id)
    return decision_queue.Place(*inbox.neighbours(db.session(), me(), back, view.task, view.task.step if view.screen else None))


def _documents(view: StepView) -> list[Any]:
    return case_file.documents(db.session(), view.file)[:DOCUMENTS] if view.file.sight != policy.SHEET else []


def person_name(view: StepView) -> str:
    """The person of the case: initials in the title of a confidential one."""
    person = case_file.person(db.session(), view.file)
    registers.remember(person)
    name = person.name if person else view.file.case.title
    return texts.initials(name) if view.file.case.confidentiality in CONFIDENTIAL else name


def saved_line(at: datetime) -> str:
    """« Enregistré à 14 h 02 »."""
    return say("Enregistré à %(hour)s", hour=filters.hour(at))


def _others(view: StepView) -> list[candidates.Candidate]:
    """Who can do what the reader cannot."""
    if view.refusal is None or view.task.closed_at is not None:
        return []
    return candidates.of_task(db.session(), view.task, view.file.case_type, filters.now().date(), without=me().id)[:6]


# ------------------------------------------------------------------ afterwards
def after(view: StepView, done: Any):
    """One sentence, then the next task of mine in the case, else the inbox."""
    title = tasks_words.title(view.task, view.file.case_type)
    reference = view.file.case.reference
    following = getattr(done, "next_task_id", None)
    tab = _list()
    beside = _place(view, tab).after if view.screen and not following else None
    if getattr(done, "closed_case", False):
        flash(say("« %(task)s » est terminé. Le dossier %(ref)s est clos.", task=title, ref=reference), "good")
    elif view.task.kind == WAIT:
        flash(say("La réponse est enregistrée dans %(ref)s.", ref=reference), "good")
    elif following:
        flash(say("« %(task)s » est terminé. Voici votre tâche suivante dans %(ref)s.", task=title, ref=reference), "good")
    else:
        flash(say("« %(task)s » est terminé. La suite de %(ref)s est chez d'autres.", task=title, ref=reference), "good")
    if tab in decision_queue.ORDERS:
        target = url_for("decisions.index", par=tab)
    else:
        target = url_for("inbox.index", tab=tab) if tab != inbox.MINE else url_for("inbox.index")
    if following or beside:
        target = url_for("tasks.show", task_id=following or beside, **({"from": tab} if beside else {}))
    return redirect(target, 303)


def conflict(view: StepView, raw: Mapping[str, Any], why_not: str) -> str:
    """Somebody was first: what was typed, beside what is recorded now, to be kept as a note."""
    context = registers.context_of(view.room)
    form = view.room.form
    rows = []
    if form is not None:
        checked = form.validate(raw, view.room.facts, view.room.host, filters.now(), **context.validation())
        for spec in form.fields:
            mine = checked.values.get(spec.key)
            kept = view.room.facts.get(spec.key)
            if mine in (None, [], "") and kept in (None, [], ""):
                continue
            label = filters.typo(context.translate(spec.label, spec.context))
            rows.append((label, shown(spec, kept, context) or "–", shown(spec, mine, context) or "–", mine != kept))
    body = "\n".join(f"{label} : {mine}" for label, _, mine, _ in rows if mine != "–")
    return render_template(
        "tasks/conflict.html",
        view=view,
        task=view.task,
        case=view.file.case,
        title=tasks_words.title(view.task, view.file.case_type),
        why_not=why_not,
        rows=rows,
        body=say("Saisie de « %(task)s », non enregistrée :", task=tasks_words.title(view.task, view.file.case_type)) + "\n" + body,
        key=secrets.token_urlsafe(16),
        back=inbox.MINE,
    )


def leave_to_create(view: StepView, posted: Posted):
    """Off to make a person; the form waits as a draft and gets the new record at its place."""
    assignment.save_draft(me(), view.task.id, posted.raw)
    unknown = request.form.get("creer", "").endswith(UNKNOWN)
    typed = say("Non identifié") if unknown else request.form.get(f"{posted.path}.texte", "")
    return redirect(url_for("people.new", task=view.task.id, field=posted.path, name=typed[:200]), 303)


def title_of(task_id: int) -> str:
    """The title of a task by its number."""
    return tasks_words.title_of(task_id)
