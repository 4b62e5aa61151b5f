"""A request for money: asked and reserved, granted, committed, released. Handlers of the shared process SP-FUND."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.funding import FundingRequest, LedgerEntry
from app.db.imprest import ImprestFund
from app.db.operations import FundingShare
from app.db.users import User
from app.services import numbering, person_aliases, settings
from app.services.act import Act, Handler
from app.services.errors import Conflict
from app.services.funding import holdings, household, lines, splitting
from workflows.outcome import Open

DEAD = ("refuse", "annule", "differe", "expire")
DUPLICATE_WINDOW = dt.timedelta(days=90)
UNCHARGED = "regie"
"""State of a request that an imprest has paid, and whose commitment waits for its line."""
ENDS = {"refuser": "refuse", "retrait": "annule", "differer": "differe", "renvoyer": "renvoye"}


def by_code(session: Session, code: Any) -> FundingRequest | None:
    """A request by its code, as it is now."""
    if not code:
        return None
    query = select(FundingRequest).where(FundingRequest.code == str(code)).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def needed(session: Session, code: Any) -> FundingRequest:
    """The same; Conflict when there is none."""
    request = by_code(session, code)
    if request is None:
        raise Conflict("request_missing", number=code)
    return request


# ------------------------------------------------------------------ asking
def reserve(act: Act, job: Open) -> Mapping[str, Any]:
    """Tests the line and holds the amount in one move. What it answers is in docs/procedures/shared.md."""
    session, asked = act.unit.session, int(job.inputs["montant_demande"])
    release(act, job)
    line = lines.known(session, job.inputs.get("ligne"), act.now.year, lock=True)
    answer = {**_context(act, job, asked), "reservation_id": None, "reservation_active": 0, "disponible": line.available if line else 0}
    if line is None or not lines.usable(line, act.case.case_type, job.inputs.get("nature_depense"), act.now.date()):
        waits = lines.awaited(line, act.case.case_type, job.inputs.get("nature_depense"), act.now.date())
        return {**answer, "motif_controle": "ligne_fermee" if waits else "ligne_inutilisable"}
    if not line.tracked_only and asked > line.available:
        return {**answer, "motif_controle": "insuffisant"}
    request = made(act, job, line.id, asked)
    lines.charge(session, line.id, request.id, "reserve", asked, by_id=act.actor.id, at=act.now)
    request.cumulated = answer["deja_accorde_cumul"] + asked
    request.reserved, request.state = asked, "reserve"
    request.reserved_until = until(act, str(job.inputs.get("priorite")))
    session.flush()
    act.recorder.add("funding.reserved", job.step, data={"request": request.code, "line": line.code, "amount": asked})
    return {**answer, "reservation_id": request.code, "reservation_active": asked, "motif_controle": None}


def until(act: Act, priority: str) -> dt.datetime:
    """When a reservation that is made now ends by itself."""
    known = settings.reglages(act.unit.session, act.case_type)
    return act.now + dt.timedelta(days=int(known["fund_reservation_jours_p1" if priority == "P1" else "fund_reservation_jours"]))


def made(act: Act, job: Open, line_id: int, asked: int) -> FundingRequest:
    """The request of an act, written anew or over the one of an earlier round; nothing is held by it yet."""
    session, inputs = act.unit.session, job.inputs
    apart = splitting.split(act, inputs.get("beneficiaire_paiement"), asked, inputs.get("reservation_id"))
    act.set("fractionnement", apart, job.scope)
    request = by_code(session, inputs.get("reservation_id"))
    if request is None or request.state in ("engage", UNCHARGED):
        code = f"DF-{act.now.year}-{numbering.draw(session, f'DF-{act.now.year}'):05d}"
        request = FundingRequest(
            code=code, case_id=act.case.id, engine_scope=job.scope, asked=asked, requested_at=act.now, line_id=line_id, nature=""
        )
        session.add(request)
    request.line_id, request.asked, request.granted = line_id, asked, 0
    request.nature = str(inputs.get("nature_depense") or "")
    request.purpose = str(inputs.get("objet_depense") or "")[:300]
    request.beneficiary_code = inputs.get("beneficiaire_aide")
    request.payee_code = inputs.get("beneficiaire_paiement")
    request.collective = act.fact("operation") is True
    request.requester_id = user_id(session, act.fact("demandeur", job.scope)) or act.actor.id
    request.approver_id = None
    session.flush()
    return request


def user_id(session: Session, code: Any) -> int | None:
    """The number of a user by code."""
    return session.scalar(select(User.id).where(User.code == str(code))) if code else None


def _context(act: Act, job: Open, asked: int) -> dict[str, Any]:
    """What the level of decision depends on: earlier aid, the post's imprest, the month's operations, a second payment."""
    session, inputs = act.unit.session, job.inputs
    fund = session.get(ImprestFund, act.case.post_code)
    natures = fund.natures if fund else []
    helped = household.of(act, inputs.get("beneficiaire_aide"))
    return {
        "deja_accorde_cumul": cumul(session, helped, str(inputs.get("ligne")), act.now.year, inputs.get("reservation_id")),
        "regie_solde": fund.balance if fund and inputs.get("nature_depense") in natures else None,
        "depenses_operations_mois": operations(act, asked) if act.fact("operation") is True else None,
        "double_paiement": _paid_twice(act, inputs),
    }


def cumul(session: Session, helped: Sequence[str], line: str, year: int, besides: Any = None, nature: Any = None) -> int:
    """What these persons were already granted on the same line in the budget year, without one request: alone, and as a share of
    an operation's. With a nature, only what was granted for expenses of that nature."""
    found = lines.known(session, line, year)
    if not helped or found is None:
        return 0
    same = person_aliases.codes(session, helped)
    alive = [_granted_on(found.id), FundingRequest.state.not_in(DEAD)]
    if nature:
        alive.append(FundingRequest.nature == str(nature))
    where = [FundingRequest.beneficiary_code.in_(same), *alive]
    if besides:
        where.append(FundingRequest.code != str(besides))
    kept = FundingRequest.granted - FundingRequest.decommitted - FundingRequest.restored
    alone = int(session.scalar(select(func.coalesce(func.sum(kept), 0)).where(*where)) or 0)
    shared = select(func.coalesce(func.sum(FundingShare.amount), 0)).join(FundingRequest, FundingRequest.id == FundingShare.request_id)
    return alone + int(session.scalar(shared.where(FundingShare.beneficiary_code.in_(same), *alive)) or 0)


