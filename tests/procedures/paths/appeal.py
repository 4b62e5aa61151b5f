"""SP-APP."""

import datetime as dt

from tests.procedures.paths import path
from tests.procedures.shared import Call

NAMES = ("decision_contestee", "requerant", "notifiee_le", "recu_le", "motifs_recours")
RECEIVED = {"decision_contestee": "COR-1", "requerant": "P-9", "notifiee_le": dt.date(2026, 1, 10), "recu_le": dt.date(2026, 2, 9)}


def appeal(**inputs) -> Call:
    given = {"role_decideur": "delegue_general", **dict.fromkeys(NAMES), **RECEIVED}
    return Call("sp_app", outputs=("resultat", "etape_de_reprise"), **{**given, **inputs})


@path
def decided_one_level_above_payment_suspended_meanwhile():
    call = appeal()
    assert call.sent == [("accuse_recours", "P-9")] and call.fact["recours_tardif"] is False, "thirty days to the day"
    call.do("orienter_recours", effet_suspensif=True)
    assert call.jobs == [("payment.freeze", {"gel": True, "motif": "recours"})]
    assert "decider_financement" in call.open("instruire_recours").extensions["four_eyes"]
    call.do("instruire_recours", analyse_recours="…")
    said = call.open("statuer_recours").extensions
    assert said["role"] == "secretaire_general" and said["four_eyes"].startswith("instruire_recours,")
    call.do("statuer_recours", sens_recours="reformer", etape_de_reprise="preparer_demande")
    assert call.jobs[-1] == ("payment.freeze", {"gel": False, "motif": "recours"})
    assert call.result == "reformer" and call.facts[""]["rendu_etape_de_reprise"] == "preparer_demande"
    assert call.sent[-1] == ("decision_recours", "P-9")


@path
def confirmed():
    call = appeal().do("orienter_recours", effet_suspensif=False).do("instruire_recours")
    assert call.do("statuer_recours", sens_recours="confirmer").result == "confirmer" and not call.jobs


@path
def too_late():
    call = appeal(notifiee_le=dt.date(2026, 1, 9))
    assert call.fact["recours_tardif"] is True
    call.do("orienter_recours", releve_forclusion=False, effet_suspensif=False)
    assert call.result == "hors_delai" and call.sent[-1] == ("recours_hors_delai", "P-9")


@path
def too_late_but_relieved():
    call = appeal(notifiee_le=dt.date(2026, 1, 9))
    assert call.do("orienter_recours", releve_forclusion=True, effet_suspensif=False).steps == ["instruire_recours"]
