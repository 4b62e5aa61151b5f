"""Urgent help between the end of the commitments of a year and the credits of the next: the imprest pays, its line follows (domain: funding
§3 and §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.db.funding import BudgetLine, FundingRequest
from app.services.act import Act, Handler
from app.services.errors import Conflict
from app.services.funding import household, lines, requests
from app.services.funding.requests import UNCHARGED
from workflows.outcome import Open

AHEAD = "anticipe"
"""State of a request that an imprest is to pay, and whose line has no credits."""
IMPREST = "regie"
"""What the ledger says of a commitment that the imprest has already paid."""


def ask(act: Act, job: Open) -> Mapping[str, Any]:
    """A request that the imprest of the post is to pay before the line has its credits: nothing of the line is held. Conflict when the
    line does not lie between two years."""
    session, asked = act.unit.session, int(job.inputs["montant_demande"])
    line = lines.known(session, job.inputs.get("ligne"), act.now.year, lock=True)
    if line is None or not lines.awaited(line, act.case.case_type, job.inputs.get("nature_depense"), act.now.date()):
        raise Conflict("line_unusable")
    request = requests.made(act, job, line.id, asked)
    request.cumulated = requests.cumul(session, household.of(act, request.beneficiary_code), line.code, act.now.year, request.code) + asked
    request.state = AHEAD
    session.flush()
    act.recorder.add("funding.ahead", job.step, data={"request": request.code, "line": line.code, "amount": asked})
    return {"reservation_id": request.code, "reservation_active": 0}


def charge(act: Act, request: FundingRequest, amount: int) -> None:
    """The commitment of regularisation of what an imprest paid: what was reserved becomes one. Without a reservation it is one on the line
    of the present year, when that is open and has so much; else it waits for it."""
    session = act.unit.session
    told: dict[str, Any] = {"by_id": act.actor.id, "at": act.now, "reason": IMPREST}
    line = session.get_one(BudgetLine, request.line_id)
    if request.reserved:
        lines.charge(session, line.id, request.id, "release", -request.reserved, **told)
        lines.charge(session, line.id, request.id, "commit", amount, **told)
    else:
        now = lines.find(session, line.code, act.now.year, lock=True)
        usable = now is not None and lines.open_on(now, act.now.date())
        if now is None or not usable or not lines.move(session, now.id, request.id, "commit", amount, **told):
            request.state = UNCHARGED
            session.flush()
            return
        request.line_id = now.id
    request.reserved, request.committed, request.state = 0, amount, "engage"
    session.flush()


def regularise(act: Act, job: Open) -> Mapping[str, Any]:
    """What the imprest has paid is committed on its line, once that has its credits. Answers `engage` (whether it is) and `ligne`."""
    request = requests.needed(act.unit.session, job.inputs.get("engagement_id"))
    if request.state == UNCHARGED:
        charge(act, request, request.granted)
        if request.committed:
            act.recorder.add("funding.regularised", job.step, data={"request": request.code, "amount": request.committed})
    line = act.unit.session.get_one(BudgetLine, request.line_id)
    return {"engage": request.state != UNCHARGED, "ligne": line.code}


HANDLERS: dict[str, Handler] = {"funding.ahead": ask, "funding.regularise": regularise}
