"""SP-FUND."""

import datetime as dt

from tests.procedures.paths import path
from tests.procedures.shared import Call

REQUEST = {"ligne": "PROT-SOC", "nature_depense": "prestation_funeraire", "objet_depense": "Dossier COR-1", "montant_demande": 2_000_000}
RESERVED = {"disponible": 9_000_000, "reservation_id": "R-1", "reservation_active": 2_000_000, "deja_accorde_cumul": 0, "regie_solde": 0}
SHORT = {"disponible": 100_000, "reservation_id": None, "deja_accorde_cumul": 0, "motif_controle": "insuffisant"}
INPUTS = (
    "montant",
    "ligne_proposee",
    "nature_proposee",
    "objet_propose",
    "beneficiaire_propose",
    "avis_supplementaires",
    "attendre_si_differe",
    "achat_de_travaux",
)
OUTPUTS = ("resultat", "montant_accorde", "engagement_id", "sur_regie", "accord_irregulier")


def funding(reserve=RESERVED, **inputs) -> Call:
    answers = {"funding.reserve": reserve, "funding.commit": {"engagement_id": "E-1"}, "payment.advance": {"engagement_id": "E-R"}}
    answers["funding.ahead"] = {"reservation_id": "R-R"}
    return Call("sp_fund", answers, OUTPUTS, **{**dict.fromkeys(INPUTS), "montant": 2_000_000, **inputs})


def asked(reserve=RESERVED, amount=2_000_000, request=(), **inputs) -> Call:
    return funding(reserve, **inputs).do("preparer_demande", **{**REQUEST, "montant_demande": amount, **dict(request)})


def decided(decision: str, amount: int | None = None, **inputs) -> Call:
    return (
        asked(**inputs).do("donner_avis", avis="favorable").do("decider_financement", decision_financement=decision, montant_accorde=amount)
    )


def jobs(call: Call, name: str) -> list[dict]:
    return [inputs for job, inputs in call.jobs if job == name]


@path
def granted():
    call = funding()
    step = call.open("preparer_demande")
    assert step.extensions["assignee"] == "U-32" and step.extensions["control"] == "funding.request"
    call.do("preparer_demande", **REQUEST)
    assert call.sent == [("demande_financement", "agent_finance")] and call.fact["procedure"] == {
        "procedure": "trois_devis",
        "devis_min": 3,
    }
    assert jobs(call, "funding.reserve")[0]["montant_demande"] == 2_000_000
    opinion = call.open("donner_avis")
    assert opinion.extensions["role"] == "chef_poste" and opinion.item == {"avis_de": "chef_poste"}
    call.do("donner_avis", avis="favorable", texte_avis="Famille sans ressources")
    assert call.fact["avis_recus"] == [{"de": "chef_poste", "avis": "favorable", "texte": "Famille sans ressources"}]
    said = call.open("decider_financement").extensions
    assert (said["role"], said["screen"], said["control"], said["four_eyes"]) == (
        "delegue_general",
        "approval",
        "funding.decision",
        "preparer_demande",
    )
    call.do("decider_financement", decision_financement="accorder", montant_accorde=1_900_000)
    call.do("engager", n_engagement="2026-118", imputation="2.1", date_engagement=dt.date(2026, 2, 10), engagement_regularisation=False)
    assert jobs(call, "funding.commit")[0]["montant_accorde"] == 1_900_000 and call.sent[-1] == ("demande_visa", "controleur_financier")
    assert not call.say("MSG_ENGAGEMENT_VISE", "E-2"), "of another commitment"
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1", n_visa="V-9", date_visa=dt.date(2026, 2, 11))
    assert jobs(call, "funding.visa") == [{"engagement_id": "E-1", "n_visa": "V-9", "date_visa": dt.date(2026, 2, 11)}]
    assert (
        call.result == "accorde" and call.facts[""]["rendu_montant_accorde"] == 1_900_000 and call.facts[""]["rendu_engagement_id"] == "E-1"
    )


@path
def several_opinions_the_late_one_is_done_without():
    call = asked(avis_supplementaires=["chef_cabinet", "chef_poste"])
    assert [step.item["avis_de"] for step in call.last.open] == ["chef_poste", "chef_cabinet"]
    second = call.last.open[1]
    assert second.extensions["role"] == "chef_cabinet"
    call.do("donner_avis", avis="reserve")
    limit = call.due("sans_avis")
    assert limit == dt.datetime(2026, 2, 10, 16, tzinfo=dt.UTC), "P2: the next working day, at closing time"
    call.wait(hours=33)
    assert call.steps == ["decider_financement"] and call.fact["avis_recus"][0]["avis"] == "reserve" and call.fact["avis_recus"][1] is None


@path
def how_long_an_opinion_is_waited_for():
    assert asked(priorite="P1", request={"accord_oral": False}).due("sans_avis") == dt.datetime(2026, 2, 9, 19, tzinfo=dt.UTC)
    assert asked(priorite="P3").due("sans_avis") == dt.datetime(2026, 2, 12, 16, tzinfo=dt.UTC)


