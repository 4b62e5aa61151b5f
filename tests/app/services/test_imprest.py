"""What the imprest of a post paid for a case: shown by vouchers, at the step or beside it, and ordered afterwards; cash asked for apart."""

import datetime as dt
import io
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.documents import Document
from app.db.funding import FundingRequest, Payment, PaymentEntry
from app.db.imprest import ImprestEntry, ImprestFund, ImprestReplenishment
from app.db.imprest_rules import GRANTED
from app.db.transaction import transaction
from app.services import clock, imprest_moves
from app.services.act import locked
from app.services.actor import Grant
from app.services.errors import Forbidden, Invalid
from app.services.funding import controls, payments
from app.services.handlers import HANDLERS
from tests.app.services.money import advance, ask, asked_of, document, ensure_sound, sentence, set_fact, till
from tests.app.services.staging import one, rows, write
from tests.web.given import PDF

ACCOUNTANT, HEAD, POST = "U-15", "U-13", "LBV"


@pytest.fixture
def paid(stage):
    """100 000 francs are paid at once for an urgent need; the voucher is awaited."""
    case = stage("preparer_demande")
    till(POST, 130_000)
    set_fact(case, "priorite", '"P2"')
    ask(case, 100_000, nature_depense="transport", urgence_motif="Limite de la morgue.", accord_oral=False)
    case.do("decider_financement", HEAD, decision_financement="accorder", montant_accorde=100_000)
    receipt = document(case, "recu.pdf", ACCOUNTANT, "payer_sur_regie")
    case.do("payer_sur_regie", ACCOUNTANT, montant_paye_regie=100_000, mode_paiement="mobile_money", recu_regie=receipt)
    return case


def fund(post: str = POST) -> ImprestFund:
    return one(select(ImprestFund).where(ImprestFund.post_code == post))


def payment() -> ImprestEntry:
    return one(select(ImprestEntry).where(ImprestEntry.kind == "paiement", ImprestEntry.request_id.is_not(None)))


def test_a_payment_is_shown_partly_beside_the_case_and_wholly_at_its_step(paid):
    case = paid
    assert (fund().balance, fund().to_regularise) == (30_000, 220_000), "with the 120 000 that were taken over"
    with case.at(case.now):
        enter(case, 40_000)
    assert fund().to_regularise == 180_000
    assert case.entry("payment.justified")["data"] == {"request": payment().number, "amount": 40_000, "post": POST}
    assert one(select(Document.name).where(Document.case_id == case.case_id, Document.name == "bon.pdf"))
    for wrong in (39_999, 100_001):
        with pytest.raises(Invalid) as refused:
            at_the_step(case, wrong)
        assert "montant_regularise" in refused.value.errors, "neither less than was shown, nor more than was paid"
    at_the_step(case, 100_000)
    assert (fund().balance, fund().to_regularise) == (30_000, 120_000), "vouchers bring no cash"
    at_the_step(case, 100_000)
    assert fund().to_regularise == 120_000, "said again, nothing comes to it"
    ensure_sound()


def at_the_step(case, amount: int) -> None:
    """What the control of the step does with the total of the vouchers."""
    file = document(case, "bon-2.pdf")
    actor, code = case.user(ACCOUNTANT), asked_of(case).code

    def work(unit) -> None:
        act = locked(unit, actor, HANDLERS, case_id=case.case_id)
        said = {"montant_regularise": amount, "justificatif_regie": file}
        act.set("engagement_id", code, "S")
        controls.voucher(act, SimpleNamespace(scope="S"), said)

    with case.at(case.now):
        transaction(work, clock.now)


def test_a_rest_comes_back_to_the_till_and_more_than_was_paid_never(paid):
    case = paid
    with case.at(case.now):
        for amount, rest in ((100_001, 0), (60_000, 40_001)):
            with pytest.raises(Invalid) as refused:
                enter(case, amount, rest)
            assert sentence(refused).startswith("Il reste 100\u202f000 FCFA à justifier")
        enter(case, 60_000, 40_000)
        with pytest.raises(Invalid):
            enter(case, 1)
    assert (fund().balance, fund().to_regularise) == (70_000, 120_000)
    ensure_sound()


