"""What goes wrong, and how the procedure goes on."""

from __future__ import annotations

import datetime as dt

from tests.engine.case import BEGIN, Case
from tests.engine.scenarios.acts import closed, deed, effects, file, freight, informed, journey, landed, opened, seek, will
from workflows.engine import runtime
from workflows.outcome import Message


def refused_once(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case)
    for round_ in (1, 2):
        case.do("preparer_demande")
        case.do("controler_disponibilite", disponible=True)
        case.do("donner_avis", avis="defavorable")
        case.do("donner_avis", avis="reserve")
        case.do("decider_financement", decision_financement="refuser")
        case.do("notifier_refus")
        if round_ == 1:
            case.do("proposer_alternative")
            will(case)
            seek(case)
    assert case.steps == ["arbitrer_refus"] and case.case["alternatives_n"] == 1
    case.do("arbitrer_refus", choix_famille="inhumation_locale")
    assert case.steps == ["organiser_inhumation_locale"]


def withdrawn(case: Case) -> None:
    """An interrupting event subprocess inside a called process."""
    opened(case)
    informed(case)
    will(case)
    seek(case)
    case.do("preparer_demande")
    case.do("controler_disponibilite", disponible=True)
    assert (
        case.say("MSG_RETRAIT")
        and case.case["financement"] == "annule"
        and "donner_avis" not in case.steps
        and "proposer_alternative" in case.steps
    )


