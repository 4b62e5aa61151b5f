"""SP-DOC."""

from tests.procedures.paths import path
from tests.procedures.shared import Call

KEY = "COR-1/transfert"


def documents(*pieces, known=(), **inputs) -> Call:
    given = {"pieces": list(pieces), "demande_id": KEY, "delai_j": None, "relances_max": None, "personne": "P-9"}
    found = {"document.reuse": {"pieces_connues": [{"type_piece": one, "document": 7} for one in known]}}
    return Call("sp_doc", found, outputs=("resultat", "pieces_ok"), **{**given, **inputs})


def bring(call: Call, piece: str, **verdict) -> Call:
    assert call.say("MSG_PIECE_RECUE", KEY, piece=piece, piece_recue=12)
    return call.do("verifier_piece", **{"conforme": True, "traduction_requise": False, **verdict})


@path
def complete():
    call = documents("acte_deces", {"type_piece": "pouvoir"}, {"type_piece": "photo", "obligatoire": False})
    assert call.sent == [("demande_pieces", "P-7")] and call.fact["pieces_manquantes"] == ["acte_deces", "pouvoir"]
    assert not call.say("MSG_PIECE_RECUE", "COR-1/autre", piece="acte_deces"), "of another collection"
    bring(call, "acte_deces")
    assert call.last.awaited[0].extensions["status"] == "attente_complement"
    bring(call, "pouvoir")
    assert call.result == "complet" and call.facts[""]["rendu_pieces_ok"] == ["acte_deces", "pouvoir"]


@path
def an_alternative_will_do():
    call = documents({"type_piece": "acte_deces", "alternatives": ["certificat_notoriete"]})
    assert bring(call, "certificat_notoriete").result == "complet"


@path
def nothing_to_collect():
    assert documents().result == "complet"


@path
def what_the_person_gave_elsewhere_is_proposed_and_checked():
    call = documents("cni", "acte_deces", known=("cni", "acte_deces"))
    assert call.jobs[0][1]["personne"] == "P-9" and call.fact["piece"] == "cni"
    call.do("verifier_piece", conforme=True)
    assert call.fact["piece"] == "acte_deces"
    call.do("verifier_piece", conforme=False, motif_non_conformite="perimee")
    assert call.awaited == ["attendre_pieces"] and call.fact["pieces_manquantes"] == ["acte_deces"]
    assert bring(call, "acte_deces").result == "complet"


@path
def an_unreadable_piece_is_asked_again():
    call = bring(documents("cni"), "cni", conforme=False, motif_non_conformite="illisible")
    assert call.sent == [("demande_pieces", "P-7")] * 2
    assert bring(call, "cni").result == "complet"


@path
def a_translation_is_asked_for():
    call = bring(documents("acte_deces"), "acte_deces", traduction_requise=True)
    assert call.fact["pieces_manquantes"] == ["acte_deces_traduction"]
    assert bring(call, "acte_deces_traduction").result == "complet"


def suspected() -> Call:
    call = bring(documents("cni"), "cni", conforme=False, motif_non_conformite="faux_suspect")
    assert call.jobs[-1] == ("payment.freeze", {"gel": True, "motif": "faux_suspect"})
    step = call.open("examiner_faux")
    assert step.extensions["role"] == "chef_poste" and step.extensions["four_eyes"] == "verifier_piece"
    return call


@path
def suspected_but_genuine():
    call = suspected().do("examiner_faux", resultat_examiner_faux="authentique")
    assert call.jobs[-1][0] == "document.verified" and call.jobs[-2] == ("payment.freeze", {"gel": False, "motif": "faux_suspect"})
    assert call.result == "complet"


@path
def suspected_and_another_one_asked():
    call = suspected().do("examiner_faux", resultat_examiner_faux="autre_piece")
    assert bring(call, "cni").result == "complet"


@path
def a_forgery_keeps_payments_frozen():
    call = suspected().do("examiner_faux", resultat_examiner_faux="faux_confirme")
    assert call.result == "abandon" and call.jobs[-1][1]["gel"] is True


def waited(call: Call) -> Call:
    """15 days, two reminders of 15 days."""
    for reminders in (1, 2):
        call.wait(days=15)
        assert call.fact["relances"] == reminders and call.awaited == ["attendre_pieces"]
    return call.wait(days=15)


@path
def two_reminders_then_dispensed():
    call = waited(documents("cni"))
    assert call.sent == [("demande_pieces", "P-7")] * 3
    assert call.open("decider_suite_incomplet").extensions["role"] == "chef_poste"
    assert call.do("decider_suite_incomplet", suite_incomplet="dispense").result == "complet_avec_dispense"


@path
def prolonged_then_filed():
    call = waited(documents({"type_piece": "facture", "dispense_possible": False}, au_poste=False))
    assert call.fact["piece_comptable"] is True, "the form then refuses to dispense with it"
    assert call.open("decider_suite_incomplet").extensions["role"] == "chef_departement"
    call.do("decider_suite_incomplet", suite_incomplet="prolonger")
    assert call.awaited == ["attendre_pieces"] and call.fact["prolongations"] == 1, "the form then refuses another time"
    assert call.wait(days=15).do("decider_suite_incomplet", suite_incomplet="classer").result == "abandon"


@path
def the_caller_sets_the_time_and_the_reminders():
    call = documents("cni", delai_j=5, relances_max=0).wait(days=5)
    assert call.steps == ["decider_suite_incomplet"]
