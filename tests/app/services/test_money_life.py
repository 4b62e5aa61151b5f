"""An amount from asking to paying, back to its line when it is not spent, and what a line holds at every moment."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from app.db.funding import FundingRequest
from app.db.tasks import Task
from app.jobs.funding import expire_reservations
from app.services import clock, messages
from app.services.errors import Conflict, Forbidden, Invalid
from app.services.funding import renewal
from tests.app.services.money import (
    ask,
    asked_of,
    ensure_sound,
    leave,
    ledger,
    line,
    payments,
    sentence,
    set_fact,
    signed,
)
from tests.app.services.staging import one, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


@pytest.fixture
def case(stage_sqlite):
    """The State's share is about to be asked for."""
    return stage_sqlite("preparer_demande")


def test_an_amount_goes_from_asked_to_paid_and_the_line_holds_it_once(stage):
    case = stage("preparer_demande")
    before = line().used
    ask(case, 2_000_000)
    assert (line().used, asked_of(case).state) == (before + 2_000_000, "reserve")
    case.rest = [entry for entry in case.rest if entry.get("do") != "preparer_demande"]
    case.until("engager")
    assert (line().used, asked_of(case).state, asked_of(case).granted) == (before + 2_000_000, "accorde", 2_000_000)
    case.until("attendre_visa")
    assert (line().used, asked_of(case).state, asked_of(case).reserved) == (before + 2_000_000, "engage", 0)
    ensure_sound()
    case.until("proposer_cloture")
    paid = asked_of(case)
    assert (paid.liquidated, paid.ordered, paid.paid, paid.state) == (2_000_000, 2_000_000, 2_000_000, "solde")
    assert line().used == before + 2_000_000, "a payment changes nothing in what is available"
    assert ledger(case) == [("reserve", 2_000_000, ""), ("release", -2_000_000, "engagement"), ("commit", 2_000_000, "")]
    ensure_sound()


def test_less_than_asked_returns_the_rest_the_same_day(case):
    before = line().used
    ask(case, 2_000_000)
    case.rest = [entry for entry in case.rest if entry.get("do") != "preparer_demande"]
    case.until("decider_financement")
    case.do("decider_financement", "U-39", decision_financement="accorder_partiel", montant_accorde=1_500_000, motif_decision="Barème.")
    case.do("accepter_partiel", case.somebody(case.task("accepter_partiel").role, case.task("accepter_partiel")), accepte=True)
    case.do("engager", "U-44", **case.answers("engager"))
    assert line().used == before + 1_500_000
    ensure_sound()


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"decision_financement": "refuser", "motif_decision": "Un autre financeur paie."}, "refuse"),
        ({"decision_financement": "renvoyer", "motif_decision": "Devis illisible."}, "renvoye"),
    ],
)
def test_a_refusal_gives_the_credit_back(stage_sqlite, answers, state):
    case = stage_sqlite("decider_financement")
    held = line().used
    case.do("decider_financement", "U-39", **answers)
    assert line().used == held - 2_000_000
    assert (asked_of(case).reserved, asked_of(case).state) == (0, state)
    ensure_sound()


def test_a_withdrawal_gives_the_credit_back(stage_sqlite):
    case = stage_sqlite("decider_financement")
    held = line().used
    case.line({"message": "MSG_RETRAIT", "key_fact": "numero", "with": {"motif_retrait": "renonciation"}})
    assert line().used == held - 2_000_000
    assert asked_of(case).state == "annule"
    ensure_sound()


def at_the_treasury(stage_sqlite):
    """The order went to the Treasury in Bamako, which will answer."""
    case = stage_sqlite("ordonnancer")
    set_fact(case, "paiement_au_poste", "false", case.scope_of("ordonnancer"))
    case.do("ordonnancer", "U-46", **signed(case))
    assert case.awaited() == ["attendre_paiement"]
    return case


def rejected(case) -> None:
    case.line({"message": "MSG_PAIEMENT_REJETE", "key_fact": "mandat_id", "with": {"motif_rejet": "rib"}})


def test_a_rejected_order_is_corrected_and_paid(stage_sqlite):
    case = at_the_treasury(stage_sqlite)
    used, number = line().used, payments()[0].order_number
    rejected(case)
    correction = {"motif_rejet_mandat": "rib", "correction_mandat": "Nouveau relevé d’identité bancaire."}
    case.do("corriger_mandat", case.somebody("agent_finance", None), resultat_corriger_mandat="corrige", **correction)
    case.line({"message": "MSG_PAYE", "key_fact": "mandat_id", "with": {"date_paiement": str(case.now.date()), "ref_paiement": "T-1"}})
    assert (payments()[0].order_number, payments()[0].paid, payments()[0].state) == (number, 2_000_000, "paye")
    assert line().used == used
    ensure_sound()


