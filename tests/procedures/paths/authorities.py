"""SP-EXT."""

import datetime as dt

from tests.procedures.paths import path
from tests.procedures.shared import Call

KEY = "COR-1/prolongation"
LETTER = {
    "type_saisine": "note_verbale",
    "destinataire": "ST-1",
    "objet_saisine": "Prolongation",
    "date_limite_reponse": dt.date(2026, 2, 20),
    "donnees_transmises": ["identite"],
    "base_transmission": "mission_legale",
}


def authority(**inputs) -> Call:
    given = {"objet": "Prolongation de garde", "saisine_id": KEY, "signataire": None}
    outputs = ("resultat", "date_reponse", "suite_sans_reponse")
    return Call("sp_ext", {"register.number": {"numero": "NV-ABJ-2026-0001"}}, outputs, **{**given, **inputs})


def sent(**inputs) -> Call:
    return authority(**inputs).do("rediger_saisine", **LETTER).do("signer_saisine", resultat_signer_saisine="signe")


@path
def answered():
    call = authority().do("rediger_saisine", **LETTER)
    step = call.open("signer_saisine")
    assert step.extensions["four_eyes"] == "rediger_saisine" and step.extensions["role"] == "chef_poste"
    call.do("signer_saisine", resultat_signer_saisine="signe")
    assert call.jobs[-1][0] == "disclosure.record" and call.jobs[-1][1]["saisine_ref"] == "NV-ABJ-2026-0001"
    assert call.sent == [("saisine", "ST-1")]
    waits = call.last.awaited[0].extensions
    assert waits["status"] == "attente_externe" and waits["deadline"] == dt.datetime(2026, 2, 20, 23, 59, tzinfo=dt.UTC)
    assert not call.say("MSG_REPONSE_EXTERNE", "COR-1/autre", sens="favorable")
    limit = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    assert call.say("MSG_REPONSE_EXTERNE", KEY, sens="favorable", date_reponse=limit)
    assert call.result == "favorable" and call.facts[""]["rendu_date_reponse"] == limit


@path
def the_signer_sends_it_back_and_the_caller_names_the_signer():
    call = authority(signataire="conseiller_juridique").do("rediger_saisine", **LETTER)
    assert call.open("signer_saisine").extensions["role"] == "conseiller_juridique"
    call.do("signer_saisine", resultat_signer_saisine="renvoye")
    assert call.steps == ["rediger_saisine"] and not call.sent
    assert authority(au_poste=False).do("rediger_saisine", **LETTER).open("signer_saisine").extensions["role"] == "conseiller_juridique"


@path
def reminded_at_the_limit_a_week_and_two_weeks_later_then_decided():
    call = sent()
    moments = []
    while "decider_sans_reponse" not in call.steps:
        before = len(call.sent)
        call.wait(days=1)
        moments += [call.now.date()] * (len(call.sent) - before)
    assert moments == [dt.date(2026, 2, 21), dt.date(2026, 2, 28), dt.date(2026, 3, 7)], "the day after its end, seen at 7 in the morning"
    assert call.now.date() == dt.date(2026, 3, 23)
    call.do("decider_sans_reponse", suite_sans_reponse="continuer")
    assert call.result == "sans_reponse" and call.facts[""]["rendu_suite_sans_reponse"] == "continuer"


@path
def asked_again_with_a_new_limit():
    call = sent().wait(days=60)
    call.do("decider_sans_reponse", suite_sans_reponse="relancer", nouvelle_date_limite=dt.date(2026, 5, 1))
    assert call.due("ext_relance") == dt.datetime(2026, 5, 1, 23, 59, tzinfo=dt.UTC)
    assert call.say("MSG_REPONSE_EXTERNE", KEY, sens="partielle") and call.result == "partielle"


@path
def the_higher_level_is_asked():
    call = sent().wait(days=60).do("decider_sans_reponse", suite_sans_reponse="niveau_superieur")
    assert call.steps == ["rediger_saisine"]
    call.do("rediger_saisine", **{**LETTER, "destinataire": "ST-2", "date_limite_reponse": dt.date(2026, 5, 1)})
    call.do("signer_saisine", resultat_signer_saisine="signe")
    assert call.sent[-1] == ("saisine", "ST-2") and [job for job, _ in call.jobs].count("register.number") == 2


@path
def a_higher_level_asked_by_word_of_mouth_is_reminded_like_a_letter():
    call = sent().wait(days=60).do("decider_sans_reponse", suite_sans_reponse="niveau_superieur")
    assert call.fact["relances_ext"] == 3
    call.do("rediger_saisine", type_saisine="demarche_orale", sens_oral="attendue", date_limite_reponse=dt.date(2026, 5, 1))
    assert call.due("ext_relance") == dt.datetime(2026, 5, 1, 23, 59, tzinfo=dt.UTC)


@path
def asked_by_word_of_mouth():
    call = authority().do("rediger_saisine", type_saisine="demarche_orale", sens_oral="defavorable", interlocuteur="M. X")
    assert call.result == "defavorable" and not call.sent and [job for job, _ in call.jobs] == ["disclosure.record"], (
        "said is disclosed too"
    )
    call = authority(saisine_id=None).do("rediger_saisine", type_saisine="demarche_orale", sens_oral="attendue")
    assert call.say("MSG_REPONSE_EXTERNE", "COR-1/saisine", sens="favorable") and call.result == "favorable"
