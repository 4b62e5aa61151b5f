"""What happens in every death abroad, in the order in which it usually does."""

from __future__ import annotations

import datetime as dt

from tests.engine.case import BEGIN, Case


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