def test_an_order_shows_what_no_voucher_showed_and_fills_no_till(paid):
    """Cases that passed the step before vouchers were entered here: the order says how much was liquidated."""
    case = paid
    request = asked_of(case)
    write(update(FundingRequest).where(FundingRequest.id == request.id).values(liquidated=80_000))
    values = {"code": "PM-R", "request_id": request.id, "instalment": 1, "certified": 80_000, "liquidated": 80_000, "state": "liquide"}
    write(insert(Payment).values(values))
    entry = {"payment_id": one(select(Payment.id).where(Payment.code == "PM-R")), "stage": "liquide", "amount": 80_000, "at": case.now}
    write(insert(PaymentEntry).values(entry))
    director, accountant = case.user("U-46"), case.user("U-48")

    def work(unit) -> None:
        act = locked(unit, director, HANDLERS, case_id=case.case_id)
        payments.order(act, SimpleNamespace(inputs={"paiement_id": "PM-R", "sur_regie": True}, step=None, scope=""))

    def heard(unit) -> None:
        act = locked(unit, accountant, HANDLERS, case_id=case.case_id)
        payments.pay(act, SimpleNamespace(inputs={"paiement_id": "PM-R", "ref_paiement": "T-1"}, step=None, scope=""))

    with case.at(case.now):
        transaction(work, clock.now)
    assert (fund().balance, fund().to_regularise) == (30_000, 120_000 + 20_000)
    with case.at(case.now):
        transaction(heard, clock.now)
        transaction(heard, clock.now)
    assert (asked_of(case).ordered, asked_of(case).paid) == (80_000, 80_000), "the Treasury's payment counts once"
    ensure_sound()


def enter(case, amount: int, rest: int = 0, number: int | None = None) -> None:
    said = {"number": "B-8", "file": (io.BytesIO(PDF), "bon.pdf"), "rest": rest or None}
    imprest_moves.enter(case.user(ACCOUNTANT), case.store, POST, number or payment().id, amount=amount, **said)


# ------------------------------------------------------------------ filling the till
@pytest.fixture
def asked(paid):
    """All is shown, and the cash that is missing is asked for."""
    case = paid
    with case.at(case.now):
        for row in rows(select(ImprestEntry.id).where(ImprestEntry.post_code == POST, ImprestEntry.kind == "paiement")):
            left = one(select(ImprestEntry.owed).where(ImprestEntry.id == row))
            enter(case, left, number=row)
        imprest_moves.ask(case.user(ACCOUNTANT), POST, 220_000, "Caisse à 30 000")
    return case


def running() -> ImprestReplenishment:
    return one(select(ImprestReplenishment).where(ImprestReplenishment.post_code == POST))


def test_whoever_asked_never_grants_whatever_they_hold(asked):
    """In themselves, for whom they ask, as the relative of who decides, or by somebody's absence."""
    case = asked
    accountant, director = case.user(ACCOUNTANT), case.user("U-46")
    also = Grant("directeur_dfm")
    fellow = replace(director, id=case.user("U-44").id, grants=(replace(also, behind=accountant.id),))
    for actor in (
        replace(accountant, grants=(*accountant.grants, also)),
        replace(director, relatives=frozenset({accountant.id})),
        fellow,
    ):
        with case.at(case.now), pytest.raises(Forbidden, match="demandé ce réapprovisionnement"):
            imprest_moves.decide(actor, POST, running().id, grant=True, decision="Oui")
    with case.at(case.now):
        imprest_moves.decide(director, POST, running().id, grant=True, decision="Décision 3")
        with pytest.raises(Forbidden, match="n’en note pas la réception"):
            imprest_moves.receive(replace(director, grants=(Grant("sac", posts=frozenset({POST})),)), POST, running().id, "MD-1")
    assert (running().state, fund().balance) == (GRANTED, 30_000)
    with pytest.raises(IntegrityError):
        write(update(ImprestReplenishment).values(decided_by_id=ImprestReplenishment.asked_by_id))


@pytest.mark.parametrize(("days", "blocked"), [(10, False), (11, True)])
def test_what_is_not_shown_in_time_blocks_the_grant_too_and_nobody_is_left_without_help(asked, days, blocked):
    """Paid after the cash was asked for. What is in the till is still paid out."""
    case = asked
    advance(asked_of(case), POST, 30_000, case.now)
    later = case.now + dt.timedelta(days=days)
    with case.at(later):
        if blocked:
            with pytest.raises(Invalid) as refused:
                imprest_moves.decide(case.user("U-46"), POST, running().id, grant=True, decision="Oui")
            day = case.now.strftime("%d/%m/%Y")
            told = "Réapprovisionnement bloqué : 30\u202f000 FCFA payés attendent leurs justificatifs depuis plus de 10 jours, "
            told += f"dont 30\u202f000 FCFA du {day}."
            assert sentence(refused).startswith(told)
        else:
            imprest_moves.decide(case.user("U-46"), POST, running().id, grant=True, decision="Oui")
    till(POST, 5)
    advance(asked_of(case), POST, 5, later)
    assert fund().balance == 0