def _granted_on(line_id: int) -> Any:
    """Requests of a line's own year: what was carried over to it counts where it was granted, and what was carried away from it stays."""
    carried = select(LedgerEntry.request_id).where(LedgerEntry.line_id == line_id, LedgerEntry.kind == holdings.CARRY)
    came, went = carried.where(LedgerEntry.amount > 0), carried.where(LedgerEntry.amount < 0)
    return and_(FundingRequest.id.not_in(came), or_(FundingRequest.line_id == line_id, FundingRequest.id.in_(went)))


def operations(act: Act, asked: int) -> int:
    """What the post of the case spent on operations in the calendar month, with this request."""
    month = act.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    where = (FundingRequest.collective.is_(True), FundingRequest.requested_at >= month, FundingRequest.state.not_in(DEAD))
    spent = select(func.coalesce(func.sum(FundingRequest.granted), 0)).join(Case, Case.id == FundingRequest.case_id)
    return asked + int(act.unit.session.scalar(spent.where(Case.post_code == act.case.post_code, *where)) or 0)


def _paid_twice(act: Act, inputs: Mapping[str, Any]) -> bool:
    """The same payee, under whatever code, for the same object within 90 days."""
    payee = inputs.get("beneficiaire_paiement")
    where = (
        FundingRequest.payee_code.in_(person_aliases.codes(act.unit.session, [str(payee)] if payee else [])),
        FundingRequest.purpose == str(inputs.get("objet_depense") or "")[:300],
        FundingRequest.decided_at >= act.now - DUPLICATE_WINDOW,
        FundingRequest.granted > 0,
        FundingRequest.case_id != act.case.id,
    )
    return act.unit.session.scalar(select(FundingRequest.id).where(*where).limit(1)) is not None


