"""The inbox: five lists of tasks and their filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.extensions import db
from app.services import inbox, rights, saved_filters, starting
from app.services.approval_view import SCREEN
from app.services.errors import Invalid
from app.web import access, inbox_filters, names, worklist
from app.web.filters import now
from app.web.inbox_filters import Chip, Choice
from app.web.inbox_lines import Line, lines
from app.web.language import safe_next, say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("inbox", __name__)
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
    """Whether tasks wait for somebody to take them, where another list is shown."""
    decides: bool
    """Whether some of these tasks are decisions on money, which have a list of their own."""
    done: bool
    late_href: str
    clear_href: str
    next_href: str | None
    first_href: str | None
    here: str
    """The address of the list."""
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


def answer(back: str | None, done: str, skipped: list[tuple[str, str]]):
    """After acts on several tasks: the list one came from; those that could not be done stand above it with the cause."""
    target = safe_next(back) or url_for("inbox.index")
    if done:
        flash(done, "good")
    if not skipped:
        return redirect(target, 303)
    view = _view(dict(parse_qsl(urlsplit(target).query)))
    view.skipped = skipped
    return _render(view)


def _render(view: View) -> str:
    wanted = {"may_print": rights.PRINT, "may_export": rights.EXPORT}
    may = {name: rights.has(me(), right, names.case_types()) for name, right in wanted.items()}
    beside = worklist.lines() if view.tab in (inbox.MINE, inbox.TO_TAKE) else []
    return render_template("inbox/index.html", page=view, may_start=_may_start(), beside=beside, **may)


def _may_start() -> bool:
    return any(starting.start_posts(me(), one) != frozenset() for one in names.case_types().values())


# ------------------------------------------------------------------ what the page shows
def _view(given: Mapping[str, Any]) -> View:
    tab = given.get("tab", inbox.MINE)
    tab = tab if tab in inbox.TABS else inbox.MINE
    filters, after = inbox_filters.read(given), given.get("after")
    page = inbox.page(db.session(), me(), tab, filters, after, now())
    if not given and not page.rows and page.counts.get(inbox.TO_TAKE):
        # Whoever asks for no list in particular wants to see what there is to do: approvers hold nothing before they decide it.
        tab, page = inbox.TO_TAKE, inbox.page(db.session(), me(), inbox.TO_TAKE, filters, after, now())
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
        decides=tab in (inbox.TO_TAKE, inbox.MINE) and any(_is_decision(row) for row in page.rows),
        done=tab == inbox.DONE,
        late_href=url_for("inbox.index", tab=inbox.MINE, due="late"),
        clear_href=url_for("inbox.index", tab=tab),
        next_href=url_for("inbox.index", tab=tab, **kept, after=page.after) if page.after else None,
        first_href=url_for("inbox.index", tab=tab, **kept) if after else None,
        here=url_for("inbox.index", tab=tab, **kept, after=after or None),
    )


def _is_decision(row: Any) -> bool:
    case_type = names.case_types().get(row.case_type)
    spec = case_type.step(row.process, row.step) if case_type else None
    return spec is not None and spec.properties.get("screen") == SCREEN


def _count(number: int | None) -> str | None:
    """« 14 », « 1000+ »."""
    if number is None:
        return None
    return f"{inbox.CAP}+" if number > inbox.CAP else str(number)
