"""What must be refused before money moves (hard stops H1 to H13), under the lock, whoever asks and from wherever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.documents import Document
from app.db.funding import FundingRequest, Payment
from app.db.imprest import ImprestFund
from app.db.stage_rules import JUSTIFIED
from app.services import field_notes, person_aliases, policy, settings
from app.services.act import Act
from app.services.errors import Forbidden, Invalid
from app.services.funding import ahead, binding, expiry, household, lines, payments, requests
from app.services.funding import imprest as imprests
from app.services.sentences import grouped, say

GRANTING = ("accorder", "accorder_partiel")
UNJUSTIFIED = dt.timedelta(days=30)
"""After so long an advance without a voucher keeps the same person from another one (hard stop H10)."""
JUSTIFIED_PER_CENT = 80
"""So much of an instalment must be justified before the next one is liquidated (hard stop H11; domain: funding §7)."""


def _refuse(act: Act, field: str, code: str, **params: Any) -> None:
    raise Invalid({field: say(code, act.actor.language, **params)})


def _title(act: Act, control: str) -> str:
    """What the step is called whose procedure names a control."""
    steps = (step.id for step in act.case_type.steps.values() if control in str(step.properties.get("control") or "").split(","))
    found = next(steps, None)
    return act.case_type.step_title(found, act.actor.language) if found else control


def request(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """H1 the line (of one that only waits for its credits nothing is held), H13 what the scale gives (H7 is a note of the form). Notes who
    asks: that person decides nothing further on."""
    line = lines.known(act.unit.session, values.get("ligne"), act.now.year)
    about = (line, act.case.case_type, values.get("nature_depense"), act.now.date())
    if not lines.usable(*about) and not lines.awaited(*about):
        _refuse(act, "ligne", "line_unusable")
    scale = act.fact("montant", task.scope)
    if scale is not None and int(values.get("montant_demande") or 0) > int(scale) > 0:
        _refuse(act, "montant_demande", "over_scale", scale=grouped(int(scale)))
    act.set("demandeur", act.actor.code, task.scope)
    binding.seal(act, task.scope, values)


def decision(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """H2 the credit, H3 the limit, H4 and S1 the persons, on the request that the opinions are about. A decision to grant is noted
    with who took it."""
    asked = requests.by_code(act.unit.session, act.fact("reservation_id", task.scope))
    if values.get("decision_financement") not in GRANTING and values.get("confirmation_accord") != "confirme":
        return
    if asked is None:
        raise Forbidden("credit_insufficient", available=0)
    if asked.requester_id == act.actor.id or asked.requester_id == act.capacity.behind:
        raise Forbidden("four_eyes", step=_title(act, "funding.request"))
    binding.ensure_unchanged(act, asked)
    amount = int(values.get("montant_accorde") or act.fact("montant_accorde", task.scope) or asked.asked)
    _within_limit(act, task, asked, amount)
    _within_credit(act, asked, amount)
    asked.granted, asked.approver_id, asked.required_role = amount, act.actor.id, task.role
    asked.state, asked.decided_at = "accorde", act.now
    act.unit.session.flush()


def _within_limit(act: Act, task: Any, asked: FundingRequest, amount: int) -> None:
    """H3, on the cumul as it is now: what the household was granted since the request counts, and so does a delegate's own limit."""
    line = act.unit.session.get(lines.BudgetLine, asked.line_id)
    helped = household.of(act, asked.beneficiary_code)
    before = requests.cumul(act.unit.session, helped, f"{line.code}/{line.year}" if line else "", act.now.year, asked.code)
    total = before + amount
    ceilings = [grant.ceiling for grant in policy.grants_for(act.actor, task, act.case_type)]
    limits = [_limit(act, task.role, asked, ceiling, before) for ceiling in ceilings or [None]]
    if not any(limit is None or total <= limit for limit in limits):
        raise Forbidden("higher_level", ceiling=grouped(max(limit or 0 for limit in limits)), total=grouped(total))


