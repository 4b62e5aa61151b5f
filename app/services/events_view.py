"""Facts that may come at any time of a case, as its procedure listens for them now: for choosing one to record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.db.cases import Case
from app.services import calendars, case_file, policy, settings, step_view
from app.services.actor import Actor
from app.services.case_file import CaseFile
from app.services.errors import Conflict
from app.services.step_view import FormRoom
from workflows.engine import runtime
from workflows.outcome import Awaited

ANY_TIME = ("event", "boundary")


def expected(session: Session, actor: Actor, file: CaseFile, now: dt.datetime) -> list[Awaited]:
    """What an officer may record: events of the case and of its open steps. Forbidden for who does not work on the case."""
    policy.ensure_may_work(session, actor, file.case, file.case_type)
    if file.case.closed_at is not None:
        raise Conflict("case_closed")
    state = session.get_one(Case, file.case.id).state
    functions = calendars.functions_of(session, file.case.post_code)
    system = {"reglages": settings.reglages(session, file.case_type)}
    facts = case_file.facts(session, file)
    seen = runtime.look(file.case_type.definition, state, facts, now, functions=functions, system=system)
    found = {key(wait): wait for wait in seen.awaited if wait.kind in ANY_TIME}
    return sorted(found.values(), key=lambda wait: wait.title)


def key(wait: Awaited) -> str:
    """Names what awaits, in an address and for `messages.record_event`."""
    return f"{wait.id}:{wait.element}"


def room(session: Session, file: CaseFile, wait: Awaited, now: dt.datetime) -> FormRoom:
    """The surroundings of the form by which an event is recorded."""
    form = file.case_type.forms.get(str(wait.extensions.get("form") or ""))
    chain: Any = [[link.id, link.process] for link in wait.chain]
    return step_view.form_room(session, file, form, chain, None, now)
