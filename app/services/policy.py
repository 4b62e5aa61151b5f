"""Who may see and do what, and the sentence why not: the one place. (domain: roles-and-rights.)

What an actor may not see does not exist for them (NotFound); what they may see but not do is Forbidden, with the rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from app.db.cases import Case, Team
from app.db.tasks import STEP, WAIT, Task
from app.db.users import User
from app.services import barring, concern
from app.services.actor import Actor, Grant
from app.services.errors import Forbidden, NotFound
from workflows.catalog import CaseType

CENTRAL, ANY_STATION = "CENTRAL", "STATIONS"
FULL, SHEET, TASKS, NONE = "full", "sheet", "tasks", "none"
"""How much of a case an actor sees: all of it; its money; only what its own tasks show; nothing."""

WORKING = frozenset({"write", "decide", "opinion"})


@dataclass(frozen=True)
class Capacity:
    """In which role an actor does something, and on whose behalf."""

    role: str | None
    behind: int | None = None


def in_perimeter(grant: Grant, case: Any) -> bool:
    """Whether a case of a post or country lies in a grant's perimeter."""
    return case.post_code in grant.posts or (case.country is not None and case.country in grant.countries)


def sight(session: Session, actor: Actor, case: Any, case_type: CaseType) -> str:
    """How much of `case` the actor sees: FULL, SHEET, TASKS or NONE."""
    if actor.is_system:
        return FULL
    if barring.keeps_out(case.barred, actor.id, actor.post):
        return NONE
    best = NONE
    for grant in actor.grants:
        access = case_type.access.get(grant.role)
        if access is None or access == "stat" or not grant.covers(case.case_type):
            continue
        role = case_type.roles[grant.role]
        if role.at == "post" and barring.keeps_posts_out(case.barred):
            continue
        if (role.sees == "posts" and in_perimeter(grant, case)) or (role.sees == "all" and (not grant.posts or in_perimeter(grant, case))):
            best = FULL if access in WORKING or access == "read" else best
        if role.sees == "sheet" and (role.at != "post" or in_perimeter(grant, case)) and best == NONE:
            best = SHEET
    if best == FULL and case.confidentiality != "C4":
        return FULL
    if case.confidentiality == "C4" and best == FULL:
        best = FULL if on_team(session, actor, case.id) else NONE
    if best in (NONE, SHEET) and has_task(session, actor, case.id):
        named = _named_in(session, actor, case.id, case_type)
        return FULL if named else TASKS if best == NONE else best
    return best


def _named_in(session: Session, actor: Actor, case_id: int, case_type: CaseType) -> bool:
    """Whether the procedure itself gave the actor an open step of the case: who is named to look into it reads all of it."""
    mine = select(Task.process, Task.step).where(Task.case_id == case_id, Task.assignee_id == actor.id, Task.closed_at.is_(None))
    return any(names_its_doer(case_type, process, step) for process, step in session.execute(mine))


def names_its_doer(case_type: CaseType, process: str, step: str) -> bool:
    """Whether a step may be given to a member whom the role that answers for it names (property `member`)."""
    spec = case_type.step(process, step)
    return spec is not None and bool(spec.properties.get("member"))


def on_team(session: Session, actor: Actor, case_id: int) -> bool:
    """Whether the actor is named on the case."""
    return session.get(Team, (case_id, actor.id)) is not None


def has_task(session: Session, actor: Actor, case_id: int) -> bool:
    """Whether the actor has, had, or could take a task in the case."""
    mine = or_(Task.assignee_id == actor.id, Task.closed_by_id == actor.id, and_(Task.closed_at.is_(None), _tasks_of(actor)))
    return bool(session.scalar(select(exists().where(Task.case_id == case_id, mine))))


def ensure_sees(session: Session, actor: Actor, case: Any, case_type: CaseType) -> str:
    """The actor's sight of the case; NotFound when it does not exist for them."""
    seen = sight(session, actor, case, case_type)
    if seen == NONE:
        raise NotFound
    return seen


# ------------------------------------------------------------------ tasks
def places(grant: Grant, actor: Actor, at: str) -> frozenset[str]:
    """Where a grant's tasks lie, by the place of its role."""
    if at == "post":
        return grant.posts or frozenset({actor.post})
    if at == "station":
        return (grant.posts or frozenset({actor.post})) | {ANY_STATION}
    return frozenset({CENTRAL})