def wrong_identity(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    will(case)
    seek(case, covered="oui")
    file(case)
    freight(case)
    case.do("assister_mise_en_biere", identite_conforme=False)
    assert case.steps == ["confirmer_identite"], case.steps
    case.do("confirmer_identite", certitude="probable")
    case.do("moyens_supplementaires")
    case.do("confirmer_identite", certitude="certaine")
    assert case.steps == ["assister_mise_en_biere", "mettre_en_surete_effets"]  # what is done stays done
    journey(case)
    effects(case)
    closed(case, paid=False)


def mind_changed(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui")
    case.do("choisir_pompes_funebres")
    assert case.say("MSG_FAMILLE_CHANGE_AVIS") and case.steps == ["recueillir_avis"]
    case.do("recueillir_avis", choix_famille="rapatriement")
    assert case.steps == ["choisir_pompes_funebres"]
    assert case.say("MSG_FAMILLE_CHANGE_AVIS") and case.steps == ["recueillir_avis"]
    case.do("recueillir_avis", choix_famille="inhumation_locale")
    assert case.steps == ["organiser_inhumation_locale"]


def mind_changed_late(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui")
    file(case)
    freight(case)
    case.do("assister_mise_en_biere", identite_conforme=True)
    for _ in (1, 2):  # as often as they like
        assert case.say("MSG_FAMILLE_CHANGE_AVIS") and "trancher_avis" in case.steps
    case.do("trancher_avis", decision_tardive="maintenir")
    landed(case)
    assert case.steps == ["trancher_avis"]  # an open side step keeps its process open
    case.do("trancher_avis", decision_tardive="maintenir")
    closed(case, paid=False)


def second_autopsy(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui")
    file(case)
    freight(case)
    case.do("assister_mise_en_biere", identite_conforme=True)
    assert case.steps == ["confirmer_depart", "preparer_arrivee"]
    for _ in (1, 2):  # and a third: the host is entered again without doubling
        assert case.say("MSG_SECONDE_AUTOPSIE") and case.steps == ["suspendre_autorisation"]
        case.do("suspendre_autorisation")
        case.say("MSG_MAINLEVEE_PARQUET")
        case.do("reprendre_reservation")
        assert case.steps == ["confirmer_depart", "preparer_arrivee"], case.steps
    landed(case)
    closed(case, paid=False)


def already_buried(case: Case) -> None:
    opened(case)
    informed(case)
    will(case)
    assert case.say("MSG_DEJA_INHUME") and case.steps == ["reunir_preuves"]
    case.do("reunir_preuves", cimetiere="Thiais")
    closed(case, paid=False)


def epidemic(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    will(case)
    assert case.say("MSG_EPIDEMIE") and case.steps == ["appliquer_mode"] and case.case["mode_admis"] == "zinc_hermetique"
    case.do("appliquer_mode", choix_famille="inhumation_locale")
    assert case.steps == ["mettre_en_surete_effets", "organiser_inhumation_locale"]
    assert case.say("MSG_EPIDEMIE")  # again, in the second round
    assert case.steps == ["appliquer_mode"]


def late_payer(case: Case) -> None:
    opened(case)
    informed(case)
    will(case)
    seek(case)
    assert case.say("MSG_PRISE_EN_CHARGE", couverture="oui", montant_couvert=2_400_000) and "degager_part" in case.steps
    assert case.case["couverture"] == "oui"


def given_up(case: Case) -> None:
    opened(case)
    informed(case)
    out = runtime.cancel(case.definition, case.state, case.facts, case.now)
    assert out.ended == "cancelled" and len(out.closed) == len(case.last.open) and not out.timers
    again = runtime.deliver(case.definition, out.state, {"": {}}, case.now, Message("x", "MSG_FAMILLE_CHANGE_AVIS", {}, "COR-1"))
    assert not again.taken and not again.open and again.ended


def troubled_journey(case: Case) -> None:
    """Late, not on board, then with broken seals."""
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui")
    file(case)
    freight(case)
    case.do("assister_mise_en_biere", identite_conforme=True)
    case.do("preparer_arrivee")
    case.do("confirmer_depart")
    assert case.due("ETA + 6 h") == [case.case["eta"] + dt.timedelta(hours=6)]
    assert [e.element for e in case.wait(days=2, hours=6).effects] == ["alerte_retard"]
    case.do("constater_arrivee", constat="pas_a_bord")
    case.do("incident_transport", type_incident="non_embarque")
    case.do("constater_arrivee", constat="scelles_rompus")
    case.do("pv_scelles")
    case.do("remettre_corps")
    case.do("confirmer_inhumation")
    closed(case, paid=False)


def unidentified(case: Case) -> None:
    case.do(
        "enregistrer_deces",
        limite_morgue=BEGIN + dt.timedelta(days=90),
        procedure_judiciaire="inconnu",
        cause_declaree="inconnue",
        zone="route",
    )
    case.do("confirmer_identite", certitude="probable")
    case.wait(days=15)
    assert case.steps == ["ouvrir_recherche"]
    case.do("ouvrir_recherche")
    case.do("rediger_saisine", saisine_id="S-1")
    case.do("signer_saisine")
    case.wait(days=30)  # three reminders at once, then a person decides
    assert case.sent == ["ext_rappel"] * 3 and case.steps == ["decider_sans_reponse"]
    case.do("decider_sans_reponse", suite_sans_reponse="relancer")
    assert case.say("MSG_REPONSE_EXTERNE", key="S-1", sens="partielle") and case.case["reponse_differer"] == "partielle"
    assert case.steps == ["identifier_proche", "mettre_en_surete_effets", "suivre_enquete"]


def funding_troubles(case: Case) -> None:
    """No credit, returned, partial, not visaed, forgotten."""
    opened(case)
    informed(case)
    will(case)
    seek(case)
    case.do("preparer_demande")
    case.do("controler_disponibilite", disponible=False)
    case.do("choisir_suite", suite="virement")
    case.do("demander_virement")
    case.do("controler_disponibilite", disponible=True)
    case.do("donner_avis", avis="reserve")
    case.do("donner_avis", avis="favorable")
    case.do("decider_financement", decision_financement="renvoyer")
    case.do("preparer_demande")
    case.do("controler_disponibilite", disponible=False)
    case.do("choisir_suite", suite="differer")
    assert case.say("MSG_LIGNE_OUVERTE")
    case.do("controler_disponibilite", disponible=True)
    case.do("donner_avis", avis="favorable")
    case.do("donner_avis", avis="favorable")
    case.do("decider_financement", decision_financement="accorder_partiel", montant_accorde=900_000)
    case.do("accepter_partiel", accepte=True)
    case.do("engager", engagement_id="E-1")
    assert case.say("MSG_ENGAGEMENT_REJETE", key="E-1")
    case.do("corriger_engagement", engagement_id="E-2")
    case.wait(days=3)
    case.do("relancer_visa")
    assert not case.say("MSG_ENGAGEMENT_VISE", key="E-1") and case.say("MSG_ENGAGEMENT_VISE", key="E-2")
    assert case.case["financement"] == "accorde" and case.case["montant_accorde"] == 900_000 and "choisir_pompes_funebres" in case.steps
