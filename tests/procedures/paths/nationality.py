"""SP-NAT."""

import datetime as dt

from tests.procedures.paths import path
from tests.procedures.shared import Call

NONE = {"source_preuve": "aucune", "preuve_autre_nationalite": False}
CALM = {"demande_asile": "non", "consentement_contact": True}


def nationality(**inputs) -> Call:
    return Call("sp_nat", outputs=("resultat", "presomption"), personne="P-9", **inputs)


def talked(witnesses: int, places: int, priorite="P3", **more) -> Call:
    people = [{"nom": "X", "concordant": True}] * witnesses
    call = nationality(priorite=priorite).do("rechercher_registres", **NONE)
    return call.do("entretien_nationalite", temoins=people, connaissance_lieux=places, **{**CALM, **more})


@path
def proven_by_a_verified_paper():
    call = nationality()
    assert call.jobs[0] == ("person.registers", {"personne": "P-9"})
    call.do("rechercher_registres", source_preuve="carte_nina", preuve_verifiee=True, preuve_copie=False)
    assert call.jobs[-1] == ("person.nationality", {"personne": "P-9", "statut_nationalite": "etablie"})
    assert call.result == "etablie"


@path
def presumed_after_the_interview():
    call = talked(2, 2)
    assert call.open("statuer_nationalite").lane == "Chef de poste" and call.fact["presomption"]["statut"] == "presumee"
    assert call.do("statuer_nationalite", statut_nationalite="presumee").result == "presumee"


@path
def the_home_commune_answers():
    call = talked(0, 1)
    assert call.sent == [("consultation_origine", "agent_antenne")] and call.awaited == ["attendre_origine"]
    assert call.say("MSG_REPONSE_ORIGINE", "COR-1/origine", resultat_consulter_origine="confirme")
    assert call.fact["resultat_consulter_origine"] == "confirme"
    assert call.do("statuer_nationalite", statut_nationalite="presumee").result == "presumee"


@path
def the_home_commune_is_silent():
    call = talked(1, 2)
    assert call.due("cinq_jours") == call.now + dt.timedelta(days=5)
    assert call.wait(days=5).do("statuer_nationalite", statut_nationalite="contestee").result == "contestee"


@path
def doubt_benefits_the_person_in_an_emergency():
    assert talked(1, 2, "P1").steps == ["statuer_nationalite"]


@path
def an_asylum_seeker_is_protected():
    call = talked(0, 1, demande_asile="en_cours", consentement_contact=False)
    assert call.jobs[-1] == ("case.confidentiality", {"niveau": "C4"})
    assert call.steps == ["statuer_nationalite"], "nobody is asked without consent"
    assert talked(0, 1, demande_asile="protege", consentement_contact=True).awaited == ["attendre_origine"]
    assert call.do("statuer_nationalite", statut_nationalite="non_malienne").result == "non_malienne"