def _tasks_of(actor: Actor) -> ColumnElement[bool]:
    """Tasks that one of the actor's grants covers by role, place and type."""
    conditions = [
        and_(
            Task.role == grant.role,
            Task.post_code.in_(sorted(grant.posts | {actor.post, CENTRAL, ANY_STATION})),
            *([Task.case_type.in_(sorted(grant.case_types))] if grant.case_types else []),
        )
        for grant in actor.grants
    ]
    return or_(*conditions) if conditions else false()


def grants_for(actor: Actor, task: Any, case_type: CaseType) -> list[Grant]:
    """The actor's grants that cover a task; one's own before those held for somebody else."""
    if barring.keeps_out(task.barred, actor.id, actor.post):
        return []
    fitting = [
        grant
        for role in _doers(task, case_type)
        for grant in actor.holding(role)
        if grant.covers(task.case_type, task.priority) and task.post_code in places(grant, actor, case_type.roles[role].at)
    ]
    return sorted(fitting, key=lambda grant: grant.behind is not None)


def _doers(task: Any, case_type: CaseType) -> list[str]:
    """The role of a task; an answer from outside is written down by any role that its message names (`record`)."""
    message = case_type.messages.get(task.message) if task.kind == WAIT and task.message else None
    return [role for role in dict.fromkeys((task.role, *(message.record if message else ()))) if role in case_type.roles]


def ensure_may_do(
    session: Session, actor: Actor, task: Any, case_type: CaseType, excluded: Iterable[str] = (), now: dt.datetime | None = None
) -> Capacity:
    """In which capacity the actor does a task. Forbidden with the rule when it is not theirs.

    excluded: ids of the steps whose performers in this case may not do this one (separation of duties, rules S1 to S5).
    """
    fitting = grants_for(actor, task, case_type) or _taken_over(actor, task, case_type)
    if not fitting and not _is_named(actor, task, case_type):
        role = case_type.roles.get(task.role)
        raise Forbidden("not_your_role", role=role.name.get(actor.language, role.name["fr"]) if role else task.role)
    if task.assignee_id is not None and task.assignee_id != actor.id and task.assignee_id not in actor.covers:
        raise Forbidden("taken_by_other", who=_name(session, task.assignee_id))
    steps = tuple(excluded)
    behind = {grant.behind for grant in fitting if grant.behind is not None and all(g.behind is not None for g in fitting)}
    if steps:
        _ensure_apart(session, actor, behind, performers(session, task.case_id, steps), case_type)
    if steps or any(case_type.access.get(grant.role) == "decide" for grant in fitting):
        _ensure_unconcerned(session, actor, behind, task.case_id)
    return Capacity(fitting[0].role, fitting[0].behind) if fitting else Capacity(task.role)


def _taken_over(actor: Actor, task: Any, case_type: CaseType) -> list[Grant]:
    """The grants by which the actor answers for the delays of a task, when it was given to them: taken over, it is theirs to do."""
    mine = task.assignee_id is not None and task.assignee_id == actor.id and not barring.keeps_out(task.barred, actor.id, actor.post)
    return sorted(_watching(actor, task, case_type), key=lambda grant: grant.behind is not None) if mine else []


def _is_named(actor: Actor, task: Any, case_type: CaseType) -> bool:
    """Whether the procedure gave this person the step by name: they do it for the role that answers for it, without holding it."""
    mine = task.assignee_id is not None and task.assignee_id == actor.id and task.kind == STEP
    return mine and not barring.keeps_out(task.barred, actor.id, actor.post) and names_its_doer(case_type, task.process, task.step)


def performers(session: Session, case_id: int, steps: Iterable[str]) -> dict[str, set[int]]:
    """Who did these steps in the case, also in earlier rounds: themselves, and those on whose behalf they did."""
    query = select(Task.step, Task.closed_by_id, Task.closed_behind_id).where(
        Task.case_id == case_id, Task.step.in_(sorted(steps)), Task.closed_how == "done", Task.closed_by_id.is_not(None)
    )
    done: dict[str, set[int]] = {}
    for step, *people in session.execute(query):
        done.setdefault(step, set()).update(person for person in people if person is not None)
    return done


def _ensure_apart(session: Session, actor: Actor, behind: set[int], done: Mapping[str, set[int]], case_type: CaseType) -> None:
    related = actor.relatives | concern.relatives(session, behind) if behind else actor.relatives
    for step, users in done.items():
        title = case_type.step_title(step, actor.language)
        if actor.id in users or behind & users:
            raise Forbidden("four_eyes", step=title)
        if kin := users & related:
            raise Forbidden("relative", who=_name(session, next(iter(kin))), step=title)


