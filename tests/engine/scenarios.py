"""COR from start to end, by the paths that the dossier tells. Every act goes through bytes; facts go through JSON."""

from __future__ import annotations

import datetime as dt

from tests.engine.case import BEGIN, Case
from workflows.engine import runtime
from workflows.outcome import Message, Traced


def opened(case: Case, enquete: str = "non", **more) -> None:
    case.do(
        "enregistrer_deces",
        limite_morgue=BEGIN + dt.timedelta(days=10),
        cause_declaree="maladie",
        maladie_contagieuse="non",
        procedure_judiciaire=enquete,
        pays_interdit_transfert=False,
        distance_frontiere_km=3000,
        zone="air_hors_afrique",
        **more,
    )
    case.do("confirmer_identite", certitude="certaine")


def informed(case: Case) -> None:
    case.do("identifier_proche", proche_trouve=True, annonceur="social")
    case.do("annoncer", famille_jointe=True)


def deed(case: Case) -> None:
    """Branch B: the local deed comes in and is transcribed."""
    assert case.say("MSG_PIECE_RECUE", key="COR-1/acte", piece="acte_deces")
    case.do("verifier_piece", conforme=True)
    case.do("transcrire_deces", n_acte_consulaire="D-12")


def effects(case: Case) -> None:
    case.do("mettre_en_surete_effets", double_signature="A, B")
    case.do("remettre_effets", remis_a="P-14")


def file(case: Case) -> None:
    """Funeral firm, documents, authorisation; the freight is then asked for."""
    case.do("choisir_pompes_funebres", montant_devis=1_900_000)
    for piece in case.case["pieces_requises"]:
        assert case.say("MSG_PIECE_RECUE", key="COR-1/transfert", piece=piece), piece
        case.do("verifier_piece", conforme=True)
    case.do("delivrer_autorisation", itineraire="Paris - Bamako")


def freight(case: Case) -> None:
    assert case.say("MSG_LTA_CONFIRMEE", lta="123-45678902", eta=case.now + dt.timedelta(days=2))


def journey(case: Case) -> None:
    case.do("assister_mise_en_biere", identite_conforme=True)
    landed(case)


def landed(case: Case) -> None:
    case.do("preparer_arrivee", corbillard=True)
    case.do("confirmer_depart", scelles_intacts_depart=True)
    case.do("constater_arrivee", constat="conforme")
    case.do("remettre_corps", receveur="P-14")
    case.do("confirmer_inhumation", lieu_inhumation_reel="M'Pessoba")


def funded(case: Case, amount: int = 2_000_000) -> None:
    case.do("preparer_demande", objet_depense="transfert")
    case.do("controler_disponibilite", disponible=True)
    while "donner_avis" in case.steps:
        case.do("donner_avis", avis="favorable")
    case.do("decider_financement", decision_financement="accorder", montant_accorde=amount)
    case.do("engager", engagement_id="E-7")
    assert not case.say("MSG_ENGAGEMENT_VISE", key="E-8")  # of another commitment
    assert case.say("MSG_ENGAGEMENT_VISE", key="E-7")


def closed(case: Case, paid: bool) -> None:
    assert ("payer" in case.steps) == paid, case.steps
    if paid:
        case.do("payer")
    case.do("clore")
    assert case.last.ended == "completed" and not case.last.open and not case.last.timers, case.last


def will(case: Case, choice: str = "rapatriement", **more) -> None:
    case.do("recueillir_volonte", choix_famille=choice, participation_famille=200_000, **more)


def seek(case: Case, score: int = 7, covered: str = "non", amount: int = 0) -> None:
    case.do("rechercher_financement", cout_total_estime=2_400_000, indigence_score=score, couverture=covered, montant_couvert=amount)


# ---------------------------------------------------------------- the paths
def paid_by_the_state(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case)
    assert (
        case.case["part_etat"] == 2_200_000
        and Traced("rule", "fixer_part", {"rows": {"cor_financement": [5]}, "value": 2_200_000}, "cor_financer") in case.log
    )
    assert case.steps == ["preparer_demande"]
    funded(case)
    assert case.case["financement"] == "accorde" and case.case["montant_accorde"] == 2_000_000
    file(case)
    freight(case)
    journey(case)
    closed(case, paid=True)


