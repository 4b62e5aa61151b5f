"""The inbox: what a person can take, has, watches over, waits for and has done. Pages by key, the same speed at any size.

Every list is a union of walks along one index, one for each (place, role) of the person's grants: an IN over the leading column would
sort everything. What was measured is in docs/performance.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, exists, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.people import Person
from app.db.tasks import NO_DEADLINE, Task, TaskSeen
from app.db.types import UtcDateTime
from app.services import barring, policy, versions
from app.services.actor import Actor
from app.services.inbox_counts import CAP, counts
from app.services.inbox_filters import Filters, narrow
from app.services.inbox_walks import DONE, MINE, TABS, TEAM, TO_TAKE, WAITING, Reach, conditions, reach_of

PAGE = 25
_TASK = Task.__table__


@dataclass(frozen=True)
class Page:
    """One page of a tab. `rows`: task columns with `reference`, `person`, `confidentiality`, `suspended_at`, `seen_at` and more of the
    case. `after`: key of the next page, None at the end. `counts`: open tasks by tab, at most CAP."""

    tab: str
    rows: Sequence[Row[Any]]
    after: str | None
    counts: Mapping[str, int]
    reach: Reach
    late: int = 0
    hidden: int = 0
    ever: bool = True


def chosen(session: Session, actor: Actor, task_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The rows of these tasks, by deadline, as far as their cases exist for the actor."""
    seen = select(Case.id).where(policy.visible_cases(actor, versions.all_current(session)))
    ids = select(Task.id).where(Task.id.in_(task_ids), Task.case_id.in_(seen))
    return session.execute(_rows(ids, actor).order_by(Task.due_at, Task.id)).all()


class Listed(NamedTuple):
    """The case of a row, as far as the journal of what leaves needs it."""

    id: int
    reference: str
    confidentiality: str


def listed(row: Row[Any]) -> Listed:
    """The case of a row."""
    return Listed(row.case_id, row.reference, row.confidentiality)


def page(session: Session, actor: Actor, tab: str, filters: Filters, after: str | None, now: dt.datetime, size: int = PAGE) -> Page:
    """A page of a tab, of `size` tasks at most, by deadline (the done ones by the moment they were done, the latest first)."""
    tab = tab if tab in TABS else MINE
    reach = reach_of(session, actor)
    where = [*narrow(session, filters, now), barring.open_to(Task.barred, actor.id, actor.post)]
    key = _read_key(after)
    listed = _done(session, actor, where, key, size) if tab == DONE else _open(session, actor, tab, reach, where, key, size)
    more, rows = len(listed) > size, listed[:size]
    counted = counts(session, actor, reach, now)
    late = counted.pop("late")
    empty = not rows and after is None
    hidden = counted.get(tab, 0) if empty and filters else 0
    ever = not empty or _ever(session, actor)
    return Page(tab, rows, _write_key(rows[-1], tab) if more else None, counted, reach, late, hidden, ever)


# ------------------------------------------------------------------ lists
CASE_COLUMNS = (
    Case.reference,
    Case.confidentiality,
    Case.suspended_at,
    Case.status,
    Case.kept_messages,
    Case.due_at.label("case_due_at"),
    Case.version_hash,
    Case.title.label("case_title"),
    Case.post_code.label("reference_post"),
)


def _rows(ids: Select[Any], actor: Actor) -> Select[Any]:
    """The tasks of these ids with what a row shows of the case and the person."""
    chosen = ids.subquery()
    return (
        select(*Task.__table__.c, *CASE_COLUMNS, Person.given_names, Person.family_name, TaskSeen.seen_at)
        .join(chosen, chosen.c.id == Task.id)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Person, Person.code == Case.person_code)
        .outerjoin(TaskSeen, and_(TaskSeen.task_id == Task.id, TaskSeen.user_id == actor.id))
    )


def _open(
    session: Session, actor: Actor, tab: str, reach: Reach, where: list[ColumnElement[bool]], key: tuple[dt.datetime, int] | None, size: int
) -> Sequence[Row[Any]]:
    parts = list(_walks(actor, tab, reach, where, key, size))
    if not parts:
        return []
    if len(parts) == 1:
        ids: Select[Any] = parts[0]
    else:
        merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
        # Two grants may reach one task: `distinct` on the page's few rows.
        ids = select(merged.c.id, merged.c.due_at).distinct().order_by(merged.c.due_at, merged.c.id).limit(size + 1)
    return session.execute(_rows(ids, actor).order_by(Task.due_at, Task.id)).all()