def _ensure_unconcerned(session: Session, actor: Actor, behind: set[int], case_id: int) -> None:
    """Rule S3: nobody decides on their own case, a declared relative's, or one that they reported, and nobody decides it for them."""
    if concern.concerned(session, case_id, behind | ({actor.id} if actor.id is not None else set())):
        raise Forbidden("own_case")


def _name(session: Session, user_id: int) -> str:
    user = session.get(User, user_id)
    return user.name if user else "?"


def supervises(actor: Actor, task: Any, case_type: CaseType) -> bool:
    """Whether the actor holds the role that answers for the delays of the task's role, where the task or its case lies."""
    return bool(_watching(actor, task, case_type))


def _watching(actor: Actor, task: Any, case_type: CaseType) -> list[Grant]:
    boss = case_type.supervisors.get(task.role)
    role = case_type.roles.get(boss) if boss else None
    if boss is None or role is None:
        return []
    return [
        grant
        for grant in actor.holding(boss)
        if grant.covers(task.case_type) and (role.at != "post" or task.post_code in places(grant, actor, "post"))
    ]


# ------------------------------------------------------------------ working, administering
def ensure_may_work(session: Session, actor: Actor, case: Any, case_type: CaseType) -> Capacity:
    """In which capacity the actor adds something to a case (a note, a message, a document): it sees it fully and works on it."""
    if ensure_sees(session, actor, case, case_type) == SHEET:
        raise Forbidden("not_your_role", role="–")
    capacity = working_capacity(actor, case_type)
    if capacity is None:
        raise Forbidden("scale_read_only")
    return capacity


def working_capacity(actor: Actor, case_type: CaseType) -> Capacity | None:
    """In which capacity the actor works on cases of a type that it sees; None: it only reads them."""
    fitting = [g for g in actor.grants if g.covers(case_type.code) and case_type.access.get(g.role) in WORKING | {"tasks"}]
    own = min(fitting, key=lambda grant: grant.behind is not None, default=None)
    return Capacity(own.role, own.behind) if own else None


def is_administrator(actor: Actor) -> bool:
    """Whether the actor keeps users, calendars and versions (and sees no case)."""
    return bool(actor.roles & {"admin_fonctionnel", "admin_technique"})


def ensure_administrator(actor: Actor) -> Capacity:
    """NotFound for everybody who does not administer."""
    if not is_administrator(actor):
        raise NotFound
    return Capacity(next(iter(actor.roles & {"admin_fonctionnel", "admin_technique"})))


def gives_roles(actor: Actor) -> bool:
    """Whether the actor says who holds which role: the functional administrator does, the technical one keeps the platform."""
    return "admin_fonctionnel" in actor.roles


# ------------------------------------------------------------------ lists
def visible_cases(actor: Actor, case_types: Mapping[str, CaseType]) -> ColumnElement[bool]:
    """SQL condition on Case: the cases that exist for the actor, in lists and searches."""
    stories: list[ColumnElement[bool]] = []
    sheets: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        for code, case_type in case_types.items():
            condition = _visible_by(grant, code, case_type)
            if condition is not None:
                (sheets if case_type.roles[grant.role].sees == "sheet" else stories).append(condition)
    named = exists().where(Team.case_id == Case.id, Team.user_id == actor.id)
    mine = exists().where(
        Task.case_id == Case.id,
        or_(Task.assignee_id == actor.id, Task.closed_by_id == actor.id, and_(Task.closed_at.is_(None), _tasks_of(actor))),
    )
    open_to = or_(*stories) if stories else false()
    money = or_(*sheets) if sheets else false()  # of every case, however restricted: it tells nothing of the story
    kept_out = barring.open_to(Case.barred, actor.id, actor.post)
    return and_(kept_out, or_(and_(Case.confidentiality != "C4", open_to), and_(Case.confidentiality == "C4", open_to, named), money, mine))


def _visible_by(grant: Grant, code: str, case_type: CaseType) -> ColumnElement[bool] | None:
    access = case_type.access.get(grant.role)
    role = case_type.roles.get(grant.role)
    if access in (None, "stat", "tasks") or role is None or not grant.covers(code):
        return None
    of_type = Case.case_type == code
    if role.at == "post":
        of_type = and_(of_type, barring.open_to_posts(Case.barred))
    if role.sees == "posts" or (role.sees == "sheet" and role.at == "post") or grant.posts:
        return and_(of_type, or_(Case.post_code.in_(sorted(grant.posts)), Case.country.in_(sorted(grant.countries))))
    return of_type if role.sees in ("all", "sheet") else None
