"""SP-FAM."""

from tests.procedures.paths import path
from tests.procedures.shared import Call

FATHER = {"proche_trouve": True, "proche": "P-1", "lien_proche": "pere_mere"}


def family(**inputs) -> Call:
    given = {"deces": True, "consentement_famille": None, "mineur": None, "tuteur_suspect": None}
    return Call("sp_fam", outputs=("resultat", "porte_parole", "rang"), **{**given, **inputs})


@path
def told_at_once():
    call = family(priorite="P1").do("identifier_proche", **FATHER)
    step = call.open("annoncer")
    assert (step.extensions["role"], step.extensions["deadline"]) == ("agent_social", "24 h")
    call.do("annoncer", famille_jointe=True, porte_parole="P-1")
    assert call.result == "informee"
    assert call.facts[""]["rendu_rang"] == 2 and call.facts[""]["rendu_porte_parole"] == "P-1"
    assert call.sent == [("confirmation_famille", "P-1")]


@path
def the_rank_that_the_agent_keeps_wins_over_the_table():
    call = family().do("identifier_proche", **{**FATHER, "rang": 1})
    assert call.fact["rang"] == 1 and call.fact["rang_propose"] == 2


@path
def several_wives_are_told_one_after_the_other():
    call = family().do(
        "identifier_proche", proche_trouve=True, proche="P-1", lien_proche="conjoint", co_proches=[{"proche": "P-2"}], annonceur="poste"
    )
    assert call.open("annoncer").extensions["role"] == "chef_poste"
    call.do("annoncer", famille_jointe=True, porte_parole="P-1")
    assert call.steps == ["annoncer"] and call.fact["proches_a_informer"] == ["P-2"]
    call.do("annoncer", famille_jointe=True, porte_parole="P-1")
    assert call.result == "informee"


@path
def three_tries_on_one_day_do_not_count_then_second_relative_then_visit():
    call = family().do("identifier_proche", **FATHER)
    for _ in range(4):
        call.do("annoncer", famille_jointe=False, date_annonce=call.now)
        assert call.steps == ["annoncer"], "one day is not two"
    call.wait(days=1).do("annoncer", famille_jointe=False, date_annonce=call.now)
    assert call.steps == ["identifier_proche"], "the second relative"
    call.do("identifier_proche", proche_trouve=True, proche="P-2", lien_proche="fratrie")
    for _ in range(2):
        call.do("annoncer", famille_jointe=False, date_annonce=call.now)
    call.wait(days=1).do("annoncer", famille_jointe=False, date_annonce=None)
    assert call.steps == ["visite_autorite"]
    call.do("visite_autorite", famille_jointe=True, porte_parole="P-2")
    assert call.result == "informee"


@path
def the_visit_finds_nobody():
    call = family().do("identifier_proche", **FATHER)
    for _ in range(2):
        for _ in range(2):
            call.do("annoncer", famille_jointe=False, date_annonce=call.now)
        call.wait(days=1).do("annoncer", famille_jointe=False, date_annonce=call.now)
        if "identifier_proche" in call.steps:
            call.do("identifier_proche", **FATHER)
    call.do("visite_autorite", famille_jointe=False)
    assert call.result == "introuvable"


@path
def searched_and_found():
    call = family().do("identifier_proche", proche_trouve=False)
    assert call.open("rechercher_proche").lane == "Agent d'antenne"
    call.do("rechercher_proche", resultat_rechercher_proche="trouve")
    assert call.steps == ["identifier_proche"]


@path
def searched_in_vain():
    call = family().do("identifier_proche", proche_trouve=False).do("rechercher_proche", resultat_rechercher_proche="introuvable")
    assert call.result == "introuvable"


@path
def ten_days_of_search_end_it():
    call = family().do("identifier_proche", proche_trouve=False).wait(days=9)
    assert call.steps == ["rechercher_proche"]
    assert call.wait(days=1).result == "introuvable"


@path
def a_living_person_must_agree():
    assert family(deces=False).result == "non_autorise"
    assert family(deces=False, consentement_famille="oui").steps == ["identifier_proche"]


@path
def of_a_minor_the_guardian_is_told_unless_suspected():
    assert family(deces=False, mineur=True).steps == ["identifier_proche"]
    assert family(deces=False, mineur=True, tuteur_suspect=True).result == "non_autorise"
