"""The inbox: five lists of tasks, their filters, and acts on several tasks at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.extensions import db
from app.services import assignment, inbox, policy, saved_filters
from app.services.errors import Invalid, Refusal
from app.web import access, inbox_filters, names, tasks_words
from app.web.filters import now
from app.web.inbox_filters import Chip, Choice
from app.web.inbox_lines import Line, lines
from app.web.language import safe_next, say, say_many
from app.web.reader import me
from app.web.refusals import field_errors, sentence

blueprint = Blueprint("inbox", __name__)
AT_ONCE = 50
NO_ROLE = {"admin_fonctionnel", "admin_technique"}


@dataclass
class View:
    """One page of the inbox as the template draws it."""

    tab: str
    tab_label: str
    count: str | None
    tabs: list[tuple[str, str, str | None]]
    rows: list[Line]
    filters: dict[str, str]
    chips: list[Chip]
    choices: list[Choice]
    late: int
    hidden: int
    ever: bool
    to_take: bool
    done: bool
    late_href: str
    clear_href: str
    next_href: str | None
    first_href: str | None
    skipped: list[tuple[str, str]] = field(default_factory=list)
    typed: str = ""
    """A name that could not be kept, and why."""
    error: str = ""


@blueprint.get("/")
@access.signed_in
def home():
    """Where one begins: the administration for administrators, the inbox for everybody else."""
    only_admin = me().roles and me().roles <= NO_ROLE
    return redirect(url_for("admin.index" if only_admin else "inbox.index"))


@blueprint.get("/taches")
@access.signed_in
def index():
    """A page of one list."""
    return _render(_view(request.args))


@blueprint.post("/taches/filtres")
@access.signed_in
def keep():
    """What narrows the list, kept under a name."""
    name, filters = request.form.get("name", ""), inbox_filters.read(request.form)
    tab = request.form.get("tab", inbox.MINE)
    try:
        saved_filters.keep(me(), name, tab, filters)
    except Invalid as refusal:
        view = _view(request.form)
        view.typed, view.error = name, field_errors(refusal)["name"]
        return _render(view), 422
    flash(say("Le filtre est gardé."), "good")
    return redirect(url_for("inbox.index", tab=tab, **inbox_filters.written(filters)), 303)


@blueprint.post("/taches")
@access.signed_in
def act():
    """Take, give back or hand over several tasks; those that could not be are listed with the cause."""
    wanted = [int(text) for text in request.form.getlist("task")[:AT_ONCE] if text.isdecimal()]
    what = request.form.get("act")
    if what == "assign" and wanted:
        return redirect(url_for("tasks.hand_over_many", task=wanted), 303)
    acts = {"take": assignment.claim, "release": assignment.release}
    if what not in acts or not wanted:
        return redirect(safe_next(request.form.get("next")) or url_for("inbox.index"), 303)
    done, skipped = _each(wanted, acts[what])
    if done:
        flash(say_many("%(num)s tâche changée de mains.", "%(num)s tâches changées de mains.", done), "good")
    for title, why in skipped:
        flash(f"{title} : {why}", "warning")
    return redirect(safe_next(request.form.get("next")) or url_for("inbox.index"), 303)


def _each(wanted: list[int], what: Any) -> tuple[int, list[tuple[str, str]]]:
    done, skipped = 0, []
    for task_id in wanted:
        try:
            what(me(), task_id)
            done += 1
        except Refusal as refusal:
            skipped.append((tasks_words.title_of(task_id), sentence(refusal)))
    return done, skipped


def _render(view: View) -> str:
    return render_template("inbox/index.html", page=view, may_start=_may_start())


def _may_start() -> bool:
    return any(policy.start_posts(me(), one) != frozenset() for one in names.case_types().values())


# ------------------------------------------------------------------ what the page shows
def _view(given: Mapping[str, Any]) -> View:
    tab = given.get("tab", inbox.MINE)
    tab = tab if tab in inbox.TABS else inbox.MINE
    filters, after = inbox_filters.read(given), given.get("after")
    page = inbox.page(db.session(), me(), tab, filters, after, now())
    g.task_count = _count(page.counts.get(inbox.MINE)) if page.counts.get(inbox.MINE) else None
    labels = inbox_filters.tab_labels()
    kept = inbox_filters.written(filters)
    return View(
        tab=tab,
        tab_label=labels[tab],
        count=_count(page.counts.get(tab)),
        tabs=[(labels[one], url_for("inbox.index", tab=one), _count(page.counts.get(one))) for one in inbox.TABS],
        rows=lines(page),
        filters=kept,
        chips=inbox_filters.chips(page.reach, tab, filters),
        choices=inbox_filters.choices(page.reach),
        late=page.late if tab == inbox.MINE else 0,
        hidden=page.hidden,
        ever=page.ever,
        to_take=bool(page.counts.get(inbox.TO_TAKE)) and tab != inbox.TO_TAKE,
        done=tab == inbox.DONE,
        late_href=url_for("inbox.index", tab=inbox.MINE, due="late"),
        clear_href=url_for("inbox.index", tab=tab),
        next_href=url_for("inbox.index", tab=tab, **kept, after=page.after) if page.after else None,
        first_href=url_for("inbox.index", tab=tab, **kept) if after else None,
    )


def _count(number: int | None) -> str | None:
    """« 14 », « 1000+ »."""
    if number is None:
        return None
    return f"{inbox.CAP}+" if number > inbox.CAP else str(number)