# ------------------------------------------------------------------ giving back
def release(act: Act, job: Open) -> Mapping[str, Any]:
    """Gives a reservation back to its line: refused, withdrawn, deferred, or asked anew.

    With `portee` « dossier » all that the case still reserves: its procedure took another way, and the steps that had asked are gone.
    """
    reason = str(job.inputs.get("motif") or "")
    if job.inputs.get("portee") == "dossier":
        for held in _held(act.unit.session, act.case.id):
            unreserve(act, held, reason)
            held.state = "annule"
        return {}
    request = by_code(act.unit.session, job.inputs.get("reservation_id"))
    if request is not None:
        unreserve(act, request, reason)
        request.state = ENDS.get(reason, request.state)
    return {}


def _held(session: Session, case_id: int) -> list[FundingRequest]:
    """The requests of a case that still reserve something, as they are now."""
    query = select(FundingRequest).where(FundingRequest.case_id == case_id, FundingRequest.reserved > 0).order_by(FundingRequest.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def unreserve(act: Act, request: FundingRequest, reason: str) -> None:
    """Releases what a request still reserves."""
    if request.reserved:
        held, request.reserved = request.reserved, 0
        act.unit.session.flush()
        lines.charge(act.unit.session, request.line_id, request.id, "release", -held, by_id=act.actor.id, at=act.now, reason=reason)
        act.recorder.add("funding.released", None, data={"request": request.code, "amount": held, "why": reason})


# ------------------------------------------------------------------ committing
def commit(act: Act, job: Open) -> Mapping[str, Any]:
    """Turns the reservation into a commitment of what was granted; the rest returns to the line the same day."""
    session, inputs = act.unit.session, job.inputs
    request = needed(session, inputs.get("engagement_id") or inputs.get("reservation_id"))
    amount = int(inputs.get("montant_accorde") or request.granted)
    grant(request, amount, act.now)
    session.flush()
    told = {"by_id": act.actor.id, "at": act.now}
    if request.reserved:
        lines.charge(session, request.line_id, request.id, "release", -request.reserved, **told, reason="engagement")
    lines.charge(session, request.line_id, request.id, "commit", amount - request.committed, **told)
    request.reserved, request.committed, request.state = 0, amount, "engage"
    request.commitment_number = str(inputs.get("n_engagement") or "") or request.commitment_number
    session.flush()
    act.recorder.add("funding.committed", job.step, data={"request": request.code, "amount": amount, "number": request.commitment_number})
    return {"engagement_id": request.code}


def grant(request: FundingRequest, amount: int, now: dt.datetime) -> None:
    """Notes what was granted; never more than asked (the database holds that too)."""
    request.granted = amount
    request.decided_at = request.decided_at or now


def visa(act: Act, job: Open) -> Mapping[str, Any]:
    """The financial controller's visa."""
    request = needed(act.unit.session, job.inputs.get("engagement_id"))
    request.visa_number = str(job.inputs.get("n_visa") or "")
    act.recorder.add("funding.visa", job.step, data={"request": request.code, "number": request.visa_number})
    return {}


def decommit(act: Act, job: Open) -> Mapping[str, Any]:
    """Returns what will not be spent to the line (dégagement): a given amount, else all that is not liquidated."""
    request = by_code(act.unit.session, job.inputs.get("engagement_id"))
    if request is None:
        return {}
    left = request.committed - request.decommitted - request.liquidated
    amount = min(left, int(job.inputs["montant"])) if job.inputs.get("montant") is not None else left
    if amount > 0:
        said = str(job.inputs.get("motif"))
        holdings.give_up(act, request, amount, said)
        act.recorder.add("funding.decommitted", job.step, data={"request": request.code, "amount": amount, "why": said})
    return {}


HANDLERS: dict[str, Handler] = {
    "funding.reserve": reserve,
    "funding.release": release,
    "funding.commit": commit,
    "funding.visa": visa,
    "funding.decommit": decommit,
}
