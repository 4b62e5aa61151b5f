"""SP-MIS."""

import datetime as dt

from tests.procedures.paths import path
from tests.procedures.paths.payment import ANSWERS
from tests.procedures.shared import Call

DAY = dt.timedelta(days=1)
FROM, TO = dt.date(2026, 3, 2), dt.date(2026, 3, 6)
TEAM = [{"agent": "U-42", "categorie": "agent", "jours": 5}, {"agent": "U-34", "categorie": "sg_ambassadeur", "jours": 4}]
ASKED = {
    "objet_mission": "Constat",
    "mission_exterieure": True,
    "lieux_mission": [{"lieu": "Abidjan", "du": FROM, "au": TO}],
    "equipe": TEAM,
    "chef_mission": "U-42",
    "commanditaire": "U-36",
    "frais_mission": 400_000,
    "beneficiaire_avance": "P-52",
}
KEY = "OM-CENTRAL-2026-0001"
MONEY = {
    **ANSWERS,
    "payment.liquidate": {"paiement_id": "P-1"},
    "payment.pay": {"montant_paye": 1_360_000},
    "funding.reserve": {"reservation_id": "R-1", "disponible": 9_000_000, "deja_accorde_cumul": 0, "regie_solde": None},
    "funding.commit": {"engagement_id": "E-1"},
    "register.number": {"numero": KEY},
    "staff.names": {"noms": ["Un agent", "Un ambassadeur"]},
}


def mission(answers=(), **inputs) -> Call:
    given = {"role_demandeur": None, "objet_propose": None, "ligne_proposee": "PROT-SIN", **inputs}
    return Call("sp_mis", {**MONEY, **dict(answers)}, ("resultat",), priorite="P3", **given)


def asked(**changed) -> Call:
    return mission().do("demander_mission", **{**ASKED, **changed})


def granted(call: Call, amount=1_700_000) -> Call:
    call.do("preparer_demande", ligne="PROT-SIN", nature_depense="mission", montant_demande=amount, beneficiaire_aide="P-52")
    while "donner_avis" in call.steps:
        call.do("donner_avis", avis="favorable")
    call.do("decider_financement", decision_financement="accorder", montant_accorde=amount).do("engager", n_engagement="1")
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1", n_visa="1")
    return call


def signed(**changed) -> Call:
    return granted(asked(**changed)).do("signer_ordre_mission", resultat_signer_ordre_mission="signe")


def advanced(call: Call) -> Call:
    call.do("liquider", n_facture="F-1", montant_liquide=1_360_000).do("ordonnancer", resultat_ordonnancer="signe")
    assert call.say("MSG_PAYE", "M-1", date_paiement=dt.date(2026, 2, 20), ref_paiement="V-1")
    return call.do("confirmer_reception", date_reception=dt.date(2026, 2, 21))


def until(call: Call, day: dt.date) -> Call:
    """The first minute of the day after: what ends with the day is over."""
    call.now = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) + DAY
    return call.wait(minutes=1)


def back() -> Call:
    return until(advanced(signed()), TO)


def reported(call: Call, done="realisee") -> Call:
    return call.do("deposer_rapport", mission_faite=done).do("valider_rapport", resultat_valider_rapport="valide")


def jobs(call: Call, name: str) -> list[dict]:
    return [given for job, given in call.jobs if job == name]


@path
def the_budget_follows_the_table_and_the_order_goes_to_who_is_competent():
    call = asked()
    assert call.fact["budget_chiffre"] == 5 * 100_000 + 4 * 200_000 + 400_000
    order = granted(call).open("signer_ordre_mission").extensions
    assert (order["role"], order["four_eyes"]) == ("secretaire_general", "demander_mission")
    call.do("signer_ordre_mission", resultat_signer_ordre_mission="refuse")
    assert jobs(call, "funding.decommit") == [{"motif": "ordre_refuse", "engagement_id": "E-1"}]
    assert call.result == "annulee"
    inside = asked(mission_exterieure=False, fonds_exterieurs=True, hotel_paye=True)
    assert inside.fact["budget_chiffre"] == 9 * 7_500 + 7 * 25_000 + 400_000
    assert granted(inside).open("signer_ordre_mission").extensions["role"] == "delegue_general"


@path
def without_money_no_mission():
    call = asked()
    call.do("preparer_demande", ligne="PROT-SIN", nature_depense="mission", montant_demande=1_700_000)
    while "donner_avis" in call.steps:
        call.do("donner_avis", avis="favorable")
    call.do("decider_financement", decision_financement="refuser", motif_decision="Non").do("notifier_refus", motif_refus="Non")
    assert call.result == "annulee"