@path
def small_sums_need_no_opinion():
    call = asked(amount=400_000)
    assert call.steps == ["decider_financement"] and call.open("decider_financement").extensions["role"] == "chef_departement"


@path
def partly_granted_and_accepted():
    call = decided("accorder_partiel", 1_000_000).do("accepter_partiel", accepte=True).do("engager")
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1") and call.result == "accorde_partiel"


@path
def partly_granted_and_declined():
    call = decided("accorder_partiel", 1_000_000).do("accepter_partiel", accepte=False)
    assert jobs(call, "funding.release") and call.steps == ["notifier_refus"]
    assert call.do("notifier_refus", motif_refus="Insuffisant").result == "refuse"
    assert call.facts[""]["rendu_montant_accorde"] is None, "the caller must not take it for granted"


@path
def refused():
    call = decided("refuser")
    assert jobs(call, "funding.release") == [{"reservation_id": "R-1", "motif": "refuser"}]
    call.do("notifier_refus", motif_refus="Couvert par l'assurance", alternatives_offertes="Collecte")
    assert call.result == "refuse" and call.sent[-1] == ("refus_financement", "P-7")


@path
def returned_and_counted():
    call = asked()
    for _ in range(2):
        call.do("donner_avis", avis="favorable").do("decider_financement", decision_financement="renvoyer")
        assert call.steps == ["preparer_demande"]
        call.do("preparer_demande", **REQUEST)
    assert call.fact["renvois"] == 2, "the form then refuses a third time"
    assert len(jobs(call, "funding.release")) == 2


@path
def deferred_until_the_line_opens():
    call = decided("differer")
    assert call.awaited == ["attendre_ligne", "fu_retrait_recu"] and call.due("reexamen") is None
    assert not call.say("MSG_LIGNE_OUVERTE", "PROT-JUR")
    assert call.say("MSG_LIGNE_OUVERTE", "PROT-SOC")
    assert call.steps == ["donner_avis"] and len(jobs(call, "funding.reserve")) == 2


@path
def deferred_until_a_date():
    call = asked().do("donner_avis", avis="favorable")
    call.do("decider_financement", decision_financement="differer", date_reexamen=dt.date(2026, 2, 20))
    call.wait(days=10)
    assert call.awaited == ["attendre_ligne", "fu_retrait_recu"]
    assert call.wait(days=2).steps == ["donner_avis"]


@path
def a_caller_that_does_not_wait_hears_deferred():
    assert decided("differer", attendre_si_differe=False).result == "differe"
    assert decided("differer", priorite="P1", request={"accord_oral": False}).result == "differe", "P1 never waits for a line"


def short() -> Call:
    call = asked([SHORT, RESERVED])
    assert call.steps == ["traiter_insuffisance"]
    return call


@path
def too_little_credit_was_a_mistake():
    assert short().do("traiter_insuffisance", resultat_controle="disponible").steps == ["donner_avis"]


@path
def too_little_credit_another_line():
    call = short().do("traiter_insuffisance", resultat_controle="insuffisant", solution_insuffisance="autre_ligne", autre_ligne="PROT-RAP")
    assert call.steps == ["donner_avis"] and jobs(call, "funding.reserve")[1]["ligne"] == "PROT-RAP"


@path
def too_little_credit_less_is_asked():
    call = short().do("traiter_insuffisance", resultat_controle="insuffisant", solution_insuffisance="reduire")
    assert call.do("preparer_demande", **{**REQUEST, "montant_demande": 90_000}).steps == ["decider_financement"]


@path
def too_little_credit_a_transfer():
    call = short().do("traiter_insuffisance", resultat_controle="insuffisant", solution_insuffisance="virement")
    assert call.do("demander_virement", resultat_virement="refuse").steps == ["traiter_insuffisance"]
    call.do("traiter_insuffisance", resultat_controle="insuffisant", solution_insuffisance="virement")
    assert call.do("demander_virement", resultat_virement="obtenu").steps == ["donner_avis"]


@path
def too_little_credit_deferred():
    call = short().do("traiter_insuffisance", resultat_controle="insuffisant", solution_insuffisance="differer")
    assert "attendre_ligne" in call.awaited
    call = asked(SHORT, attendre_si_differe=False)
    assert call.do("traiter_insuffisance", resultat_controle="insuffisant", solution_insuffisance="differer").result == "differe"


CLOSED = {"disponible": 0, "reservation_id": None, "deja_accorde_cumul": 0, "motif_controle": "ligne_fermee", "regie_solde": 250_000}


@path
def between_two_years_the_imprest_pays_vital_help():
    call = asked(CLOSED, 200_000, {"accord_oral": False}, priorite="P1")
    assert call.open("decider_financement").extensions["role"] == "chef_poste" and jobs(call, "funding.ahead")
    assert call.do("decider_financement", decision_financement="accorder", montant_accorde=200_000).steps == ["payer_sur_regie"]
    assert asked(CLOSED, 250_001, {"accord_oral": False}, priorite="P1").steps == ["traiter_insuffisance"]
    assert asked(CLOSED, 200_000).steps == ["traiter_insuffisance"], "only vital help does not wait"