def _walks(
    actor: Actor, tab: str, reach: Reach, where: list[ColumnElement[bool]], key: tuple[dt.datetime, int] | None, size: int
) -> Iterable[Select[Any]]:
    if tab == MINE:
        yield _walk([Task.assignee_id == actor.id, Task.assignee_id.is_not(None), *where], key, size)
        return
    for one in reach.team if tab == TEAM else reach.own:
        yield _walk([*conditions(tab, one), *where], key, size)


def _walk(where: list[ColumnElement[bool]], key: tuple[dt.datetime, int] | None, size: int) -> Select[Any]:
    """Ids along the index; `closed_at IS NULL` stands literally, else the partial indexes are not used."""
    query: Any = select(Task.id, Task.due_at).where(Task.closed_at.is_(None), *where).order_by(Task.due_at, Task.id).limit(size + 1)
    if key is not None:
        query = query.where(tuple_(Task.due_at, Task.id) > tuple_(literal(key[0], UtcDateTime()), literal(key[1])))
    return query


def neighbours(session: Session, actor: Actor, tab: str, task: Any, step: str | None = None) -> tuple[int | None, int | None]:
    """The tasks before and after one in an open list, by deadline; of one step only, when `step` is given."""
    if tab not in TABS or tab == DONE:
        return None, None
    also = [_TASK.c.step == step] if step else []
    also.append(barring.open_to(_TASK.c.barred, actor.id, actor.post))
    if tab == MINE:
        walks = [[_TASK.c.assignee_id == actor.id, _TASK.c.assignee_id.is_not(None)]]
    else:
        reach = reach_of(session, actor)
        walks = [conditions(tab, one) for one in (reach.team if tab == TEAM else reach.own)]
    if not walks:
        return None, None
    key, here = tuple_(_TASK.c.due_at, _TASK.c.id), tuple_(literal(task.due_at, UtcDateTime()), literal(task.id))
    before = [_end([key < here, *where, *also], -1, _TASK.c.due_at.desc(), _TASK.c.id.desc()) for where in walks]
    after = [_end([key > here, *where, *also], 1, _TASK.c.due_at, _TASK.c.id) for where in walks]
    ends = session.execute(union_all(*(select(end) for end in before + after))).all()
    first = max(((row.due_at, row.id) for row in ends if row.side < 0), default=(None, None))[1]
    return first, min(((row.due_at, row.id) for row in ends if row.side > 0), default=(None, None))[1]


def _end(where: list[ColumnElement[bool]], side: int, *order: Any) -> Any:
    """The first task along a walk, on one side."""
    return (
        select(_TASK.c.due_at, _TASK.c.id, literal(side).label("side"))
        .where(_TASK.c.closed_at.is_(None), *where)
        .order_by(*order)
        .limit(1)
        .subquery()
    )


def _done(
    session: Session, actor: Actor, where: list[ColumnElement[bool]], key: tuple[dt.datetime, int] | None, size: int
) -> Sequence[Row[Any]]:
    query = select(Task.id).where(Task.closed_at.is_not(None), Task.closed_by_id == actor.id, Task.closed_how == "done", *where)
    if key is not None:
        query = query.where(tuple_(Task.closed_at, Task.id) < tuple_(literal(key[0], UtcDateTime()), literal(key[1])))
    ids = query.order_by(Task.closed_at.desc(), Task.id.desc()).limit(size + 1)
    return session.execute(_rows(ids, actor).order_by(Task.closed_at.desc(), Task.id.desc())).all()


def _read_key(text: str | None) -> tuple[dt.datetime, int] | None:
    """The key of a page; one that somebody made up counts as none."""
    moment, _, number = (text or "").rpartition("_")
    try:
        at = dt.datetime.fromisoformat(moment)
        return (at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC), int(number[:18]))
    except (ValueError, OverflowError):
        return None


def _write_key(row: Row[Any], tab: str) -> str:
    moment = row.closed_at if tab == DONE else row.due_at
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}_{row.id}"


def _ever(session: Session, actor: Actor) -> bool:
    """Whether the actor ever completed a task."""
    return bool(session.scalar(select(exists().where(Task.closed_by_id == actor.id, Task.closed_at.is_not(None)))))


__all__ = ["CAP", "DONE", "MINE", "NO_DEADLINE", "PAGE", "TABS", "TEAM", "TO_TAKE", "WAITING", "Filters", "Page", "page", "reach_of"]