def _limit(act: Act, role: str, asked: FundingRequest, ceiling: int | None, before: int) -> int | None:
    """What a role may grant with what was granted before (domain: roles-and-rights §5): less when it is delegated up to a ceiling, or
    when its post has spent on operations this month; None: no limit."""
    kind = "projet_" if act.fact("apres_comite") is True else "operation_" if asked.collective else ""
    reglages = settings.reglages(act.unit.session, act.case_type)
    found = [int(limit) for limit in (reglages.get(f"fund_plafond_{kind}{role}"), ceiling) if limit is not None]
    monthly = reglages.get(f"fund_plafond_{role}_operations") if asked.collective else None
    if monthly is not None:
        found.append(int(monthly) - requests.operations(act, 0) + before)
    return min(found, default=None)


def _within_credit(act: Act, asked: FundingRequest, amount: int) -> None:
    """H2: at most what was asked, and what the line and the reservation still give; of what an imprest pays before the line has its credits
    only the former."""
    line = act.unit.session.get(lines.BudgetLine, asked.line_id, populate_existing=True)
    if amount > asked.asked:
        _refuse(act, "montant_accorde", "over_asked", asked=grouped(asked.asked))
    if asked.state == ahead.AHEAD:
        return
    if line is not None and not line.tracked_only and amount > asked.reserved and amount > line.available + asked.reserved:
        _refuse(act, "montant_accorde", "credit_insufficient", available=grouped(line.available + asked.reserved))
    if not expiry.renew(act, asked, amount):
        _refuse(act, "montant_accorde", "credit_insufficient", available=grouped(line.available + asked.reserved if line else 0))


