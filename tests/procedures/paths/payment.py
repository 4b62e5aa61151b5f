"""SP-PAY."""

import datetime as dt

from tests.procedures.paths import path
from tests.procedures.shared import Call

ANSWERS = {
    "funding.regularise": {"engage": True, "ligne": "PROT-SOC"},
    "payment.certify": {"engage": 2_000_000, "deja_liquide": 0},
    "payment.liquidate": {"paiement_id": "P-1"},
    "payment.order": {"mandat_id": "M-1"},
    "payment.pay": {"montant_paye": 2_000_000},
    "payment.return": {"montant_paye": 0},
}
INPUTS = ("tranches", "avance_autorisee", "sur_regie", "paiement_au_poste")


def payment(answers=(), **inputs) -> Call:
    given = {"engagement_id": "E-1", "montant": 2_000_000, "beneficiaire_paiement": "F-1", **dict.fromkeys(INPUTS)}
    return Call("sp_pay", {**ANSWERS, **dict(answers)}, ("resultat", "montant_paye"), **{**given, **inputs})


def ordered(call: Call, amount=2_000_000) -> Call:
    call.do("certifier_service_fait", service_conforme=True, montant_constate=amount)
    return signed(call, amount)


def signed(call: Call, amount=2_000_000) -> Call:
    return call.do("liquider", n_facture="F-77", montant_liquide=amount).do("ordonnancer", resultat_ordonnancer="signe")


def paid(call: Call) -> Call:
    assert call.say("MSG_PAYE", "M-1", date_paiement=dt.date(2026, 2, 20), ref_paiement="VIR-1")
    return call.do("confirmer_reception", date_reception=dt.date(2026, 2, 21))


@path
def by_the_treasury():
    call = payment()
    said = call.open("certifier_service_fait").extensions
    assert said["role"] == "chef_poste" and said["control"] == "payment.certify"
    call.do("certifier_service_fait", service_conforme=True, montant_constate=2_000_000)
    assert "certifier_service_fait" in call.open("liquider").extensions["four_eyes"]
    call.do("liquider", n_facture="F-77", montant_liquide=2_000_000)
    assert call.open("ordonnancer").extensions["control"] == "payment.order"
    assert call.do("ordonnancer", resultat_ordonnancer="renvoye").steps == ["liquider"]
    signed(call)
    assert call.sent == [("mandat", "comptable")] and not call.say("MSG_PAYE", "M-2")
    paid(call)
    assert call.result == "paye" and call.facts[""]["rendu_montant_paye"] == 2_000_000


@path
def the_treasury_is_slow():
    call = ordered(payment())
    assert call.due("quinze_jours") == dt.datetime(2026, 3, 2, 16, tzinfo=dt.UTC)
    call.wait(days=22)
    assert call.sent[-1] == ("relance_tresor", "comptable")
    call.wait(days=21)
    assert call.sent[-1] == ("retard_tresor", "secretaire_general") and call.awaited == ["attendre_paiement", "paiement_rejete"]


@path
def rejected_then_corrected():
    call = ordered(payment())
    assert call.say("MSG_PAIEMENT_REJETE", "M-1", motif_rejet="rib")
    call.do("corriger_mandat", resultat_corriger_mandat="corrige")
    assert call.sent == [("mandat", "comptable")] * 2
    assert paid(call).result == "paye"


@path
def rejected_for_good():
    call = ordered(payment())
    assert call.say("MSG_PAIEMENT_REJETE", "M-1", motif_rejet="prescription")
    call.do("corriger_mandat", resultat_corriger_mandat="abandonne")
    assert (
        call.jobs[-1] == ("payment.cancel", {"paiement_id": "P-1", "mandat_id": "M-1", "motif": "prescription"}) and call.result == "rejete"
    )


@path
def service_disputed_then_put_right_then_cancelled():
    call = payment(au_poste=False)
    assert call.open("certifier_service_fait").extensions["role"] == "chef_departement"
    call.do("certifier_service_fait", service_conforme=False).do("traiter_contestation", resultat_traiter_contestation="corrige")
    assert call.steps == ["certifier_service_fait"]
    call.do("certifier_service_fait", service_conforme=False).do("traiter_contestation", resultat_traiter_contestation="annule")
    assert call.jobs[-1] == ("funding.decommit", {"engagement_id": "E-1", "montant": 2_000_000, "motif": "tranche_annulee"})
    assert call.result == "annule"


