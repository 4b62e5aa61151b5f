"""What is refused when money is about to leave, each with its sentence (hard stops H8, H10, H11, and what was certified)."""

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update

from app.db.facts import Fact
from app.db.funding import BudgetLine, FundingRequest, Payment
from app.db.transaction import transaction
from app.services import clock
from app.services.act import locked
from app.services.errors import Forbidden, Invalid
from app.services.funding import controls
from app.services.funding.ahead import IMPREST
from app.services.handlers import HANDLERS
from tests.app.services.money import advance, asked_of, book, document, ensure_sound, had, sentence, shown, signed, till
from tests.app.services.staging import one, write


def test_h8_what_was_decided_for_one_payee_is_not_paid_to_another(stage_sqlite):
    case = stage_sqlite("liquider")
    answers = {"n_facture": "FIC-1", "montant_liquide": 2_000_000}
    write(update(FundingRequest).where(FundingRequest.case_id == case.case_id).values(payee_code="F-005"))
    with pytest.raises(Forbidden) as refused:
        case.do("liquider", "U-45", **answers)
    assert (
        sentence(refused)
        == "Ce paiement a été décidé pour un autre bénéficiaire : F-003 ne peut pas le recevoir sans une nouvelle décision."
    )
    assert refused.value.sentence("en").startswith("This payment was decided for somebody else: F-003")
    write(update(FundingRequest).where(FundingRequest.case_id == case.case_id).values(payee_code="F-003"))
    case.do("liquider", "U-45", **answers)


def test_h8_nor_is_it_ordered(stage_sqlite):
    case = stage_sqlite("ordonnancer")
    write(update(Payment).where(Payment.request_id == asked_of(case).id).values(payee_code="F-005"))
    with pytest.raises(Forbidden, match="décidé pour un autre bénéficiaire"):
        case.do("ordonnancer", "U-46", **signed(case))


@pytest.mark.parametrize("step", ["ordonnancer", "payer_localement"])
def test_h1_nothing_is_ordered_or_paid_after_the_last_day_of_the_line(stage_sqlite, step):
    case = stage_sqlite("ordonnancer")
    check = {"ordonnancer": controls.ordering, "payer_localement": controls.paying}[step]
    task = SimpleNamespace(scope=case.scope_of("ordonnancer"))
    for days, refused in ((0, False), (-1, True)):
        last = case.now.date() + dt.timedelta(days=days)
        write(update(BudgetLine).where(BudgetLine.id == asked_of(case).line_id).values(last_payment_on=last))
        said = refusal(case, lambda act: check(act, task, {}))
        told = f"Ligne non utilisable pour ce dossier : les paiements de l’exercice 2026 sur PROT-SOC ont pris fin le {last:%d/%m/%Y}."
        assert said == (told if refused else None)


def refusal(case, check) -> str | None:
    """What a check of the act says under the lock of the case, by a person of whom nothing else is known."""

    signer = case.user("U-46")

    def work(unit) -> str | None:
        try:
            check(locked(unit, signer, HANDLERS, case_id=case.case_id))
        except Forbidden as refused:
            return refused.sentence("fr")
        return None

    with clock.at(case.now):
        return transaction(work, clock.now)


@pytest.mark.parametrize(("days", "refused"), [(30, False), (31, True)])
def test_h10_an_advance_without_vouchers_keeps_the_person_from_another(stage_sqlite, days, refused):
    """Older than thirty days, and not shown whole by vouchers."""
    case = stage_sqlite("decider_financement")
    asked = asked_of(case)
    had(case, 100_000, asked.beneficiary_code)
    write(update(FundingRequest).where(FundingRequest.code == "DF-100000").values(committed=100_000, state="engage"))
    old = one(select(FundingRequest).where(FundingRequest.code == "DF-100000"))
    at = case.now - dt.timedelta(days=days)
    book(old.line_id, 100_000, request_id=old.id, kind="commit", at=at, reason=IMPREST)
    till("LBV", 200_000)
    paid = advance(old, "LBV", 100_000, at)
    assert imprest_refused(case, asked) is refused
    shown(paid, 99_999)
    assert imprest_refused(case, asked) is refused, "one franc is still to be shown"
    shown(paid, 1)
    assert imprest_refused(case, asked) is False, "its vouchers came"
    ensure_sound()


