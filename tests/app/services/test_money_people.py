"""Who asked, decided, certified, ordered and paid are different people; nothing moves while payments are frozen."""

import datetime as dt

import pytest
from sqlalchemy import delete, insert, select, update

from app.db.people import Body
from app.db.users import Kinship, RoleGrant, User
from app.services import corrections
from app.services.actor import SYSTEM
from app.services.errors import Forbidden, Invalid
from tests.app.services.money import (
    ask,
    document,
    payments,
    sentence,
    signed,
)
from tests.app.services.staging import one, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


@pytest.fixture
def case(stage_sqlite):
    """The State's share is about to be asked for."""
    return stage_sqlite("preparer_demande")


def test_h4_who_asked_does_not_decide(stage_sqlite):
    """Whatever role is held by then: the person counts."""
    case = stage_sqlite("decider_financement")
    promote("U-14")
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("decider_financement", "U-14", **GRANT)


def test_h4_a_relative_of_who_asked_does_not_decide(stage_sqlite):
    case = stage_sqlite("decider_financement")
    relate("U-39", "U-14")
    with pytest.raises(Forbidden, match="votre parent déclaré"):
        case.do("decider_financement", "U-39", **GRANT)


def test_h4_a_tie_counts_whoever_declared_it(stage_sqlite):
    case = stage_sqlite("decider_financement")
    relate("U-14", "U-39")
    with pytest.raises(Forbidden, match="votre parent déclaré"):
        case.do("decider_financement", "U-39", **GRANT)


def test_h4_a_delegate_of_who_asked_does_not_decide(stage_sqlite):
    case = stage_sqlite("decider_financement")
    promote("U-36", behind="U-14")
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("decider_financement", "U-36", **GRANT)


def promote(code: str, role: str = "delegue_general", behind: str | None = None) -> None:
    user = one(select(User).where(User.code == code)).id
    other = one(select(User).where(User.code == behind)).id if behind else None
    write(
        delete(RoleGrant).where(RoleGrant.user_id == user, RoleGrant.role == role),
        insert(RoleGrant).values(
            user_id=user, role=role, posts=[], countries=[], case_types=[], priorities=[], deed="", on_behalf_of_id=other, ceiling=None
        ),
    )


def relate(one_code: str, other_code: str) -> None:
    first, second = (one(select(User).where(User.code == code)).id for code in (one_code, other_code))
    write(insert(Kinship).values(user_id=first, relative_id=second, tie="cousin"))


def test_s2_who_changed_an_account_does_not_validate_it(case):
    me = one(select(User).where(User.code == "U-44")).id
    times = {"account_changed_at": dt.datetime(2026, 1, 5, tzinfo=dt.UTC), "account_validated_at": dt.datetime(2026, 1, 6, tzinfo=dt.UTC)}
    write(update(Body).where(Body.code == "F-003").values(**times, account_changed_by_id=me, account_validated_by_id=me))
    with pytest.raises(Invalid) as refused:
        ask(case, 2_000_000)
    assert "coordonnées de paiement" in sentence(refused)


def test_nothing_is_ordered_while_payments_are_frozen(stage_sqlite):
    case = stage_sqlite("ordonnancer")
    with case.at(case.now):
        corrections.correct(SYSTEM, case.case_id, {"gel_paiements": ["fraude"]}, "signalement")
    answers = signed(case)
    with pytest.raises(Forbidden, match="Paiements gelés sur ce dossier : fraude"):
        case.do("ordonnancer", "U-46", **answers)
    with case.at(case.now):
        corrections.correct(SYSTEM, case.case_id, {"gel_paiements": []}, "levé")
    case.do("ordonnancer", "U-46", **answers)
    assert payments()[0].order_number


@pytest.mark.parametrize(("step", "by"), [("certifier_service_fait", "U-39"), ("certifier_service_fait", "U-14")])
def test_s1_who_asked_or_decided_does_not_certify(stage_sqlite, step, by):
    case = stage_sqlite(step)
    promote(by, case.task(step).role)
    grant_post(by)
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do(step, by, service_conforme=True, montant_constate=2_000_000, pv_ou_facture=document(case, "pv.pdf"))


def grant_post(code: str) -> None:
    user = one(select(User).where(User.code == code)).id
    write(update(RoleGrant).where(RoleGrant.user_id == user).values(posts=["LBV"]))


def test_s1_who_certified_does_not_liquidate_nor_order_nor_pay(stage_sqlite):
    case = stage_sqlite("liquider")
    promote("U-13", "agent_finance")
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("liquider", "U-13", n_facture="F-1", montant_liquide=2_000_000)
    case.until("ordonnancer")
    promote("U-45", "directeur_dfm")
    answers = signed(case)
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("ordonnancer", "U-45", **answers)


def test_not_more_is_certified_than_is_committed(stage_sqlite):
    case = stage_sqlite("certifier_service_fait")
    with pytest.raises(Invalid) as refused:
        case.do("certifier_service_fait", "U-13", service_conforme=True, montant_constate=2_000_001, pv_ou_facture=document(case, "pv.pdf"))
    assert "montant_constate" in refused.value.errors


def test_cash_is_paid_up_to_a_limit(stage_sqlite):
    case = stage_sqlite("payer_localement")
    with pytest.raises(Invalid) as refused:
        case.do("payer_localement", "U-15", mode_paiement="especes", emargement=document(case, "liste.pdf", "U-15", "payer_localement"))
    assert sentence(refused) == "En espèces, 100\u202f000 FCFA au plus par personne."
