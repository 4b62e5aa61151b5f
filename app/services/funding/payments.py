"""From the certified service to the Treasury's answer: one row a tranche. Handlers of the shared process SP-PAY."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.funding import FundingRequest, Payment, PaymentEntry
from app.db.stage_rules import CERTIFIED, JUSTIFIED, LIQUIDATED, ORDERED, PAID, RETURNED
from app.services import numbering
from app.services.act import Act, Handler
from app.services.errors import Conflict, Forbidden
from app.services.funding import ahead, imprest, lines, requests
from app.services.sentences import grouped
from workflows.outcome import Open

FREEZES = "gel_paiements"
"""Fact of the case: reasons for which nothing may be ordered or paid."""


def note(act: Act, payment: Payment, stage: str, amount: int) -> None:
    """A stage that a payment reached (or went back from), with its day."""
    if amount:
        said = {"payment_id": payment.id, "stage": stage, "amount": amount, "at": act.now, "by_id": act.actor.id}
        act.unit.session.add(PaymentEntry(**said))


def needed(session: Session, code: Any) -> Payment:
    """A payment by its code; Conflict when there is none."""
    query = select(Payment).where(Payment.code == str(code)).execution_options(populate_existing=True)
    payment = session.scalars(query).one_or_none()
    if payment is None:
        raise Conflict("request_missing", number=code)
    return payment


def of_request(session: Session, request_id: int) -> list[Payment]:
    """The payments of a request that were not cancelled, the oldest first, as they are now."""
    query = select(Payment).where(Payment.request_id == request_id, Payment.cancelled_at.is_(None)).order_by(Payment.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _request(session: Session, payment: Payment) -> FundingRequest:
    return session.get_one(FundingRequest, payment.request_id)


def advance(act: Act, job: Open) -> Mapping[str, Any]:
    """Paid at once from the imprest of the post: the cash falls, the line carries a commitment of regularisation, as soon as it can."""
    session, inputs = act.unit.session, job.inputs
    amount = int(inputs["montant_paye_regie"])
    request = requests.needed(session, inputs.get("reservation_id"))
    imprest.pay(act, request, amount)
    requests.grant(request, max(amount, request.granted), act.now)
    session.flush()
    ahead.charge(act, request, amount)
    act.recorder.add("payment.advanced", job.step, data={"request": request.code, "amount": amount, "post": act.case.post_code})
    return {"engagement_id": request.code}


def certify(act: Act, job: Open) -> Mapping[str, Any]:
    """The service is done and was found to be worth so much."""
    session, inputs = act.unit.session, job.inputs
    request = requests.needed(session, inputs.get("engagement_id"))
    payment = _new(act, request, inputs.get("tranche"))
    payment.certified, payment.certifier_id, payment.certified_at = int(inputs["montant_constate"]), act.actor.id, act.now
    request.certifier_id = act.actor.id
    note(act, payment, CERTIFIED, payment.certified)
    session.flush()
    act.recorder.add("payment.certified", job.step, data={"payment": payment.code, "amount": payment.certified})
    return {"engage": request.committed - request.decommitted, "deja_liquide": request.liquidated}


def liquidate(act: Act, job: Open) -> Mapping[str, Any]:
    """The debt is real and exactly so much: invoice, amount, what is withheld."""
    session, inputs = act.unit.session, job.inputs
    request = requests.needed(session, inputs.get("engagement_id"))
    payment = _certified(act, request, inputs)
    amount = int(inputs["montant_liquide"])
    request.liquidated += amount - payment.liquidated
    note(act, payment, LIQUIDATED, amount - payment.liquidated)
    payment.liquidated, payment.withheld, payment.liquidator_id = amount, int(inputs.get("retenues") or 0), act.actor.id
    payment.invoice, payment.payee_code, payment.state = (
        str(inputs.get("n_facture") or "") or None,
        inputs.get("beneficiaire_paiement"),
        "liquide",
    )
    session.flush()
    act.recorder.add("payment.liquidated", job.step, data={"payment": payment.code, "amount": amount})
    return {"paiement_id": payment.code}


def instalment_of(tranche: Any) -> int:
    """The number of a tranche: a number, or the row of the plan that carries it; 1 without a plan."""
    number = tranche.get("n") if isinstance(tranche, Mapping) else tranche
    return int(number) if number is not None else 1


def _new(act: Act, request: FundingRequest, tranche: Any) -> Payment:
    """One more payment of a request."""
    session = act.unit.session
    code = f"PM-{act.now.year}-{numbering.draw(session, f'PM-{act.now.year}'):05d}"
    payment = Payment(code=code, request_id=request.id, instalment=instalment_of(tranche), payee_code=request.payee_code)
    payment.certified = payment.justified = payment.liquidated = payment.paid = payment.returned = 0
    session.add(payment)
    session.flush()
    return payment


def _certified(act: Act, request: FundingRequest, inputs: Mapping[str, Any]) -> Payment:
    """The payment to liquidate: the corrected one, else the certified one of the tranche, else a new one (an advance is paid before
    the service is done)."""
    session = act.unit.session
    if inputs.get("paiement_id"):
        return needed(session, inputs["paiement_id"])
    number = instalment_of(inputs.get("tranche"))
    where = (Payment.request_id == request.id, Payment.instalment == number, Payment.liquidated == 0, Payment.cancelled_at.is_(None))
    known = session.scalars(select(Payment).where(*where).order_by(Payment.id.desc())).first()
    return known or _new(act, request, inputs.get("tranche"))


def order(act: Act, job: Open) -> Mapping[str, Any]:
    """The authorising officer signs the payment order. What the imprest of a post has paid is ordered too: that regularises it. It counts
    as paid when the Treasury pays; the till is filled again by an act of its own."""
    session = act.unit.session
    payment = needed(session, job.inputs.get("paiement_id"))
    request = _request(session, payment)
    payment.order_number = f"MD-{act.now.year}-{numbering.draw(session, f'MD-{act.now.year}'):05d}"
    payment.orderer_id, payment.ordered_at, payment.state = act.actor.id, act.now, "ordonnance"
    request.ordered += payment.liquidated
    note(act, payment, ORDERED, payment.liquidated)
    session.flush()
    if job.inputs.get("sur_regie") is True:
        imprest.show(act, request, request.liquidated, number=payment.order_number)
    act.recorder.add(
        "payment.ordered", job.step, data={"payment": payment.code, "order": payment.order_number, "amount": payment.liquidated}
    )
    return {"mandat_id": payment.order_number}


def pay(act: Act, job: Open) -> Mapping[str, Any]:
    """Paid: by the Treasury, or at the post less what nobody came for. Forbidden for who asked, granted, certified or ordered (S1)."""
    session = act.unit.session
    payment = needed(session, job.inputs.get("paiement_id"))
    request = _request(session, payment)
    if act.actor.id in (request.requester_id, request.approver_id, payment.certifier_id, payment.orderer_id) and act.actor.id is not None:
        raise Forbidden("payment_sides")
    payment.mode = job.inputs.get("mode_paiement") or payment.mode
    payment.payment_reference = str(job.inputs.get("ref_paiement") or "") or None
    payment.accountant_id = act.actor.id
    _settle(act, payment, request, payment.liquidated - int(job.inputs.get("montant_non_percu") or 0))
    act.recorder.add("payment.paid", job.step, data={"payment": payment.code, "amount": payment.paid, "order": payment.order_number})
    return {"montant_paye": payment.paid}


def _settle(act: Act, payment: Payment, request: FundingRequest, amount: int) -> None:
    more = amount - payment.paid
    payment.paid, payment.paid_at, payment.state = amount, act.now, "paye"
    request.paid += more
    request.state = "solde" if request.paid + request.decommitted >= request.committed else "paye"
    note(act, payment, PAID, more)
    act.unit.session.flush()


def give_back(act: Act, job: Open) -> Mapping[str, Any]:
    """Sums that were not collected return to the Treasury."""
    session, amount = act.unit.session, int(job.inputs["montant_reverse"])
    payment = needed(session, job.inputs.get("paiement_id"))
    request = _request(session, payment)
    from_paid = min(amount, payment.paid)
    payment.returned += amount
    counted = from_paid if payment.paid == payment.liquidated else 0
    request.returned += counted
    note(act, payment, RETURNED, counted)
    payment.state = "reverse"
    session.flush()
    act.recorder.add("payment.returned", job.step, data={"payment": payment.code, "amount": amount})
    return {"montant_paye": payment.paid - counted}


def justify(act: Act, job: Open) -> Mapping[str, Any]:
    """The vouchers of an advance: `montant_justifie` of it was spent, `montant_reverse` given back against a receipt of the Treasury. That
    part is no longer paid, and its credit returns to the line. Conflict when it is more than was paid."""
    session, inputs = act.unit.session, job.inputs
    request = requests.needed(session, inputs.get("engagement_id"))
    payment = next((row for row in reversed(of_request(session, request.id)) if row.paid > 0), None)
    amount = int(inputs.get("montant_reverse") or 0)
    left = payment.paid - payment.returned if payment else 0
    if amount > left:
        raise Conflict("over_returned", paid=grouped(left))
    if payment is None:
        return {}
    shown = min(int(inputs.get("montant_justifie") or 0), payment.liquidated)
    note(act, payment, JUSTIFIED, shown - payment.justified)
    payment.justified = shown
    if amount:
        payment.returned, payment.state = payment.returned + amount, "reverse"
        note(act, payment, RETURNED, amount)
        request.returned, request.restored = request.returned + amount, request.restored + amount
        session.flush()
        told = {"by_id": act.actor.id, "at": act.now, "reason": "reversement"}
        lines.give_back(session, payment.line_id or request.line_id, request.id, "restore", amount, **told)
        act.recorder.add("payment.returned", job.step, data={"payment": payment.code, "amount": amount})
    session.flush()
    return {}


def cancel(act: Act, job: Open) -> Mapping[str, Any]:
    """The Treasury rejected the order: order and liquidation are undone, the commitment stays."""
    session = act.unit.session
    payment = needed(session, job.inputs.get("paiement_id"))
    request = _request(session, payment)
    if payment.order_number:
        request.ordered -= payment.liquidated
        note(act, payment, ORDERED, -payment.liquidated)
    note(act, payment, LIQUIDATED, -payment.liquidated)
    note(act, payment, PAID, -payment.paid)
    request.paid, payment.paid, payment.paid_at = request.paid - payment.paid, 0, None
    request.liquidated -= payment.liquidated
    data = {"payment": payment.code, "order": payment.order_number, "why": str(job.inputs.get("motif"))}
    payment.liquidated, payment.order_number, payment.orderer_id, payment.ordered_at, payment.state = 0, None, None, None, "rejete"
    session.flush()
    act.recorder.add("payment.rejected", job.step, data=data)
    return {}


def freeze(act: Act, job: Open) -> Mapping[str, Any]:
    """Freezes or unfreezes the payments of the case, by reason; while one holds, nothing is ordered or paid."""
    reasons = set(act.fact(FREEZES) or [])
    reason = str(job.inputs.get("motif"))
    reasons = reasons | {reason} if job.inputs.get("gel") is True else reasons - {reason}
    act.set(FREEZES, sorted(reasons))
    act.recorder.add("payments.frozen" if job.inputs.get("gel") is True else "payments.unfrozen", job.step, data={"why": reason})
    return {}


HANDLERS: dict[str, Handler] = {
    "payment.advance": advance,
    "payment.certify": certify,
    "payment.liquidate": liquidate,
    "payment.order": order,
    "payment.pay": pay,
    "payment.return": give_back,
    "payment.justify": justify,
    "payment.cancel": cancel,
    "payment.freeze": freeze,
}
