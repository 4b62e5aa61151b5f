"""A letter is seen before it leaves: with what is typed, without a number; by whoever does the step, by nobody else."""

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.config import ROOT
from app.db.cases import Case, ReferenceCounter
from app.db.documents import Document
from app.db.tasks import Task
from app.extensions import db, limiter
from tests.web.world import furnished, lead

REFUSED = ROOT / "bpmn" / "distress-return" / "scenarios" / "financement-refuse-abandon.yaml"
LETTER = "sp_fund envoyer_refus"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A ministry apart: playing a case lets time pass for all."""
    before, limiter.enabled = limiter.enabled, False
    yield furnished(tmp_path_factory.mktemp("apart"))
    limiter.enabled = before


@pytest.fixture(scope="module")
def refusal(world, tmp_path_factory):
    """The open task of telling a refusal, and its case."""
    _, case_id = lead(world.app, "notifier_refus", tmp_path_factory.mktemp("papers"), REFUSED)
    with world.app.app_context():
        query = select(Task.id, Case.post_code).join(Case, Case.id == Task.case_id)
        query = query.where(Task.case_id == case_id, Task.step == "notifier_refus", Task.closed_at.is_(None))
        return (*db.session.execute(query).one(), case_id)


def text_of(answer):
    return PdfReader(io.BytesIO(answer.get_data())).pages[0].extract_text()


def test_the_step_that_sends_it_shows_the_letter_with_what_is_typed(world, refusal):
    task, post, case_id = refusal
    client = world.client(world.holder("agent_consulaire", post))
    page = client.get(f"/taches/{task}").get_data(True)
    assert re.findall(r'name="lettre" value="([^"]+)"', page) == [LETTER]
    answer = client.post(f"/taches/{task}/lettre", data={"lettre": LETTER, "motif_refus": "Crédits épuisés, à ɲɛsigi"})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    text = text_of(answer)
    assert "Projet : sans numéro" in text
    assert "Motif : Crédits épuisés, à ɲɛsigi" in text
    assert "Solutions proposées : ………" in text
    assert "Crédits épuisés, à ɲɛsigi" in client.get(f"/taches/{task}").get_data(True), "what was typed is kept"
    with world.app.app_context():
        assert db.session.scalar(select(Document.id).where(Document.case_id == case_id, Document.field == "courrier")) is None
        assert not [series for series in db.session.scalars(select(ReferenceCounter.series)) if series.startswith("courrier")]


@pytest.mark.parametrize("wanted", ["", "sp_fund", "sp_fund notifier_refus", "cor envoyer_refus", "sp_clo question_satisfaction", "x y z"])
def test_a_letter_that_the_step_does_not_lead_to_does_not_exist(world, refusal, wanted):
    task, post, _ = refusal
    assert world.client(world.holder("agent_consulaire", post)).post(f"/taches/{task}/lettre", data={"lettre": wanted}).status_code == 404


def test_who_does_not_do_the_step_sees_no_draft(world, refusal):
    task, post, _ = refusal
    for who in (("chef_poste", post), ("auditeur", None), ("controleur_financier", None), ("agent_consulaire", "DKR")):
        client = world.client(world.holder(*who))
        assert client.post(f"/taches/{task}/lettre", data={"lettre": LETTER}).status_code == 404
        assert 'name="lettre"' not in client.get(f"/taches/{task}").get_data(True)
