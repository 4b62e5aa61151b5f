"""The inbox: five lists of tasks, their filters, and acts on several tasks at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from app.extensions import db
from app.services import assignment, inbox, policy
from app.services.errors import Refusal
from app.web import access, names, tasks_words, texts
from app.web.dates import DeadlineWords
from app.web.filters import now
from app.web.language import safe_next, say, say_many
from app.web.reader import me
from app.web.refusals import sentence

blueprint = Blueprint("inbox", __name__)
AT_ONCE = 50
CONFIDENTIAL = {"C3", "C4"}
DUE_SOON_DAYS = 5
NO_ROLE = {"admin_fonctionnel", "admin_technique"}


@dataclass(frozen=True)
class Line:
    """One row as the template draws it."""

    id: int
    href: str
    due: DeadlineWords
    title: str
    reference: str
    who: str
    type: str
    country: str
    post: str
    assignee: str
    new: bool
    badges: list[tuple[str, ...]]
    note: str
    done_at: Any = None


@dataclass
class View:
    """One page of the inbox as the template draws it."""

    tab: str
    tab_label: str
    count: str | None
    tabs: list[tuple[str, str, str | None]]
    rows: list[Line]
    filters: dict[str, str]
    choices: list[dict[str, Any]]
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
    return render_template("inbox/index.html", page=_view(), may_start=_may_start())


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


def _may_start() -> bool:
    return any(policy.start_posts(me(), one) != frozenset() for one in names.case_types().values())


# ------------------------------------------------------------------ from rows to lines
def _view() -> View:
    tab = request.args.get("tab", inbox.MINE)
    tab = tab if tab in inbox.TABS else inbox.MINE
    filters = _filters()
    page = inbox.page(db.session(), me(), tab, filters, request.args.get("after"), now())
    g.task_count = _count(page.counts.get(inbox.MINE)) if page.counts.get(inbox.MINE) else None
    labels = tab_labels()
    kept = {name: value for name, value in request.args.items() if name in _NAMES and value}
    return View(
        tab=tab,
        tab_label=labels[tab],
        count=_count(page.counts.get(tab)),
        tabs=[(labels[one], url_for("inbox.index", tab=one), _count(page.counts.get(one))) for one in inbox.TABS],
        rows=_lines(page),
        filters=kept,
        choices=_choices(page.reach),
        late=page.late if tab == inbox.MINE else 0,
        hidden=page.hidden,
        ever=page.ever,
        to_take=bool(page.counts.get(inbox.TO_TAKE)) and tab != inbox.TO_TAKE,
        done=tab == inbox.DONE,
        late_href=url_for("inbox.index", tab=inbox.MINE, due="late"),
        clear_href=url_for("inbox.index", tab=tab),
        next_href=url_for("inbox.index", tab=tab, **kept, after=page.after) if page.after else None,
        first_href=url_for("inbox.index", tab=tab, **kept) if request.args.get("after") else None,
    )


def tab_labels() -> dict[str, str]:
    """The names of the five lists."""
    return {
        inbox.TO_TAKE: say("À prendre"),
        inbox.MINE: say("À moi"),
        inbox.TEAM: say("Mon équipe"),
        inbox.WAITING: say("En attente d'un tiers"),
        inbox.DONE: say("Terminées"),
    }


def _count(number: int | None) -> str | None:
    """« 14 », « 1000+ »."""
    if number is None:
        return None
    return f"{inbox.CAP}+" if number > inbox.CAP else str(number)


_NAMES = ("q", "type", "post", "country", "due")


def _filters() -> inbox.Filters:
    given = {name: request.args.get(name, "").strip()[:80] for name in _NAMES}
    return inbox.Filters(case_type=given["type"], post=given["post"], country=given["country"], due=given["due"], text=given["q"])


def _choices(reach: inbox.Reach) -> list[dict[str, Any]]:
    """The three filters: type, post, deadline."""
    places = sorted({walk.place for walk in (*reach.own, *reach.team)} & names.posts().keys())
    posts = names.post_choices(places or None)
    types = [(code, names.text_of(one.name)) for code, one in names.case_types().items()]
    due = [("late", say("En retard")), ("today", say("Aujourd'hui")), ("soon", say("Sous 3 jours"))]
    return [
        {"name": "type", "label": say("Type de dossier"), "all": say("Tous les types"), "options": types},
        {"name": "post", "label": say("Poste"), "all": say("Tous les postes"), "options": posts},
        {"name": "due", "label": say("Échéance"), "all": say("Toutes"), "options": due},
    ]


def _lines(page: inbox.Page) -> list[Line]:
    known = names.user_names(row.assignee_id for row in page.rows)
    types = names.case_types()
    return [_line(row, page.tab, known, types) for row in page.rows]


def _line(row: Any, tab: str, known: dict[int, str], types: dict[str, Any]) -> Line:
    case_type = types.get(row.case_type)
    person = f"{row.given_names or ''} {row.family_name or ''}".strip() or row.case_title
    return Line(
        id=row.id,
        href=url_for("tasks.show", task_id=row.id, **({"from": tab} if tab != inbox.MINE else {})),
        due=tasks_words.due_words(row, row.suspended_at),
        title=tasks_words.title(row, case_type) if case_type else row.title,
        reference=row.reference,
        who=texts.initials(person) if row.confidentiality in CONFIDENTIAL else person,
        type=names.type_name(row.case_type),
        country=names.country(row.country),
        post=names.post_name(row.reference_post),
        assignee=tasks_words.assignee(row, known),
        new=row.seen_at is None and tab in (inbox.MINE, inbox.TO_TAKE),
        badges=_badges(row)[:2],
        note=say("Dossier suspendu") if row.suspended_at else "",
        done_at=row.closed_at if tab == inbox.DONE else None,
    )


def _badges(row: Any) -> list[tuple[str, ...]]:
    """At most two: reminders, news, a case whose own limit comes near, a vital priority."""
    found: list[tuple[str, ...]] = []
    if row.priority == "P1":
        found.append(("bad", say("P1 vitale"), "flag"))
    if row.case_due_at is not None and row.closed_at is None:
        days = (row.case_due_at - now()).days
        if row.case_due_at < now():
            found.append(("bad", say("Limite du dossier passée"), "late"))
        elif days < DUE_SOON_DAYS:
            left = say("Limite du dossier : %(days)s j", days=days) if days else say("Limite du dossier : moins d'un jour")
            found.append(("warning", left, "clock"))
    if row.kept_messages:
        found.append(("news", say("Message à lire"), "mail"))
    if row.stage in (50, 80) and row.closed_at is None:
        found.append(("warning", say("Relancée 1 fois") if row.stage == 50 else say("Relancée 2 fois"), "late"))
    return found