def opinions(case: Case) -> None:
    """Several opinions at once, one missing at the deadline: those given are kept."""
    opened(case)
    informed(case)
    will(case)
    seek(case)
    case.do("preparer_demande")
    case.do("controler_disponibilite", disponible=True)
    assert case.steps.count("donner_avis") == 2
    second = [t for t in case.last.open if t.step == "donner_avis"][1]
    case.apply(runtime.complete, second.id, {"avis": "reserve"})
    scope = next(t.scope for t in case.last.open if t.step == "donner_avis")
    assert case.facts[scope]["avis_recus"] == [None, {"de": "agent_social", "avis": "reserve"}]
    case.wait(days=3)
    assert "donner_avis" not in case.steps and "decider_financement" in case.steps
    assert case.facts[scope]["avis_recus"][1]["avis"] == "reserve"
    case.wait(days=16)  # three reminders, then silence; the boundary of the frame has fired too
    assert case.passed("retard_decision") == 3 and "decision_urgence_morgue" in case.steps


def insurance(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui", amount=2_400_000)
    assert case.case["part_etat"] == 0 and case.steps == ["choisir_pompes_funebres"]
    file(case)
    freight(case)
    journey(case)
    closed(case, paid=False)


def local_burial(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    will(case, "inhumation_locale")
    assert "organiser_inhumation_locale" in case.steps
    case.do("organiser_inhumation_locale", cimetiere="Thiais", cout_inhumation=650_000)
    assert case.case["part_etat"] == 500_000
    case.do("preparer_demande")
    case.do("controler_disponibilite", disponible=True)
    case.do("decider_financement", decision_financement="accorder", montant_accorde=500_000)
    case.do("engager", engagement_id="E-1")
    case.say("MSG_ENGAGEMENT_VISE", key="E-1")
    case.do("transmettre_preuves")
    effects(case)
    closed(case, paid=True)


def limit_extended(case: Case) -> None:
    """The limit drives reminders; an extension moves them and they fire anew."""
    opened(case)
    informed(case)
    assert case.due("limite - 5 j") == [BEGIN + dt.timedelta(days=5)]
    case.wait(days=5)
    assert "rappeler_limite" in case.sent
    case.wait(days=3)
    assert "rediger_saisine" in case.steps  # two days before: the extension is asked for
    case.do("rediger_saisine", saisine_id="S-1")
    case.do("signer_saisine")
    assert not case.say("MSG_REPONSE_EXTERNE", key="S-9", sens="defavorable")
    assert case.say("MSG_REPONSE_EXTERNE", key="S-1", sens="favorable", date_reponse=BEGIN + dt.timedelta(days=20))
    assert case.case["limite_morgue"] == BEGIN + dt.timedelta(days=20)
    assert case.due("limite - 12 h") == [BEGIN + dt.timedelta(days=19, hours=12)]
    assert case.due("limite - 5 j") == [BEGIN + dt.timedelta(days=15)]
    out = case.wait(days=7)
    assert "rappeler_limite" in case.sent, "the reminder of the new limit"
    case.set(limite_morgue=BEGIN + dt.timedelta(days=30))  # corrected by hand
    assert case.due("limite - 2 j") == [BEGIN + dt.timedelta(days=28)]
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui")
    file(case)
    freight(case)
    case.do("assister_mise_en_biere", identite_conforme=True)
    case.do("confirmer_depart")
    assert case.due("limite - 2 j") == [None]  # the body has left: the limit no longer counts
    case.do("preparer_arrivee")
    case.do("constater_arrivee", constat="conforme")
    case.do("remettre_corps")
    case.do("confirmer_inhumation")
    closed(case, paid=False)


def disagreement(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case, "desaccord")
    case.do("concilier_famille", resultat_conciliation="echec")
    will(case, "desaccord")
    assert case.steps == ["concilier_famille"]
    case.wait(days=8, hours=1)  # two days before the limit the first rank decides
    assert "appliquer_rang" in case.steps and "concilier_famille" not in case.steps
    case.do("appliquer_rang", choix_famille="rapatriement")
    assert "rechercher_financement" in case.steps


def no_family(case: Case) -> None:
    opened(case)
    case.do("identifier_proche", proche_trouve=False)
    case.wait(days=10, hours=1)  # nobody found within ten days; the limit is reached as well
    assert case.case["famille"] == "introuvable" and {"decider_sans_famille", "incident_garde", "decision_urgence_morgue"} <= set(
        case.steps
    )
    case.do("incident_garde")
    case.do("decision_urgence_morgue", decision_urgence="prolonger")
    case.do("decider_sans_famille", decision_sans_famille="attendre")
    assert case.steps.count("rediger_saisine") == 2  # two requests to the same authority, at once
    case.do("rediger_saisine", saisine_id="S-1")
    case.do("rediger_saisine", saisine_id="S-2")
    case.do("signer_saisine")
    case.do("signer_saisine")
    assert case.say("MSG_REPONSE_EXTERNE", key="S-2", sens="favorable", date_reponse=BEGIN + dt.timedelta(days=25))
    assert case.last.waiting.count("MSG_REPONSE_EXTERNE") == 1 and not case.say("MSG_REPONSE_EXTERNE", key="S-2", sens="defavorable")
    assert case.say("MSG_REPONSE_EXTERNE", key="S-1", sens="defavorable")
    for step in ("decider_sans_prolongation", "decider_sans_famille"):
        case.do(
            step,
            **{"decision_sans_famille": "inhumation_locale"}
            if step == "decider_sans_famille"
            else {"decision_urgence": "inhumation_locale"},
        )
    assert case.case["choix_famille"] == "inhumation_locale"
    case.do("organiser_inhumation_locale", cout_inhumation=0)
    case.do("transmettre_preuves")
    deed(case)
    effects(case)
    closed(case, paid=False)


def judicial_inquiry(case: Case) -> None:
    opened(case, enquete="en_cours")
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui")
    file(case)
    freight(case)
    assert case.steps == ["suivre_enquete"]  # the coffin waits for the prosecutor
    case.wait(days=15)
    assert case.passed("note_verbale") == 0 and case.passed("chaque_semaine") == 2
    assert not case.say("MSG_MAINLEVEE_PARQUET", le="2026-02-24")  # before its step waits: kept
    case.do("suivre_enquete", autopsie="oui")
    assert case.last.taken and case.case["mainlevee_le"] == "2026-02-24" and "assister_mise_en_biere" in case.steps
    case.do("assister_mise_en_biere", identite_conforme=True)


def freight_refused(case: Case) -> None:
    opened(case)
    informed(case)
    deed(case)
    effects(case)
    will(case)
    seek(case, covered="oui")
    file(case)
    for n in (1, 2):
        case.say("MSG_FRET_REFUSE", motif="capacite")
        case.do("alternative_transport", solution_transport="vol_suivant")
    case.say("MSG_FRET_REFUSE", motif="prix")
    assert case.case["tentatives"] == 3 and case.steps == ["arbitrer_transport"]
    case.do("arbitrer_transport", solution_transport="autre_compagnie")
    case.wait(days=2)
    case.do("relancer_transporteur")
    freight(case)
    journey(case)
    assert "clore" in case.steps


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
    for n in (1, 2):  # and a third: the host is entered again without doubling
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
    out = case.wait(days=30)  # three reminders at once, then a person decides
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


ALL = [
    paid_by_the_state,
    opinions,
    insurance,
    local_burial,
    limit_extended,
    disagreement,
    no_family,
    judicial_inquiry,
    freight_refused,
    refused_once,
    withdrawn,
    wrong_identity,
    mind_changed,
    mind_changed_late,
    second_autopsy,
    already_buried,
    epidemic,
    late_payer,
    given_up,
    troubled_journey,
    unidentified,
    funding_troubles,
]
