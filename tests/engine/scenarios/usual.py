"""Who pays, where the body rests, what the family wants, how long the morgue keeps it."""

from __future__ import annotations

import datetime as dt

from tests.engine.case import BEGIN, Case
from tests.engine.scenarios.acts import closed, deed, effects, file, freight, funded, informed, journey, opened, seek, will
from workflows.engine import runtime
from workflows.outcome import Traced


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
    case.wait(days=7)
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
    for _ in (1, 2):
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