def test_who_asked_for_the_money_does_not_record_that_it_was_paid(stage_sqlite):
    """A sentence, not what the database says beneath it."""
    case, asker = at_the_treasury(stage_sqlite), "U-45"
    write(update(FundingRequest).where(FundingRequest.case_id == case.case_id).values(requester_id=case.user(asker).id))
    wait = one(select(Task.id).where(Task.case_id == case.case_id, Task.message == "MSG_PAYE", Task.closed_at.is_(None)))
    with clock.at(case.now), pytest.raises(Forbidden, match="n’enregistre pas son paiement"):
        messages.record_answer(case.user(asker), wait, {"date_paiement": str(case.now.date()), "ref_paiement": "T-1"})
    assert payments()[0].paid == 0


def test_an_order_that_is_given_up_is_undone_and_the_commitment_stays(stage_sqlite):
    case = at_the_treasury(stage_sqlite)
    used = line().used
    rejected(case)
    given_up = {"motif_rejet_mandat": "prescription", "correction_mandat": "Aucune."}
    case.do("corriger_mandat", case.somebody("agent_finance", None), resultat_corriger_mandat="abandonne", **given_up)
    undone = asked_of(case)
    assert (undone.committed, undone.liquidated, undone.ordered, undone.paid) == (2_000_000, 0, 0, 0)
    assert (payments()[0].order_number, payments()[0].state) == (None, "rejete")
    assert line().used == used
    ensure_sound()


@pytest.mark.parametrize(("priority", "days"), [("P3", 45), ("P1", 15)])
def test_a_reservation_ends(stage, priority, days):
    case = stage("preparer_demande")
    free = line().used
    if priority == "P1":
        set_fact(case, "priorite", '"P1"')
        ask(case, 2_000_000, urgence_motif="Limite de la morgue.", accord_oral=False)
    else:
        ask(case, 2_000_000)
    end = case.now + dt.timedelta(days=days)
    assert asked_of(case).reserved_until == end
    with clock.at(end - dt.timedelta(seconds=1)):
        expire_reservations()
    assert line().used == free + 2_000_000
    with clock.at(end):
        expire_reservations()
        expire_reservations()
    assert (line().used, asked_of(case).state, asked_of(case).reserved) == (free, "expire", 0)
    assert ledger(case)[-1] == ("release", -2_000_000, "expiration")
    assert case.entry("funding.expired")["actor"] == "SYSTEM"
    assert {note.recipient_role for note in case.told("reservation_expired")} == {"gestionnaire_dgme", "agent_finance"}
    assert "donner_avis" in case.open_steps() or "accord_telephonique" in case.open_steps(), "the procedure stays where it was"
    ensure_sound()


def test_a_reservation_is_renewed_by_who_asked_and_by_the_finances_while_it_holds(case):
    used, first = line().used, case.now
    ask(case, 2_000_000)
    code = asked_of(case).code

    def renewed(by: str, days: int, reason: str = "La pièce d'état civil arrive la semaine prochaine.") -> dt.datetime:
        with clock.at(first + dt.timedelta(days=days)):
            return renewal.renew(case.user(by), case.reference, code, reason)

    with pytest.raises(Invalid) as same:
        renewed("U-14", 0)
    assert sentence(same) == "reservation_renewed"
    with pytest.raises(Invalid):
        renewed("U-14", 10, "  ")
    with pytest.raises(Forbidden):
        renewed("U-15", 10)
    assert renewed("U-14", 10) == first + dt.timedelta(days=55) == asked_of(case).reserved_until
    assert renewed("U-44", 50) == first + dt.timedelta(days=95)
    with clock.at(first + dt.timedelta(days=94)):
        expire_reservations()
    assert (line().used, asked_of(case).reserved) == (used + 2_000_000, 2_000_000)
    told = case.entry("funding.renewed")
    assert (told["actor"], told["data"]["amount"], "semaine" in str(told)) == ("U-44", 2_000_000, False)
    with clock.at(first + dt.timedelta(days=95)):
        expire_reservations()
    with pytest.raises(Conflict):
        renewed("U-14", 95)
    ensure_sound()


def test_after_a_reservation_has_ended_the_decision_finds_the_credit_again(stage_sqlite):
    case = stage_sqlite("decider_financement")
    held = line().used
    case.advance(asked_of(case).reserved_until)  # in a play, time alone ends it
    assert line().used == held - 2_000_000
    case.do("decider_financement", "U-39", **GRANT)
    assert (line().used, asked_of(case).state, asked_of(case).reserved) == (held, "accorde", 2_000_000)
    assert ledger(case)[-1] == ("reserve", 2_000_000, "renouvellement")
    ensure_sound()


def test_after_a_reservation_has_ended_there_may_be_no_credit_left(stage_sqlite):
    case = stage_sqlite("decider_financement")
    end(case)
    leave(1_999_999)
    with pytest.raises(Invalid) as refused:
        case.do("decider_financement", "U-39", **GRANT)
    assert "Crédit insuffisant : disponible 1\u202f999\u202f999 FCFA." in sentence(refused)
    assert asked_of(case).granted == 0
    ensure_sound()


def test_what_was_granted_does_not_end(stage_sqlite):
    case = stage_sqlite("engager")
    held = line().used
    end(case)
    assert (line().used, asked_of(case).state) == (held, "accorde")


def end(case) -> None:
    with clock.at(asked_of(case).reserved_until):
        expire_reservations()