@path
def the_controller_rejects_then_approves():
    call = decided("accorder", 2_000_000).do("engager")
    assert call.say("MSG_ENGAGEMENT_REJETE", "E-1", motif_rejet="imputation") and call.fact["motif_rejet"] == "imputation"
    call.do("corriger_engagement", imputation="2.2")
    assert jobs(call, "funding.commit")[1]["engagement_id"] == "E-1" and jobs(call, "funding.commit")[1]["imputation"] == "2.2"
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1") and call.result == "accorde"


@path
def a_late_visa_is_asked_for_by_the_director():
    call = decided("accorder", 2_000_000).do("engager")
    assert call.due("visa_trois_jours") == dt.datetime(2026, 2, 12, 16, tzinfo=dt.UTC)
    call.wait(days=4)
    assert call.steps == ["relancer_visa"] and call.open("relancer_visa").lane == "Directeur DFM"
    call.do("relancer_visa")
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1") and call.result == "accorde"
    call = decided("accorder", 2_000_000).do("engager").wait(days=4)
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1") and call.result == "accorde", "the reminder not done is withdrawn"


@path
def a_commitment_after_the_fact_is_signed_by_the_secretary_general():
    call = decided("accorder", 2_000_000).do("engager", engagement_regularisation=True)
    assert call.do("signer_regularisation", resultat_signer_regularisation="renvoye").steps == ["engager"]
    call.do("engager", engagement_regularisation=True).do("signer_regularisation", resultat_signer_regularisation="signe")
    assert jobs(call, "funding.commit")[0]["engagement_regularisation"] is True and "attendre_visa" in call.awaited


@path
def paid_at_once_on_the_imprest():
    call = asked({**RESERVED, "regie_solde": 300_000}, amount=200_000)
    said = call.open("decider_financement").extensions
    assert said["role"] == "chef_poste" and call.fact["niveau"]["sur_regie"] is True
    call.do("decider_financement", decision_financement="accorder", montant_accorde=200_000)
    assert call.open("payer_sur_regie").extensions["four_eyes"] == "preparer_demande,decider_financement"
    call.do("payer_sur_regie", mode_paiement="especes", montant_paye_regie=200_000)
    assert call.result == "accorde" and call.facts[""]["rendu_sur_regie"] is True and call.facts[""]["rendu_engagement_id"] == "E-R"


def oral() -> Call:
    call = asked(amount=900_000, request={"accord_oral": True})
    assert call.steps == ["accord_telephonique"]
    call.do("accord_telephonique", canal_accord="telephone", approbateur_oral="U-39")
    assert call.steps == ["confirmer_accord", "engager"]
    said = call.open("confirmer_accord").extensions
    assert (said["role"], said["deadline"], said["four_eyes"]) == ("delegue_general", "24 h", "preparer_demande,accord_telephonique")
    return call


@path
def an_oral_agreement_is_confirmed():
    call = oral().do("engager").do("confirmer_accord", confirmation_accord="confirme")
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1") and call.result == "accorde"
    assert call.facts[""]["rendu_montant_accorde"] == 900_000 and call.facts[""]["rendu_accord_irregulier"] is None


@path
def an_oral_agreement_is_confirmed_too_late():
    call = oral().wait(hours=24)
    assert call.sent[-1] == ("accord_irregulier", "delegue_general") and call.fact["accord_irregulier"] is True
    call.do("confirmer_accord", confirmation_accord="confirme").do("engager")
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1") and call.facts[""]["rendu_accord_irregulier"] is True


@path
def an_oral_agreement_is_denied():
    call = oral().do("confirmer_accord", confirmation_accord="conteste").do("engager")
    assert call.say("MSG_ENGAGEMENT_VISE", "E-1")
    assert jobs(call, "funding.decommit") == [{"engagement_id": "E-1", "motif": "accord_conteste"}]
    assert call.do("notifier_refus").result == "refuse" and call.facts[""]["rendu_montant_accorde"] is None


@path
def above_one_million_an_oral_agreement_does_not_count():
    assert asked(amount=1_000_001, request={"accord_oral": True}).steps == ["donner_avis"]
    assert asked(amount=900_000, priorite="P3", request={"accord_oral": True}).steps == ["donner_avis"]


@path
def withdrawn_while_it_is_decided():
    call = asked()
    assert call.say("MSG_RETRAIT", "COR-1", motif_retrait="Un partenaire paie")
    assert call.result == "annule" and jobs(call, "funding.release") == [{"reservation_id": "R-1", "motif": "retrait"}]


@path
def withdrawn_while_the_visa_is_awaited():
    call = decided("accorder", 2_000_000).do("engager")
    assert call.say("MSG_RETRAIT", "COR-1") and call.result == "annule" and call.facts[""]["rendu_montant_accorde"] is None
    assert jobs(call, "funding.decommit")[0]["engagement_id"] == "E-1"