@path
def in_instalments():
    plan = [
        {"n": 1, "pourcentage": 30, "condition": None},
        {"n": 2, "pourcentage": 40, "condition": "audience"},
        {"n": 3, "pourcentage": 30},
    ]
    call = payment(tranches=plan, montant=1_000_001)
    ordered(call, 300_000)
    paid(call)
    assert (
        call.steps == ["verifier_condition_tranche"]
        and call.facts[next(s for s in call.facts if s and "tranche" in call.facts[s] and "montant" in call.facts[s])]
    )
    call.do("verifier_condition_tranche", condition_remplie=False)
    call.do("suspendre_tranche", resultat_suspendre_tranche="attendre", reprise_le=dt.date(2026, 3, 2))
    assert not call.steps
    call.wait(days=22)
    assert call.steps == ["verifier_condition_tranche"]
    ordered(call.do("verifier_condition_tranche", condition_remplie=True), 400_000)
    paid(call).do("verifier_condition_tranche", condition_remplie=True)
    amounts = [inputs["tranche"]["n"] for job, inputs in call.jobs if job == "payment.certify"]
    assert amounts == [1, 2]
    paid(ordered(call, 300_001))
    assert call.result == "paye" and call.facts[""]["rendu_montant_paye"] == 6_000_000, "the three answers of the handler"


@path
def an_instalment_is_cancelled():
    call = payment(tranches=[{"n": 1, "pourcentage": 50, "condition": "visite"}, {"n": 2, "pourcentage": 50}])
    call.do("verifier_condition_tranche", condition_remplie=False).do("suspendre_tranche", resultat_suspendre_tranche="annuler")
    assert call.jobs[-1][1]["montant"] == 1_000_000 and call.result == "annule", "the next one is not opened"


@path
def half_of_it_before_the_service():
    call = payment(avance_autorisee=True)
    assert call.steps == ["liquider"]
    paid(signed(call, 1_000_000))
    assert call.steps == ["verifier_condition_tranche"]
    paid(ordered(call.do("verifier_condition_tranche", condition_remplie=True), 1_000_000))
    assert call.result == "paye"


def at_the_post() -> Call:
    call = ordered(payment(paiement_au_poste=True))
    said = call.open("payer_localement")
    assert said.lane == "Secrétaire agent comptable" and "ordonnancer" in said.extensions["four_eyes"]
    return call


@path
def at_the_post_on_delegated_credits():
    call = at_the_post().do("payer_localement", mode_paiement="virement").do("confirmer_reception")
    assert call.result == "paye" and not call.sent


@path
def never_collected_at_the_post():
    call = at_the_post().wait(days=30)
    assert call.steps == ["retourner_non_percu"]
    call.do("retourner_non_percu", montant_reverse=2_000_000)
    assert call.jobs[-1][1]["montant_reverse"] == 2_000_000 and call.result == "retourne_non_percu"


@path
def partly_collected_at_the_post():
    call = ordered(payment({"payment.return": {"montant_paye": 1_500_000}}, paiement_au_poste=True))
    call.do("payer_localement", mode_paiement="especes", montant_non_percu=500_000).do("confirmer_reception")
    assert call.wait(days=29).steps == []
    call.wait(days=1).do("retourner_non_percu", montant_reverse=500_000)
    assert call.result == "paye" and call.facts[""]["rendu_montant_paye"] == 1_500_000


@path
def the_imprest_is_regularised():
    call = payment(sur_regie=True)
    said = call.open("regulariser_depense").extensions
    assert said["deadline"] == "10 j"
    call.do("regulariser_depense", montant_regularise=2_000_000)
    assert call.open("certifier_service_fait").extensions["role"] == "chef_departement", "the head of mission has decided"
    ordered(call)
    assert call.say("MSG_PAYE", "M-1") and call.result == "paye"


@path
def what_the_imprest_paid_between_two_years_waits_for_its_line():
    waits = {"engage": False, "ligne": "PROT-SOC"}
    call = payment({"funding.regularise": [waits, waits, {**waits, "engage": True}]}, sur_regie=True)
    call.do("regulariser_depense", montant_regularise=2_000_000)
    for _ in range(2):
        assert call.steps == [] and "attendre_ligne_regie" in call.awaited
        assert not call.say("MSG_LIGNE_OUVERTE", "PROT-JUR")
        assert call.say("MSG_LIGNE_OUVERTE", "PROT-SOC")
    assert call.steps == ["certifier_service_fait"]
