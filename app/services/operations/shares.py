"""The money of an operation: one request, a share for each child, each handed over once. The shares never exceed what is granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, func, select, update

from app.db.cases import Case
from app.db.funding import FundingRequest, Payment
from app.db.operations import FundingShare
from app.services.act import Act, Handler
from app.services.errors import Broken, Conflict, Invalid
from app.services.funding import requests
from app.services.operations import figures, telling
from app.services.sentences import grouped, say
from workflows.feel import FeelError, Host
from workflows.outcome import Open


def allot(act: Act, job: Open) -> Mapping[str, Any]:
    """The share of each child, by a decision table of the type, and what is left given in order of rank. Answers `total_attribue`.

    Inputs: `etapes` (stages of the children meant), `faits` (their facts that the tables read), `part` and `complement` (decisions),
    `rang` (the fact that orders the rest), `enveloppe`. Nothing is written: `operation.grant` computes the same again.
    """
    return {"total_attribue": sum(_shares(act, job).values())}


def grant(act: Act, job: Open) -> Mapping[str, Any]:
    """What was granted is shared out as `operation.allot` does; each child is told its share by the message `message`, as the fact `fait`.

    Inputs besides: `engagement_id` of the collective request. Broken when the shares exceed it.
    """
    request = requests.needed(act.unit.session, job.inputs.get("engagement_id"))
    shares = _shares(act, job)
    total = sum(shares.values())
    if total > request.granted:
        raise Broken(say("shares_over", "fr", total=grouped(total), granted=grouped(request.granted)), element=job.step)
    people = {one.id: one.person_code for one in figures.children(act.unit.session, act.case.id)}
    act.unit.session.add_all(
        FundingShare(request_id=request.id, case_id=child, beneficiary_code=people.get(child), amount=amount, paid=0)
        for child, amount in shares.items()
    )
    act.unit.session.flush()
    act.recorder.add("operation.shared", job.step, data={"request": request.code, "children": len(shares), "amount": total})
    name = str(job.inputs.get("fait"))
    each: dict[int, dict[str, Any]] = {child: {name: amount} for child, amount in shares.items()}
    told = telling.send(act, job.step, str(job.inputs.get("message")), {}, each)
    return {"total_attribue": total, "informes": told}


def _shares(act: Act, job: Open) -> dict[int, int]:
    inputs, session = job.inputs, act.unit.session
    children = figures.children(session, act.case.id, [str(stage) for stage in inputs.get("etapes") or ()])
    names = {str(name) for name in inputs.get("faits") or ()} | {str(inputs.get("rang"))}
    known = figures.facts_of(session, Case.parent_id == act.case.id, names)
    own = act.case_type.definition.view(act.facts, job.chain, None, act.system)
    blank = dict.fromkeys(names)
    found = {one.id: {**own, **blank, **known.get(one.id, {})} for one in children}
    shares = {child: _decide(act, job, "part", facts) for child, facts in found.items()}
    left = int(inputs.get("enveloppe") or 0) - sum(shares.values())
    for child in sorted(found, key=lambda one: (int(found[one].get(str(inputs.get("rang"))) or 99), one)):
        if left <= 0:
            break
        more = _decide(act, job, "complement", {**found[child], "reliquat_restant": left})
        shares[child] += more
        left -= more
    return shares


def _decide(act: Act, job: Open, which: str, facts: Mapping[str, Any]) -> int:
    known, name = act.case_type.definition.decisions, str(job.inputs.get(which))
    if name not in known:
        raise Broken(f"aucune décision ne s’appelle « {name} »", element=job.step)
    host = Host({**act.case_type.definition.functions, **act.functions}, now=lambda: act.now)
    try:
        return int(known[name].decide(known, host, dict(facts))[0] or 0)
    except FeelError as error:
        raise Broken(f"« {name} » : {error}", element=job.step) from None


def hand_over(act: Act, job: Open) -> Mapping[str, Any]:
    """A child got its share (`montant`, `mode`): once, whoever tries again. Answers `montant_paye`."""
    amount = int(job.inputs["montant"])
    open_share = (FundingShare.case_id == act.case.id, FundingShare.paid == 0, FundingShare.amount >= amount)
    paid = {"paid": amount, "mode": job.inputs.get("mode"), "paid_at": act.now, "paid_by_id": act.actor.id}
    done = act.unit.session.execute(update(FundingShare).where(*open_share).values(paid))
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise Conflict("share_paid")
    act.recorder.add("operation.handed_over", job.step, data={"amount": amount, "mode": job.inputs.get("mode")})
    return {"montant_paye": amount}


def give_back(act: Act, job: Open) -> Mapping[str, Any]:
    """What nobody came for returns to the Treasury: what the operation was paid less the shares handed over. Answers `montant_reverse`."""
    session = act.unit.session
    request = requests.needed(session, job.inputs.get("engagement_id"))
    left = request.paid - request.returned - handed_over(session, request.id)
    if left > 0:
        payment = session.scalars(
            select(Payment).where(Payment.request_id == request.id, Payment.paid > 0).order_by(Payment.id.desc())
        ).first()
        if payment is None:
            raise Broken("rien n’a été payé de cette demande", element=job.step)
        payment.returned, payment.state = payment.returned + left, "reverse"
        request.returned += left
        session.flush()
        act.recorder.add("payment.returned", job.step, data={"payment": payment.code, "amount": left})
    return {"montant_reverse": max(left, 0)}


def uneven(session: Any, case_id: int) -> list[tuple[str, int, int]]:
    """The collective requests of an operation of which its children got more or less than was paid and kept: (number, what they got, what
    was paid less what went back). None may be left when it closes."""
    got = func.sum(FundingShare.paid)
    kept = FundingRequest.paid - FundingRequest.returned
    query = select(FundingRequest.code, got, kept).join(FundingShare, FundingShare.request_id == FundingRequest.id)
    query = query.where(FundingRequest.case_id == case_id).group_by(FundingRequest.id).having(got != kept).order_by(FundingRequest.id)
    return [(row[0], int(row[1]), int(row[2])) for row in session.execute(query)]


def handed_over(session: Any, request_id: int) -> int:
    """What children got of a request."""
    return int(session.scalar(select(func.coalesce(func.sum(FundingShare.paid), 0)).where(FundingShare.request_id == request_id)))


# ------------------------------------------------------------------ controls
def check_share(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """What is handed over to a child is its share, and was not handed over before."""
    share = act.unit.session.scalars(select(FundingShare).where(FundingShare.case_id == act.case.id)).first()
    if share is None:
        raise Invalid({"montant_remis": say("share_missing", act.actor.language)})
    if share.paid:
        raise Conflict("share_paid")
    if int(values.get("montant_remis") or 0) != share.amount:
        raise Invalid({"montant_remis": say("share_amount", act.actor.language, amount=grouped(share.amount))})


def shares_of(session: Any, case_id: int) -> list[tuple[FundingRequest, FundingShare]]:
    """The shares of a child with the requests that they are of."""
    query = select(FundingRequest, FundingShare).join(FundingShare, FundingShare.request_id == FundingRequest.id)
    return [(request, share) for request, share in session.execute(query.where(FundingShare.case_id == case_id))]


HANDLERS: dict[str, Handler] = {
    "operation.allot": allot,
    "operation.grant": grant,
    "operation.hand_over": hand_over,
    "operation.give_back": give_back,
}
CONTROLS = {"operation.share": check_share}
