"""A closed case that goes on: within a year, by whoever decides on it, because something new is known (domain: SP-CLO).

The procedure begins again with everything that is known. The fact `rouvert_le` says so, for procedures that then go straight to what is
left to do.
"""

from __future__ import annotations

import calendar
import datetime as dt

from app.db.transaction import Unit, transaction
from app.services import advance, clock, incidents, policy, settings
from app.services.act import Act, locked
from app.services.actor import Actor
from app.services.errors import Broken, Conflict, Forbidden, Invalid
from app.services.handlers import HANDLERS
from workflows.engine import runtime

MONTHS = "clo_reouverture_mois"
USUAL_MONTHS = 12
STATUS = "instruction"
FORGOTTEN = ("issue", "motif_issue", "statut_final", "resultat_cloture")
"""What the closing had decided, and decides anew."""


def reopen(actor: Actor, case_id: int, new_fact: str) -> None:
    """Opens a closed case again.

    NotFound, Forbidden (not theirs to decide), Invalid (no new fact), Conflict (not closed, too late), Broken.
    """
    if not new_fact.strip():
        raise Invalid({"fait_nouveau": "reason_missing"}, new_fact)

    def work(unit: Unit) -> None:
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        act.capacity = policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
        act.recorder.capacity = act.capacity
        if act.case_type.access.get(act.capacity.role or "") != "decide":
            raise Forbidden("may_not_suspend")
        if act.case.closed_at is None:
            raise Conflict("not_closed")
        again(act, new_fact)
        advance.apply(act, "case.reopened", None, data={})

    try:
        transaction(work, clock.now)
    except Broken as error:
        incidents.record(case_id, error)
        raise


def again(act: Act, new_fact: str) -> None:
    """Inside an act of whoever may: the procedure begins again. Conflict when the case was closed too long ago."""
    months = int(settings.reglages(act.unit.session, act.case_type).get(MONTHS, USUAL_MONTHS))
    if act.now > months_later(act.case.closed_at, months):
        raise Conflict("reopen_too_late", months=months)
    for name in FORGOTTEN:
        if act.fact(name) is not None:
            act.set(name, None)
    act.set("rouvert_le", act.now)
    act.set("fait_nouveau", new_fact.strip()[:5000])
    act.set("statut", STATUS)
    act.state = None
    act.columns |= {"closed_at": None, "outcome": None, "status": STATUS}
    act.perform(runtime.start)


def months_later(moment: dt.datetime, months: int) -> dt.datetime:
    """The same moment so many months on; the last day of a shorter month."""
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
