"""A message that nothing awaits is kept, and a person looks at it (domain: message catalogue, rules)."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.db.cases import KeptMessage
from app.db.tasks import Note
from app.services import clock, messages
from app.services.actor import SYSTEM
from app.services.errors import Invalid
from tests.app.services.staging import one, rows

STEP = "examiner_fait_nouveau"


@pytest.fixture
def case(stage_sqlite):
    """While the money is decided upon, the controller's visa of a commitment comes: nothing awaits it yet."""
    case = stage_sqlite("decider_financement")
    with clock.at(case.now):
        visa = messages.Incoming("MSG_ENGAGEMENT_VISE", {"n_visa": "V-12", "date_visa": case.now.date().isoformat()}, "E-0", "CF", "12")
        assert not messages.deliver(SYSTEM, case.reference, visa).taken
    return case


def kept(case) -> KeptMessage:
    return one(select(KeptMessage).where(KeptMessage.case_id == case.case_id, KeptMessage.source == "CF"))


def test_added_to_the_next_step_it_is_read_by_whoever_does_it(case):
    case.do(STEP, "U-32", resultat_examiner_fait_nouveau="suivante", observations_examiner_fait_nouveau="À lire avant de décider.")
    note = rows(select(Note).where(Note.case_id == case.case_id).order_by(Note.id))[-1]
    assert note.body.splitlines() == ["Engagement visé", "Numéro du visa : V-12", f"Date du visa : {case.now.date()}"]
    told = case.told("message_added")
    assert any("« Engagement visé » est joint à « Décider" in notice.subject for notice in told), [notice.subject for notice in told]
    assert kept(case).filed_at is None, "it is still offered to a step that awaits one"
    assert case.entry("companion.completed")["data"]["note"] == note.id


def test_filed_it_is_offered_to_nobody_any_more(case):
    case.do(STEP, "U-32", resultat_examiner_fait_nouveau="joindre")
    assert kept(case).filed_at is not None
    assert case.row.kept_messages == 0


def test_a_closed_case_has_no_next_step(stage_sqlite):
    case = stage_sqlite("decider_financement")
    case.rest = [line for line in case.rest if "refuse" not in line]
    while case.row.closed_at is None:
        case.play_line()
    with clock.at(case.now + dt.timedelta(hours=1)):
        visa = messages.Incoming("MSG_ENGAGEMENT_VISE", {"n_visa": "V-13", "date_visa": case.now.date().isoformat()}, "E-0", "CF", "13")
        messages.deliver(SYSTEM, case.reference, visa)
    case.now += dt.timedelta(hours=2)
    with pytest.raises(Invalid) as refused:
        case.do(STEP, "U-32", resultat_examiner_fait_nouveau="suivante", observations_examiner_fait_nouveau="Vu.")
    assert refused.value.errors["resultat_examiner_fait_nouveau"].startswith("Le dossier est clos")
