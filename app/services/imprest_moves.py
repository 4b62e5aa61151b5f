"""What is done to a cash advance (régie) beside its cases: vouchers entered, cash asked for, granted and received.

Each act stands in the chain of administrative acts under the post, and what concerns a case in its history too.
"""

from __future__ import annotations

import secrets
from typing import IO, Any

from sqlalchemy import select

from app.db.documents import Document
from app.db.funding import FundingRequest
from app.db.imprest import ImprestEntry, ImprestFund, ImprestReplenishment
from app.db.imprest_rules import ASKED, GRANTED, RECEIVED, REFUSED, REPLENISHMENT, REST, VOUCHER
from app.db.transaction import Unit, transaction
from app.services import administration, advance, clock, documents, imprests, keys, policy, rights, sentences, versions
from app.services.act import Act, locked
from app.services.actor import Actor, Grant
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.funding import imprest
from app.services.funding.imprest import Paid
from app.services.handlers import HANDLERS
from app.services.sentences import grouped

LONGEST = 500


def subject(post: str) -> str:
    """Under which name the acts about an imprest are found."""
    return f"REGIE/{post}"


# ------------------------------------------------------------------ vouchers
def enter(
    actor: Actor,
    store: documents.Store,
    post: str,
    payment: int,
    *,
    amount: int | None,
    rest: int | None = None,
    number: str = "",
    file: tuple[IO[bytes], str] | None = None,
    key: str | None = None,
) -> None:
    """A voucher with its file (content, name) shows `amount` of what was paid; `rest` came back to the till. None: nothing of it.

    NotFound, Invalid by field. The content is kept before the transaction: a file without a row does no harm.
    """
    said = _text(number)[:80]
    wrong = _missing(amount, rest, said, file)
    if wrong:
        raise Invalid(wrong)
    kept = _kept(store, file) if file and amount else {}

    def work(unit: Unit) -> None:
        if keys.claim(unit, actor.code, key, keys.body_hash("voucher", post, payment, amount, rest, said, kept.get("digest"))) is not None:
            return
        imprests.ensure(unit.session, actor, post, rights.KEEP_IMPREST)
        act = _act(unit, actor, post, payment)
        paid = _paid(unit, actor, post, payment, (amount or 0) + (rest or 0))
        told: dict[str, Any] = {"payment_id": payment, "request_id": paid.entry.request_id, "by_id": actor.id, "number": said}
        if amount:
            imprest.book(unit.session, post, VOUCHER, owed=-amount, at=unit.now, **told, **{name: kept[name] for name in FILE})
        if rest:
            imprest.book(unit.session, post, REST, cash=rest, owed=-rest, at=unit.now, **told)
        data = {"payment": paid.entry.number or str(payment), "amount": amount or 0, "rest": rest or 0, "number": said}
        administration.record(unit, actor, "imprest.shown", subject(post), **data, file=kept.get("digest", ""))
        if act is not None:
            _tell_case(act, paid, amount or 0, kept)
        keys.answer(unit, actor.code, key, {"done": True})

    transaction(work, clock.now)


FILE = ("file_name", "media_type", "digest")


def _missing(amount: int | None, rest: int | None, number: str, file: Any) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if not amount and not rest:
        wrong["montant"] = "imprest_amount"
    if not number:
        wrong["numero"] = "imprest_number"
    if amount and file is None:
        wrong["fichier"] = "imprest_file"
    return wrong


def _kept(store: documents.Store, file: tuple[IO[bytes], str]) -> dict[str, Any]:
    content, name = file[0], documents.shown_name(file[1])
    try:
        digest, size, media = store.put(content, name)
    except Invalid as refusal:
        raise Invalid({"fichier": refusal.errors["file"]}) from None
    return {"file_name": name, "media_type": media, "digest": digest, "size": size}


