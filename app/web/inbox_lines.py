"""Rows of the inbox as lines: what is due, whose case, where, who has it, what is worth knowing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.extensions import db
from app.services import inbox, labels
from app.web import names, tasks_words, texts
from app.web.dates import DeadlineWords
from app.web.filters import now
from app.web.language import say

CONFIDENTIAL = {"C3", "C4"}
DUE_SOON_DAYS = 5


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
    labels: list[str]
    done_at: Any = None


def lines(page: inbox.Page) -> list[Line]:
    """The lines of a page."""
    return of_rows(page.rows, page.tab)


def of_rows(rows: Sequence[Any], tab: str = inbox.TEAM) -> list[Line]:
    """The lines of these rows, as a list of the inbox shows them."""
    known = names.user_names(row.assignee_id for row in rows)
    put = labels.of_cases(db.session(), (row.case_id for row in rows))
    types = names.case_types()
    return [_line(row, tab, known, types, put.get(row.case_id, [])) for row in rows]


def _line(row: Any, tab: str, known: dict[int, str], types: dict[str, Any], put: list[str]) -> Line:
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
        labels=put,
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
