"""Who may open a case, by hand or by a message."""

from __future__ import annotations

from app.services.actor import Actor
from app.services.errors import Forbidden, NotFound
from app.services.policy import Capacity
from workflows.catalog import CaseType


def start_posts(actor: Actor, case_type: CaseType) -> frozenset[str] | None:
    """Posts for which the actor may open a case of this type: None means any; empty means none. A child is opened by its operation,
    a case that begins by a message by the message."""
    if case_type.child_of is not None or case_type.start_by is not None:
        return frozenset()
    found: set[str] = set()
    for grant in actor.grants:
        if grant.role not in case_type.start_roles or not grant.covers(case_type.code):
            continue
        if case_type.roles[grant.role].at in ("central", "external"):
            return None
        found |= grant.posts or {actor.post}
    return frozenset(found)


def ensure_may_start(actor: Actor, case_type: CaseType, post_code: str) -> Capacity:
    """In which capacity the actor opens a case for a post. Forbidden when their role does not."""
    if actor.is_system:
        return Capacity(None)
    posts = start_posts(actor, case_type)
    if posts is not None and post_code not in posts:
        raise Forbidden("may_not_start")
    return _starting(actor, case_type)[0]


def ensure_may_send(actor: Actor, case_type: CaseType) -> Capacity:
    """In which capacity the actor sends a message that opens a case. NotFound for whoever sends none."""
    if actor.is_system:
        return Capacity(None)
    found = _starting(actor, case_type)
    if not found:
        raise NotFound
    return found[0]


def _starting(actor: Actor, case_type: CaseType) -> list[Capacity]:
    fitting = [g for g in actor.grants if g.role in case_type.start_roles and g.covers(case_type.code)]
    fitting.sort(key=lambda grant: grant.behind is not None)
    return [Capacity(grant.role, grant.behind) for grant in fitting]
