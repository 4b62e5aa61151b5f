"""A message whose case is unknown is never lost: it waits in a case of its own until a person says where it belongs (domain: message
catalogue, rules)."""

import pytest
from sqlalchemy import func, select

from app.db.cases import Case, CaseLink, KeptMessage
from app.extensions import db
from app.services import clock, messages, proof
from app.services.actor import SYSTEM
from app.services.errors import Invalid, NotFound
from tests.app.services.staging import one, rows

STEP = "rapprocher_message"
WRONG = "COR-LBV-2026-99999"


@pytest.fixture
def case(stage):
    """The financial controller's visa is awaited."""
    return stage("attendre_visa")


def send(case, to=WRONG, by=SYSTEM, number="12", key=None):
    """The visa arrives with the number of a case that nobody ever gave."""
    key = key or case.fact("engagement_id")
    visa = {"n_visa": "V-12", "date_visa": case.now.date().isoformat()}
    with clock.at(case.now):
        return messages.deliver(by, to, messages.Incoming("MSG_ENGAGEMENT_VISE", visa, key, "CF", number))


def matched(case, done, **answers):
    """An officer of the post says where it belongs; what follows is about the first case again."""
    first = case.at_hand
    case.turn_to(done.case_id, done.reference)
    try:
        return case.do(STEP, "U-14", **answers)
    finally:
        case.at_hand = first


def test_attached_it_is_taken_by_the_step_that_awaits_it_in_the_same_transaction(case):
    done = send(case)
    task = one(select(Case.post_code).where(Case.reference == done.reference))
    assert (done.reference[:8], done.taken, task) == ("MSG-LBV-", False, "LBV")
    matched(case, done, resultat_rapprocher_message="rattache", dossier_rattache=case.reference)
    assert "choisir_pompes_funebres" in case.open_steps()
    kept = one(select(KeptMessage).where(KeptMessage.source == "CF"))
    assert (kept.case_id, kept.taken_at, kept.filed_at) == (case.case_id, case.now, None)
    assert case.entry("message.taken")["data"]["from"] == done.reference
    tie = one(select(CaseLink).where(CaseLink.case_id == done.case_id))
    assert tie.other_id == case.case_id
    assert [proof.verify_case(db.session(), number).flaw for number in (done.case_id, case.case_id)] == [None, None]


def test_sent_again_nothing_happens_before_and_after_it_is_matched(case):
    first = send(case)
    assert send(case).duplicate
    assert send(case, to="AUTRE-NUMERO").duplicate
    matched(case, first, resultat_rapprocher_message="rattache", dossier_rattache=case.reference)
    assert send(case).duplicate
    assert send(case, to=case.reference).duplicate
    assert one(select(func.count()).select_from(Case).where(Case.case_type == "MSG")) == 1


def test_a_key_that_begins_with_the_wrong_number_is_corrected(case):
    done = send(case, key=f"{WRONG}/E-1")
    matched(case, done, resultat_rapprocher_message="rattache", dossier_rattache=case.reference)
    assert one(select(KeptMessage.key).where(KeptMessage.source == "CF")) == f"{case.reference}/E-1"
    assert case.task("examiner_fait_nouveau"), "nothing awaits that key: somebody of the case looks at it"


@pytest.mark.parametrize("number", [WRONG, "BAMAKO", ""])
def test_attached_to_a_case_that_is_not_there_it_stays(case, number):
    done = send(case)
    with pytest.raises(Invalid) as refused:
        matched(case, done, resultat_rapprocher_message="rattache", dossier_rattache=number)
    assert list(refused.value.errors) == ["dossier_rattache"]
    assert one(select(KeptMessage.case_id).where(KeptMessage.source == "CF")) == done.case_id


def test_nor_to_the_case_of_another_message(case):
    first, second = send(case, number="1"), send(case, number="2")
    with pytest.raises(Invalid):
        matched(case, first, resultat_rapprocher_message="rattache", dossier_rattache=second.reference)


def test_filed_it_needs_a_reason(case):
    done = send(case)
    with pytest.raises(Invalid) as refused:
        matched(case, done, resultat_rapprocher_message="classe")
    assert list(refused.value.errors) == ["observations_rapprocher_message"]
    ended = matched(case, done, resultat_rapprocher_message="classe", observations_rapprocher_message="Erreur d'expéditeur.")
    assert ended.closed_case
    assert one(select(Case.outcome).where(Case.id == done.case_id)) == "classe"


def test_for_whoever_may_not_see_a_case_it_is_as_unknown_as_none(case):
    """The answer does not tell whether there is such a case, and the case hears nothing before somebody matched it."""
    before = len(rows(select(KeptMessage).where(KeptMessage.case_id == case.case_id)))
    stranger = case.user("U-02")
    seen, unseen = send(case, to=WRONG, by=stranger, number="1"), send(case, to=case.reference, by=stranger, number="2")
    assert {seen.reference[:8], unseen.reference[:8]} == {"MSG-LBV-"}
    assert len(rows(select(KeptMessage).where(KeptMessage.case_id == case.case_id))) == before


def test_who_sends_no_messages_is_told_that_there_is_nothing(case):
    for role in ("admin_fonctionnel", "charge_statistiques"):
        with pytest.raises(NotFound):
            send(case, by=case.somebody(role, None))