def _paid(unit: Unit, actor: Actor, post: str, payment: int, asked: int) -> Paid:
    """The payment that a voucher is about, while nobody else moves the imprest. NotFound; Invalid when less of it is awaited."""
    imprest.lock(unit.session, post)
    found = imprest.payments(unit.session, ImprestEntry.id == payment, ImprestEntry.post_code == post)
    if not found:
        raise NotFound
    if asked > found[0].left:
        raise Invalid({"montant": sentences.say("imprest_left", actor.language, left=grouped(found[0].left))})
    return found[0]


def _act(unit: Unit, actor: Actor, post: str, payment: int) -> Act | None:
    """The case that a payment was for, locked before the imprest is, as every act on a case does. None: it was for none kept here."""
    of = select(FundingRequest.case_id).join(ImprestEntry, ImprestEntry.request_id == FundingRequest.id).where(ImprestEntry.id == payment)
    case_id = unit.session.scalar(of)
    if case_id is None:
        return None
    act = locked(unit, actor, HANDLERS, case_id=case_id)
    grant = _grant(unit, actor, post, rights.KEEP_IMPREST)
    act.capacity = act.recorder.capacity = policy.Capacity(grant.role, grant.behind)
    return act


def _tell_case(act: Act, paid: Paid, amount: int, kept: dict[str, Any]) -> None:
    """The voucher is a document of the case too, and its history says what was shown."""
    if amount:
        said = {"name": kept["file_name"], "media_type": kept["media_type"], "size": kept["size"], "digest": kept["digest"]}
        code, now = f"D-{secrets.token_hex(6).upper()}", act.now
        act.unit.session.add(Document(code=code, case_id=act.case.id, added_at=now, added_by_id=act.actor.id, **said))
        act.unit.session.flush()
        act.recorder.add("document.added", None, data={"document": code, "sha256": kept["digest"], "size": kept["size"]})
    data = {"request": paid.entry.number, "amount": amount, "post": paid.entry.post_code}
    advance.record(act, "payment.justified", None, data)


def _grant(unit: Unit, actor: Actor, post: str, right: str) -> Grant:
    """The grant by which an actor does something to an imprest; one's own before those held for somebody else. NotFound."""
    fitting = [
        grant
        for case_type in versions.all_current(unit.session).values()
        for grant in actor.grants
        if grant.role in case_type.rights.get(right, ())
        and (case_type.roles[grant.role].at != "post" or post in policy.places(grant, actor, "post"))
    ]
    if not fitting:
        raise NotFound
    return min(fitting, key=lambda grant: grant.behind is not None)


# ------------------------------------------------------------------ filling the till
def ask(actor: Actor, post: str, amount: int | None, reason: str, key: str | None = None) -> None:
    """The accountant of a post asks for cash. NotFound, Invalid (amount, reason, above the ceiling, payments not shown in time)."""

    def work(unit: Unit) -> None:
        if keys.claim(unit, actor.code, key, keys.body_hash("replenishment", post, amount, reason)) is not None:
            return
        imprests.ensure(unit.session, actor, post, rights.KEEP_IMPREST)
        said = _text(reason)
        wrong = {**({} if amount and amount > 0 else {"montant": "imprest_amount"}), **({} if said else {"motif": "imprest_reason"})}
        if wrong or amount is None:
            raise Invalid(wrong, reason)
        imprest.lock(unit.session, post)
        fund = imprests.fund_of(unit.session, post, unit.now)
        if fund.running is not None:
            raise Invalid({"montant": sentences.say("imprest_asked_already", actor.language, amount=grouped(fund.running.amount))})
        _ensure_may_be_filled(actor, fund, amount)
        behind = _grant(unit, actor, post, rights.KEEP_IMPREST).behind
        who = {"asked_by_id": actor.id, "asked_behind_id": behind, "asked_at": unit.now}
        unit.session.add(ImprestReplenishment(post_code=post, amount=amount, reason=said, state=ASKED, **who))
        administration.record(unit, actor, "imprest.asked", subject(post), amount=amount, reason=said)
        keys.answer(unit, actor.code, key, {"done": True})

    transaction(work, clock.now)


