"""Acts on several tasks of a list at once: taken, given back, handed over, labelled, printed. Each is an act of its own; what could not be
done comes back with the cause."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for

from app.extensions import db
from app.services import assignment, candidates, inbox, labels, leaving, rights, step_view
from app.services.errors import Invalid, NotFound, Refusal
from app.services.step_view import StepView
from app.web import access, inbox_lines, names, tasks_words, undo
from app.web import inbox as inbox_page
from app.web.filters import now
from app.web.language import safe_next, say, say_many
from app.web.reader import me
from app.web.refusals import message_text, sentence

blueprint = Blueprint("bulk", __name__, url_prefix="/taches")
AT_ONCE = 50
PAGES = {"assign": "bulk.choose_hand", "label": "bulk.choose_label", "print": "bulk.print_list"}


@blueprint.post("")
@access.signed_in
def act():
    """What the bar of a list asks for: done at once, or first a page that asks for more."""
    wanted, back, what = _wanted(request.form.getlist("task")), _back(), request.form.get("act", "")
    if not wanted:
        return inbox_page.answer(back, "", [])
    if what in PAGES:
        return redirect(url_for(PAGES[what], task=wanted, next=back), 303)
    acts = {"take": assignment.claim, "release": assignment.release}
    if what not in acts:
        return inbox_page.answer(back, "", [])
    done, skipped = _each(wanted, lambda task_id: acts[what](me(), task_id))
    undo.offer(done)
    said = say_many("%(num)s tâche changée de mains.", "%(num)s tâches changées de mains.", len(done)) if done else ""
    return inbox_page.answer(back, said, skipped)


@blueprint.get("/confier")
@access.signed_in
def choose_hand():
    """To whom several tasks may be handed: those who may do each of them."""
    return choose_hand_page(_wanted(request.args.getlist("task")), back=_back())


@blueprint.post("/confier")
@access.signed_in
def hand_over():
    """Handed over one by one."""
    wanted, to = _wanted(request.form.getlist("task")), request.form.get("to", "")
    if not to:
        return choose_hand_page(wanted, say("Choisissez une personne de la liste."), _back()), 422
    done, skipped = _each(wanted, lambda task_id: assignment.assign(me(), task_id, to))
    undo.offer(done)
    said = say_many("%(num)s tâche confiée.", "%(num)s tâches confiées.", len(done)) if done else ""
    return inbox_page.answer(_back(), said, skipped)


def choose_hand_page(task_ids: list[int], error: str | None = None, back: str = ""):
    """The question to whom tasks are handed over; those that are not there for the reader are left out."""
    session, views = db.session(), _views(task_ids)
    if not views:
        return redirect(url_for("inbox.index"))
    lists = [candidates.of_task(session, view.task, view.file.case_type, now().date()) for view in views]
    common = [one for one in lists[0] if all(any(other.id == one.id for other in rest) for rest in lists[1:])]
    return render_template("tasks/hand_over.html", views=views, people=common, error=error, back=back)


@blueprint.get("/etiqueter")
@access.signed_in
def choose_label():
    """Which label the cases of the tasks get, or lose."""
    return _label_page(_wanted(request.args.getlist("task")))


@blueprint.post("/etiqueter")
@access.signed_in
def label():
    """A label put on the cases of the tasks, or taken off."""
    wanted, typed, off = _wanted(request.form.getlist("task")), request.form.get("label", ""), request.form.get("off", "")
    try:
        word = off or labels.read(typed)
    except Invalid as refusal:
        return _label_page(wanted, typed, message_text(refusal.errors["label"])), 422
    change = labels.take_off if off else labels.put
    done, skipped = _each(wanted, lambda task_id: change(me(), task_id, word))
    undo.offer(done, word)
    if off:
        said = say("L'étiquette « %(label)s » est ôtée.", label=word)
    else:
        said = say_many("« %(label)s » : %(num)s dossier.", "« %(label)s » : %(num)s dossiers.", len(done), label=word)
    return inbox_page.answer(_back(), said if done else "", skipped)


def _label_page(task_ids: list[int], typed: str = "", error: str = ""):
    views = _views(task_ids)
    if not views:
        return redirect(url_for("inbox.index"))
    put = labels.of_cases(db.session(), (view.file.case.id for view in views))
    return render_template(
        "inbox/label.html",
        views=views,
        offered=labels.offered(db.session(), me()),
        put=sorted({one for found in put.values() for one in found}, key=str.casefold),
        longest=labels.LONGEST,
        typed=typed,
        error=error,
        back=_back(),
    )


@blueprint.get("/imprimer")
@access.signed_in
def print_list():
    """The chosen tasks on paper, under the name of who prints them; who took which list is written down."""
    rights.ensure(me(), rights.PRINT, names.case_types())
    rows = inbox.chosen(db.session(), me(), _wanted(request.args.getlist("task")))
    lines = inbox_lines.of_rows(rows)
    leaving.note(me(), leaving.PRINTED, "taches", [inbox.listed(row) for row in rows])
    return render_template("inbox/print.html", rows=lines, back=_back())


# ------------------------------------------------------------------ what several acts share
def _each(wanted: list[int], change: Callable[[int], None]) -> tuple[list[int], list[tuple[str, str]]]:
    """Those that were done, and the others with the cause."""
    done, skipped = [], []
    for task_id in wanted:
        try:
            change(task_id)
            done.append(task_id)
        except Refusal as refusal:
            skipped.append((tasks_words.title_of(task_id), sentence(refusal)))
    return done, skipped


def _views(task_ids: list[int]) -> list[StepView]:
    found = []
    for task_id in task_ids:
        try:
            found.append(step_view.open_step(db.session(), me(), task_id, now()))
        except NotFound:
            continue
    return found


def _wanted(texts: list[str]) -> list[int]:
    return [int(text) for text in dict.fromkeys(texts[:AT_ONCE]) if text.isdecimal() and len(text) < 19]


def _back() -> str:
    """The list one came from."""
    return safe_next(request.values.get("next")) or url_for("inbox.index")