def commitment(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """A commitment number is used once; what is committed is what was decided, on a line that is still open for it (H1)."""
    number = values.get("n_engagement")
    own = act.fact("engagement_id", task.scope) or act.fact("reservation_id", task.scope)
    known = requests.needed(act.unit.session, own)
    binding.ensure_unchanged(act, known)
    if not lines.open_on(act.unit.session.get(lines.BudgetLine, known.line_id), act.now.date()):
        _refuse(act, "date_engagement", "line_unusable")
    where = (FundingRequest.commitment_number == str(number), FundingRequest.code != str(own))
    if number and act.unit.session.scalar(select(FundingRequest.id).where(*where)) is not None:
        _refuse(act, "n_engagement", "number_taken")


def certification(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """Not more than what is committed and not yet liquidated, nor than vouchers show of what an imprest paid; not by who asked or decided
    (S1)."""
    if values.get("service_conforme") is not True:
        return
    known = requests.needed(act.unit.session, act.fact("engagement_id", task.scope))
    left = known.committed - known.decommitted - known.liquidated
    paid = imprests.of_request(act.unit.session, known.id)
    if paid is not None and paid.shown:
        left = min(left, paid.shown - known.liquidated)
    if int(values.get("montant_constate") or 0) > left:
        _refuse(act, "montant_constate", "over_certified", left=grouped(left))
    if act.actor.id in (known.requester_id, known.approver_id):
        raise Forbidden("four_eyes", step=_title(act, "funding.decision"))


def _ensure_payee(act: Act, payee: Any, known: FundingRequest) -> None:
    """H8: what was granted for one payee is not paid to another; only the person helped may stand in for a supplier."""
    if str(payee) not in person_aliases.codes(act.unit.session, [code for code in (known.payee_code, known.beneficiary_code) if code]):
        raise Forbidden("other_payee", payee=payee)


def liquidation(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """H6 one invoice once, H7 the payee's details, H8 the payee that was decided upon."""
    payee = act.fact("beneficiaire_paiement", task.scope)
    known = requests.needed(act.unit.session, act.fact("engagement_id", task.scope))
    binding.ensure_unchanged(act, known)
    _ensure_payee(act, payee, known)
    own = act.fact("paiement_id", task.scope)
    where = (
        Payment.payee_code == payee,
        Payment.invoice == str(values.get("n_facture")),
        Payment.cancelled_at.is_(None),
        Payment.code != str(own),
    )
    if values.get("n_facture") and act.unit.session.scalar(select(Payment.id).where(*where, Payment.liquidated > 0)) is not None:
        _refuse(act, "n_facture", "double_payment")
    if not field_notes.payee_ready(act, payee):
        _refuse(act, "n_facture", "payee_not_validated")
    _ensure_due(act, known, payments.instalment_of(act.fact("tranche", task.scope)), own, values)


def _ensure_due(act: Act, known: FundingRequest, instalment: int, own: Any, values: Mapping[str, Any]) -> None:
    """Not more than was certified and is still committed; H11 an instalment only when those before it were paid and justified."""
    rows = payments.of_request(act.unit.session, known.id)
    other = [payment for payment in rows if payment.code != str(own)]
    amount, withheld = int(values.get("montant_liquide") or 0), int(values.get("retenues") or 0)
    certified = [payment.certified for payment in rows if payment.instalment == instalment and payment.certified]
    left = min([known.committed - known.decommitted - sum(payment.liquidated for payment in other), *certified[-1:]])
    if amount > left:
        _refuse(act, "montant_liquide", "over_certified", left=grouped(left))
    if withheld > amount:
        _refuse(act, "retenues", "over_withheld", amount=grouped(amount))
    if not all(_justified(payment) for payment in other if payment.instalment < instalment and payment.liquidated):
        _refuse(act, "montant_liquide", "instalment_unjustified", number=instalment - 1, share=JUSTIFIED_PER_CENT)


def _justified(payment: Payment) -> bool:
    """Whether an instalment was paid, and spent for what it was given: by the certified service, or by vouchers."""
    spent = max(payment.certified, payment.justified)
    return payment.paid > 0 and spent * 100 >= (payment.paid - payment.returned) * JUSTIFIED_PER_CENT


def condition(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """What the vouchers show of the instalment before is noted with the condition of the next (H11)."""
    if values.get("condition_remplie") is not True:
        return
    known = requests.by_code(act.unit.session, act.fact("engagement_id", task.scope))
    instalment = payments.instalment_of(act.fact("tranche", task.scope))
    spent = int(values.get("montant_justifie") or 0)
    for payment in payments.of_request(act.unit.session, known.id) if known else ():
        if payment.instalment != instalment - 1 or not payment.liquidated:
            continue
        if payment.paid > 0 and max(payment.certified, spent) * 100 < (payment.paid - payment.returned) * JUSTIFIED_PER_CENT:
            _refuse(act, "montant_justifie", "instalment_unjustified", number=payment.instalment, share=JUSTIFIED_PER_CENT)
        payments.note(act, payment, JUSTIFIED, min(spent, payment.liquidated) - payment.justified)
        payment.justified = min(spent, payment.liquidated)


def _ensure_not_frozen(act: Act) -> None:
    reasons = act.fact(payments.FREEZES)
    if reasons:
        raise Forbidden("payments_frozen", reasons=", ".join(reasons))


def _ensure_year_open(act: Act, line_id: int) -> None:
    """H1, at the end of the chain: the last day for payments of the budget year is not over."""
    line = act.unit.session.get_one(lines.BudgetLine, line_id, populate_existing=True)
    if not lines.payable_on(line, act.now.date()):
        raise Forbidden("payments_over", line=line.code, year=line.year, day=f"{line.last_payment_on:%d/%m/%Y}")


def ordering(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """Nothing is ordered while payments are frozen, nor after the last day of the line, nor for another payee (H8) or on other documents
    than was decided upon; the authorising officer took no earlier part (S1)."""
    _ensure_not_frozen(act)
    payment = payments.needed(act.unit.session, act.fact("paiement_id", task.scope))
    known = act.unit.session.get_one(FundingRequest, payment.request_id)
    _ensure_year_open(act, payment.line_id or known.line_id)
    binding.ensure_unchanged(act, known)
    _ensure_payee(act, payment.payee_code, known)


def paying(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """Cash within the limit of a person; nothing while payments are frozen, nor after the last day of the line, nor on documents that
    changed."""
    _ensure_not_frozen(act)
    if act.fact("paiement_id", task.scope):
        payment = payments.needed(act.unit.session, act.fact("paiement_id", task.scope))
        known = act.unit.session.get_one(FundingRequest, payment.request_id)
        _ensure_year_open(act, payment.line_id or known.line_id)
        binding.ensure_unchanged(act, known)
        if int(values.get("montant_non_percu") or 0) > payment.liquidated:
            _refuse(act, "montant_non_percu", "over_uncollected", liquidated=grouped(payment.liquidated))
    limit = int(settings.reglages(act.unit.session, act.case_type).get("pay_especes_max", 0))
    each = act.fact("montant_par_personne", task.scope) or act.fact("montant", task.scope) or 0
    if values.get("mode_paiement") == "especes" and int(each) > limit:
        _refuse(act, "mode_paiement", "cash_limit", limit=grouped(limit))


def imprest(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """The cash in hand of the post."""
    fund = act.unit.session.get(ImprestFund, act.case.post_code, populate_existing=True)
    if fund is None or int(values.get("montant_paye_regie") or 0) > fund.balance:
        _refuse(act, "montant_paye_regie", "imprest_insufficient", balance=grouped(fund.balance if fund else 0))
    known = requests.needed(act.unit.session, act.fact("reservation_id", task.scope))
    if known.reserved:
        _ensure_year_open(act, known.line_id)
    binding.ensure_unchanged(act, known)
    if int(values.get("montant_paye_regie") or 0) > known.asked:
        _refuse(act, "montant_paye_regie", "over_asked", asked=grouped(known.asked))
    old = imprests.unjustified(act.unit.session, known, act.now - UNJUSTIFIED)
    if old is not None:
        told = {"days": UNJUSTIFIED.days, "amount": grouped(old.left), "day": f"{old.entry.at:%d/%m/%Y}"}
        _refuse(act, "montant_paye_regie", "advance_unjustified", **told)
    paying(act, task, values)


def voucher(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """Vouchers show what the imprest paid: not more than that, nor less than they showed before."""
    known = requests.needed(act.unit.session, act.fact("engagement_id", task.scope))
    paid, said = imprests.of_request(act.unit.session, known.id), int(values.get("montant_regularise") or 0)
    if paid is None:
        return
    most = paid.entry.owed - paid.returned
    if said > most:
        _refuse(act, "montant_regularise", "voucher_too_much", most=grouped(most))
    if said < paid.shown:
        _refuse(act, "montant_regularise", "voucher_too_little", shown=grouped(paid.shown))
    documents = select(Document).where(Document.case_id == act.case.id, Document.code == str(values.get("justificatif_regie")))
    file = act.unit.session.scalars(documents).first()
    told = {"file_name": file.name, "media_type": file.media_type, "digest": file.digest} if file else {}
    imprests.show(act, known, said, **told)


def returning(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """Not more than was liquidated for the payment."""
    payment = payments.needed(act.unit.session, act.fact("paiement_id", task.scope))
    if int(values.get("montant_reverse") or 0) > payment.liquidated:
        _refuse(act, "montant_reverse", "over_returned", paid=grouped(payment.liquidated))


CHECKS: dict[str, binding.Check] = {
    "funding.request": request,
    "funding.decision": decision,
    "funding.commitment": commitment,
    "payment.condition": condition,
    "payment.certify": certification,
    "payment.liquidate": liquidation,
    "payment.order": ordering,
    "payment.pay": paying,
    "payment.advance": imprest,
    "payment.return": returning,
    "payment.voucher": voucher,
}
CONTROLS = {name: binding.on_good_papers(check) for name, check in CHECKS.items()}