def _ensure_may_be_filled(actor: Actor, fund: imprests.Fund, amount: int) -> None:
    blocked = fund.blocked(actor.language)
    if blocked:
        raise Invalid({"montant": blocked})
    if amount > fund.row.room:
        raise Invalid({"montant": sentences.say("imprest_above_ceiling", actor.language, **_sums(fund.row))})


def decide(actor: Actor, post: str, number: int, *, grant: bool, decision: str) -> None:
    """The authorising officer grants or refuses what was asked; a grant may be taken back until the cash has come.

    NotFound, Conflict (decided before), Forbidden (asked by the same person, for them, or by a relative), Invalid (reason; blocked again).
    """

    def work(unit: Unit) -> None:
        asked = _open(unit, actor, post, number, rights.FILL_IMPRESTS)
        if asked.state != ASKED and (grant or asked.state != GRANTED):
            raise Conflict("imprest_over")
        behind = _grant(unit, actor, post, rights.FILL_IMPRESTS).behind
        sides = {actor.id, behind} - {None}
        if sides & {asked.asked_by_id, asked.asked_behind_id} or asked.asked_by_id in actor.relatives:
            raise Forbidden("imprest_four_eyes")
        said = _text(decision)
        if not said:
            raise Invalid({"decision": "imprest_reason"})
        if grant:
            _ensure_may_be_filled(actor, imprests.fund_of(unit.session, post, unit.now), asked.amount)
        asked.state, asked.decision = GRANTED if grant else REFUSED, said
        asked.decided_by_id, asked.decided_at = actor.id, unit.now
        kind = "imprest.granted" if grant else "imprest.refused"
        administration.record(unit, actor, kind, subject(post), amount=asked.amount, reason=said)

    transaction(work, clock.now)


def receive(actor: Actor, post: str, number: int, reference: str) -> None:
    """The cash has come to the post. NotFound, Conflict, Forbidden (granted by the same person), Invalid (reference, above the ceiling)."""

    def work(unit: Unit) -> None:
        asked = _open(unit, actor, post, number, rights.KEEP_IMPREST)
        if asked.state != GRANTED:
            raise Conflict("imprest_over")
        if asked.decided_by_id == actor.id:
            raise Forbidden("imprest_receiver")
        said = _text(reference)[:80]
        if not said:
            raise Invalid({"reference": "imprest_reference"})
        fund = unit.session.get_one(ImprestFund, post, populate_existing=True)
        if asked.amount > fund.room:
            raise Conflict("imprest_above_ceiling", **_sums(fund))
        imprest.book(unit.session, post, REPLENISHMENT, cash=asked.amount, at=unit.now, by_id=actor.id, number=said)
        asked.state, asked.received_by_id, asked.received_at, asked.reference = RECEIVED, actor.id, unit.now, said
        administration.record(unit, actor, "imprest.filled", subject(post), amount=asked.amount, number=said)

    transaction(work, clock.now)


def _sums(fund: ImprestFund) -> dict[str, str]:
    sums = {"ceiling": fund.cash_ceiling, "balance": fund.balance, "awaited": fund.to_regularise, "room": fund.room}
    return {name: grouped(amount) for name, amount in sums.items()}


def _open(unit: Unit, actor: Actor, post: str, number: int, right: str) -> ImprestReplenishment:
    """A replenishment of a post, while nobody else moves its imprest. NotFound."""
    imprests.ensure(unit.session, actor, post, right)
    imprest.lock(unit.session, post)
    found = unit.session.get(ImprestReplenishment, number, with_for_update=True, populate_existing=True)
    if found is None or found.post_code != post:
        raise NotFound
    return found


def _text(typed: str) -> str:
    return typed.replace("\x00", "").strip()[:LONGEST]
