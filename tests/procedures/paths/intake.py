"""SP-REC."""

import datetime as dt

from tests.procedures.paths import path
from tests.procedures.shared import Call


def intake(**inputs) -> Call:
    answers = {"person.duplicates": {"doublons": ["COR-ABJ-2026-00001"], "doublons_n": 1}}
    return Call("sp_rec", answers, personne="P-9", pieces=["cni"], **inputs)


@path
def admissible():
    call = intake()
    assert call.fact["doublons"] == ["COR-ABJ-2026-00001"]
    assert call.open("examiner_recevabilite").extensions["role"] == "agent_consulaire"
    assert intake(au_poste=False).open("examiner_recevabilite").extensions["role"] == "gestionnaire_dgme"
    assert call.do("examiner_recevabilite", decision_recevabilite="recevable").result == "recevable"


@path
def incomplete_then_admissible():
    call = intake().do("examiner_recevabilite", decision_recevabilite="incomplet", pieces_manquantes=["acte_deces"])
    assert call.say("MSG_PIECE_RECUE", "COR-1/recevabilite", piece="acte_deces")
    call.do("verifier_piece", conforme=True)
    assert call.steps == ["examiner_recevabilite"]
    assert call.do("examiner_recevabilite", decision_recevabilite="recevable").result == "recevable"


@path
def the_same_case_twice():
    call = intake().do("examiner_recevabilite", decision_recevabilite="doublon", dossier_existant="COR-ABJ-2026-00001")
    assert call.jobs[-1] == ("case.spawn", {"dossier": "COR-ABJ-2026-00001", "lien": "doublon_de"}) and call.result == "doublon"


@path
def for_another_service():
    call = intake().do("examiner_recevabilite", decision_recevabilite="incompetent").do("transferer", destination_transfert="ST-2")
    assert call.sent == [("transfert", "ST-2")] and call.jobs[-1] == ("case.status", {"statut": "transfere"}) and call.result == "transfere"


def inadmissible() -> Call:
    call = (
        intake()
        .do("examiner_recevabilite", decision_recevabilite="irrecevable")
        .do("notifier_irrecevabilite", motif_irrecevabilite="objet")
    )
    assert call.sent == [("irrecevabilite", "P-7")] and call.jobs[-1] == ("case.status", {"statut": "rejete"})
    return call


@path
def inadmissible_without_appeal():
    assert inadmissible().wait(days=30).result == "irrecevable"


@path
def inadmissible_appealed():
    for outcome in ("reformer", "confirmer"):
        call = inadmissible()
        assert call.say(
            "MSG_RECOURS",
            "COR-1",
            decision_contestee="irrecevabilite",
            requerant="P-9",
            notifiee_le=dt.date(2026, 2, 9),
            recu_le=dt.date(2026, 2, 12),
        )
        call.do("orienter_recours", effet_suspensif=False).do("instruire_recours")
        assert call.open("statuer_recours").extensions["role"] == "chef_poste"
        call.do("statuer_recours", sens_recours=outcome)
    assert call.result == "irrecevable"
    call = inadmissible()
    assert call.say("MSG_RECOURS", "COR-1", requerant="P-9")
    call.do("orienter_recours", effet_suspensif=False).do("instruire_recours").do("statuer_recours", sens_recours="reformer")
    assert call.steps == ["examiner_recevabilite"]
