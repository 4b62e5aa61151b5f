"""How many tasks the lists of the inbox hold: counting stops at CAP, whatever lies behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.db.tasks import Task
from app.services import barring
from app.services.actor import Actor
from app.services.inbox_filters import Filters, narrow
from app.services.inbox_walks import MINE, TEAM, TO_TAKE, WAITING, Reach, conditions

CAP = 1000


def _capped(walks: list[list[ColumnElement[bool]]]) -> Any:
    """How many tasks lie on these walks together; counting stops at CAP + 1, however many walks there are."""
    if not walks:
        return literal(0)
    found = [select(literal(1).label("one")).select_from(Task).where(Task.closed_at.is_(None), *where) for where in walks]
    rows = union_all(*found).subquery() if len(found) > 1 else found[0].subquery()
    return select(func.count()).select_from(select(rows.c.one).limit(CAP + 1).subquery()).scalar_subquery()


def counts(session: Session, actor: Actor, reach: Reach, now: dt.datetime) -> dict[str, int]:
    """Open tasks by tab, each at most CAP + 1, and how many of mine are late: one statement."""
    open_to_me = barring.open_to(Task.barred, actor.id, actor.post)
    mine = [Task.assignee_id == actor.id, Task.assignee_id.is_not(None), open_to_me]
    parts: dict[str, Any] = {MINE: _capped([mine]), "late": _capped([[*mine, Task.due_at < now]])}
    for tab, walks in ((TO_TAKE, reach.own), (TEAM, reach.team), (WAITING, reach.own)):
        parts[tab] = _capped([[*conditions(tab, walk), open_to_me] for walk in walks])
    row = session.execute(select(*(part.label(name) for name, part in parts.items()))).one()
    return {name: min(int(value or 0), CAP + 1) for name, value in row._mapping.items()}


def kept(
    session: Session, actor: Actor, reach: Reach, wanted: Sequence[tuple[str, Filters]], now: dt.datetime
) -> list[tuple[int, bool] | None]:
    """How many tasks each (tab, filters) finds, and whether there are more: each tab is read once, and no further than CAP tasks.

    None for what is not counted: done tasks, and filters that search for a text.
    """
    found: dict[tuple[str, Filters], tuple[int, bool]] = {}
    for tab in dict.fromkeys(tab for tab, filters in wanted if not filters.text):
        if tab in (MINE, TO_TAKE, TEAM, WAITING):
            found |= _found(session, actor, _walks(actor, tab, reach), tab, [one for at, one in wanted if at == tab], now)
    return [found.get(one) for one in wanted]


def _walks(actor: Actor, tab: str, reach: Reach) -> list[list[ColumnElement[bool]]]:
    if tab == MINE:
        return [[Task.assignee_id == actor.id, Task.assignee_id.is_not(None)]]
    return [conditions(tab, walk) for walk in (reach.team if tab == TEAM else reach.own)]


def _found(
    session: Session, actor: Actor, walks: list[list[ColumnElement[bool]]], tab: str, wanted: list[Filters], now: dt.datetime
) -> Mapping[tuple[str, Filters], tuple[int, bool]]:
    if not walks:
        return {(tab, filters): (0, False) for filters in wanted}
    open_to_me = barring.open_to(Task.barred, actor.id, actor.post)
    parts = [select(Task.id).where(Task.closed_at.is_(None), *where, open_to_me) for where in walks]
    some = (union_all(*parts) if len(parts) > 1 else parts[0]).limit(CAP + 1).subquery()
    sums = [func.count().filter(*narrow(session, filters, now)) for filters in wanted if not filters.text]
    row = session.execute(select(func.count(), *sums).select_from(Task).join(some, some.c.id == Task.id)).one()
    return dict(zip(((tab, one) for one in wanted if not one.text), ((int(number), row[0] > CAP) for number in row[1:]), strict=True))