@path
def done_sent_back_once_and_settled():
    call = signed()
    assert ("ordre_mission", "U-42") in call.sent and call.fact["avance_prevue"] == 1_360_000
    step = until(advanced(call), TO).open("deposer_rapport")
    assert step.extensions["member"] == "U-42"
    assert step.extensions["deadline"] == dt.datetime(2026, 3, 16, 23, 59, tzinfo=dt.UTC)
    assert jobs(call, "obligation.open")[-1]["interdit_apres"] == dt.datetime(2026, 3, 26, 23, 59, tzinfo=dt.UTC)
    call.do("deposer_rapport", mission_faite="realisee")
    assert call.open("valider_rapport").extensions["member"] == "U-36"
    call.do("valider_rapport", resultat_valider_rapport="renvoye")
    assert jobs(call, "obligation.open")[-1]["depuis"] == dt.date(2026, 3, 7)
    reported(call).do("justifier_depenses", montant_justifie=1_500_000, reste_a_reverser=0)
    call.do("liquider_solde", resultat_liquider_solde="renvoye")
    call.do("justifier_depenses", montant_justifie=1_500_000, reste_a_reverser=0)
    call.do("liquider_solde", resultat_liquider_solde="liquide", solde_mission=140_000)
    call.do("verifier_condition_tranche", condition_remplie=True).do(
        "certifier_service_fait", service_conforme=True, montant_constate=140_000
    )
    call.do("liquider", n_facture="F-2", montant_liquide=140_000).do("ordonnancer", resultat_ordonnancer="signe")
    assert call.say("MSG_PAYE", "M-1", date_paiement=dt.date(2026, 4, 20), ref_paiement="V-2")
    call.do("confirmer_reception", date_reception=dt.date(2026, 4, 21))
    assert jobs(call, "obligation.clear")[-1] == {"obligation": "avance_mission"}
    assert call.jobs[-1][0] == "funding.decommit" and call.result == "realisee"


@path
def partly_done_and_money_left():
    call = reported(back(), "partielle").do("justifier_depenses", montant_justifie=1_000_000, reste_a_reverser=360_000)
    call.do("liquider_solde", resultat_liquider_solde="liquide", solde_mission=0)
    assert jobs(call, "payment.justify") == [{"engagement_id": "E-1", "montant_justifie": 1_000_000, "montant_reverse": 360_000}]
    assert call.result == "partielle"


@path
def a_late_report_is_reminded_of_barred_and_leads_to_a_recovery_order():
    call = back()
    assert until(call, dt.date(2026, 3, 15)).sent[-1][0] != "rappel_rapport"
    assert until(call, dt.date(2026, 3, 16)).sent[-1] == ("rappel_rapport", "U-42")
    assert until(call, dt.date(2026, 3, 26)).sent[-1] == ("blocage_mission", ["secretaire_general", "delegue_general"])
    assert until(call, dt.date(2026, 4, 5)).steps == ["deposer_rapport", "proposer_recouvrement"]
    call.do("proposer_recouvrement", resultat_proposer_recouvrement="propose", avance_a_recouvrer=1_360_000)
    assert call.sent[-1] == ("recouvrement_mission", "directeur_dfm")
    assert reported(call).steps == ["justifier_depenses"]
    postponed = until(back(), dt.date(2026, 4, 5)).do("proposer_recouvrement", resultat_proposer_recouvrement="surseoir")
    assert postponed.steps == ["deposer_rapport"]
    withdrawn = until(back(), dt.date(2026, 4, 5))
    assert reported(withdrawn).steps == ["justifier_depenses"], "the report has come: the proposal goes away"


@path
def cut_short():
    call = advanced(signed())
    call.now = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)
    assert not call.say("MSG_MISSION_ARRETEE", "OM-2", arret_mission="interrompue")
    assert call.say("MSG_MISSION_ARRETEE", KEY, arret_mission="interrompue", date_retour=dt.date(2026, 3, 3))
    assert call.open("deposer_rapport").extensions["deadline"] == dt.datetime(2026, 3, 13, 23, 59, tzinfo=dt.UTC)


@path
def cancelled_before_and_after_the_advance():
    call = advanced(signed())
    assert call.say("MSG_MISSION_ARRETEE", KEY, arret_mission="annulee")
    call.do("justifier_depenses", montant_justifie=0, reste_a_reverser=1_360_000)
    assert call.do("liquider_solde", resultat_liquider_solde="liquide", solde_mission=0).result == "annulee"
    early = signed()
    assert early.say("MSG_MISSION_ARRETEE", KEY, arret_mission="annulee")
    early.do("liquider", n_facture="F-1", montant_liquide=1_360_000).do("ordonnancer", resultat_ordonnancer="signe")
    assert early.say("MSG_PAIEMENT_REJETE", "M-1", motif_rejet="rib")
    assert early.do("corriger_mandat", resultat_corriger_mandat="abandonne").result == "annulee"
