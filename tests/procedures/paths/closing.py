"""SP-CLO."""

from tests.procedures.paths import path
from tests.procedures.shared import Call


def closing(paid=0, **header) -> Call:
    checklist = {"points": [{"point": "Effets remis", "ok": True}], "liste_controle_ok": True, "total_paye_dossier": paid}
    return Call("sp_clo", {"case.checklist": checklist}, ("resultat", "issue"), **header)


@path
def closed():
    call = closing()
    said = call.open("proposer_cloture").extensions
    assert said["assignee"] == "U-32" and said["status"] == "suivi" and call.fact["liste_controle"][0]["ok"] is True
    call.do("proposer_cloture", issue="rapatrie", motif_issue="Volonté exécutée")
    said = call.open("valider_cloture").extensions
    assert said["role"] == "delegue_general" and said["four_eyes"] == "proposer_cloture"
    call.do("valider_cloture", decision_cloture="clore")
    assert call.jobs[-1] == ("case.close", {"issue": "rapatrie", "motif_issue": "Volonté exécutée", "derogation_motif": None})
    assert call.sent == [("satisfaction", "P-7")] and call.result == "clos" and call.facts[""]["rendu_issue"] == "rapatrie"


@path
def sent_back_the_list_is_made_anew():
    call = closing().do("proposer_cloture", issue="rapatrie", motif_issue="x").do("valider_cloture", decision_cloture="renvoyer")
    assert call.steps == ["proposer_cloture"] and [job for job, _ in call.jobs] == ["case.checklist"] * 2


@path
def who_validates():
    for header, role in (
        ({"confidentialite": "C2"}, "chef_departement"),
        ({"confidentialite": "C2", "paid": 1_000_001}, "delegue_general"),
    ):
        call = closing(**header).do("proposer_cloture", issue="rapatrie", motif_issue="x")
        assert call.open("valider_cloture").extensions["role"] == role