@pytest.mark.parametrize(
    ("before", "refused"),
    [
        ({"paid": 0, "certified": 500_000}, True),  # not paid yet
        ({"paid": 500_000, "certified": 400_000}, False),  # 80 %
        ({"paid": 500_000, "certified": 399_999}, True),
        ({"paid": 500_000, "justified": 400_000}, False),
        ({"paid": 500_000, "justified": 399_999}, True),
        ({"paid": 500_000, "returned": 500_000}, False),  # given back whole: nothing is left to justify
    ],
)
def test_h11_an_instalment_waits_for_the_one_before(stage_sqlite, before, refused):
    case = second_instalment(stage_sqlite, "liquider", before)
    if refused:
        with pytest.raises(Invalid) as said:
            case.do("liquider", "U-45", n_facture="F-2", montant_liquide=1_500_000)
        assert sentence(said) == "La tranche 1 doit être payée, et justifiée à 80 % au moins, avant la suivante."
    else:
        case.do("liquider", "U-45", n_facture="F-2", montant_liquide=1_500_000)


def second_instalment(stage_sqlite, step: str, before: dict):
    """A step of the second of two instalments, half a million of the first being liquidated."""
    case = stage_sqlite(step)
    asked, scope = asked_of(case), case.scope_of(step)
    write(
        update(FundingRequest).where(FundingRequest.id == asked.id).values(liquidated=500_000, ordered=500_000, paid=before["paid"]),
        update(Payment).where(Payment.request_id == asked.id).values(instalment=2, certified=1_500_000),
        update(Fact).where(Fact.case_id == case.case_id, Fact.scope == scope, Fact.name == "tranche").values(value='{"n": 2}'),
    )
    plain = {"code": "PM-1", "request_id": asked.id, "payee_code": "F-003", "instalment": 1, "state": "paye", "withheld": 0}
    write(insert(Payment).values({**plain, "certified": 0, "justified": 0, "liquidated": 500_000, "returned": 0, **before}))
    return case


def test_not_more_is_liquidated_than_was_certified(stage_sqlite):
    case = stage_sqlite("liquider")
    write(update(Payment).where(Payment.request_id == asked_of(case).id).values(certified=1_999_999))
    write(update(Fact).where(Fact.case_id == case.case_id, Fact.name == "montant_constate").values(value="null"))
    with pytest.raises(Invalid) as refused:
        case.do("liquider", "U-45", n_facture="F-1", montant_liquide=2_000_000)
    assert sentence(refused) == "Le montant dépasse ce qui reste à constater : 1\u202f999\u202f999 FCFA au plus."
    with pytest.raises(Invalid) as refused:
        case.do("liquider", "U-45", n_facture="F-1", montant_liquide=1, retenues=2)
    assert sentence(refused) == "On ne retient pas plus que le montant liquidé (1 FCFA)."


def test_not_more_is_left_uncollected_than_was_liquidated(stage_sqlite):
    case = stage_sqlite("payer_localement")
    write(update(Fact).where(Fact.case_id == case.case_id, Fact.name == "montant").values(value="3000000"))
    page = document(case, "liste.pdf", "U-15", "payer_localement")
    with pytest.raises(Invalid) as refused:
        case.do("payer_localement", "U-15", mode_paiement="virement", emargement=page, montant_non_percu=2_000_001)
    assert sentence(refused) == "Le montant non retiré ne peut pas dépasser les 2\u202f000\u202f000 FCFA liquidés."


def imprest_refused(case, asked: FundingRequest) -> bool:
    """Whether the imprest of the post pays one franc of a request."""
    payer = case.user("U-15")

    def pays(unit) -> None:
        act = locked(unit, payer, HANDLERS, case_id=case.case_id)
        controls.imprest(act, SimpleNamespace(scope=asked.engine_scope), {"montant_paye_regie": 1, "mode_paiement": "mobile_money"})

    try:
        with clock.at(case.now):
            transaction(pays, clock.now)
    except Invalid as refused:
        assert sentence_of(refused).startswith("Une avance à cette personne attend ses justificatifs depuis plus de 30 jours")
        return True
    return False


def sentence_of(refused: Invalid) -> str:
    return str(refused.errors["montant_paye_regie"])
