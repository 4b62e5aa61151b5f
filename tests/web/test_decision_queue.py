"""Decisions on money in a row, in the order that one chooses; then what those see who follow the money alone."""

import html
import re

import pytest
from sqlalchemy import select, update

from app.config import ROOT
from app.db.cases import Case
from app.db.tasks import Task
from app.db.transaction import transaction
from app.extensions import db, limiter
from app.services import clock, versions
from tests.web.world import SCENARIO, furnished, lead
from workflows.catalog import CaseType

DECISION, FORMERLY = "decider_financement", "decider_autrement"
DETAINEE = ROOT / "bpmn" / "detainee-legal-aid" / "scenarios" / "det-s1-avocat-pris-en-charge.yaml"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A ministry with two decisions that wait: one of a death, one of a detention."""
    before, limiter.enabled = limiter.enabled, False
    ministry, papers = furnished(tmp_path_factory.mktemp("decisions")), tmp_path_factory.mktemp("papers")
    for path in (SCENARIO, DETAINEE):
        ministry.reference, ministry.case_id = lead(ministry.app, DECISION, papers, path)
        if path == SCENARIO:
            with ministry.app.app_context():
                as_if_begun_under_another_version(ministry.case_id)
    yield ministry
    limiter.enabled = before


def as_if_begun_under_another_version(case_id):
    """The case keeps a version in which the step has another name; new cases begin under the present one."""

    def work(unit):
        case = unit.session.get_one(Case, case_id)
        present = versions.pinned(unit.session, case.version_hash)
        former = CaseType.read({path: content.replace(DECISION.encode(), FORMERLY.encode()) for path, content in present.files.items()})
        for one in (former, present):
            versions.deploy(unit.session, one, one.files, unit.now)
        case.version_hash = former.version
        unit.session.execute(update(Task).where(Task.case_id == case_id, Task.step == DECISION).values(step=FORMERLY))

    transaction(work, clock.now)


def listed(client, order):
    """The tasks of the queue in their order, with the sums asked for."""
    page = client.get(f"/taches/decisions?par={order}").get_data(True)
    sums = [int(re.sub(r"\D", "", text)) for text in re.findall(r"FCFA</span>([\d\s]+)</td></tr>", page)]
    return [int(number) for number in re.findall(rf"/taches/(\d+)\?from={order}", page)], sums


def test_decisions_stand_in_the_order_that_one_chooses_and_follow_one_another(world):
    client = world.client(world.holder("delegue_general"))
    assert "/taches/decisions" in client.get("/taches?tab=to_take").get_data(True)
    assert "/taches/decisions" in client.get("/taches").get_data(True), "who holds nothing yet begins with what is to be taken"
    assert "Rien ne vous est confié" in html.unescape(client.get("/taches?tab=mine").get_data(True))
    by_amount, sums = listed(client, "by_amount")
    assert len(by_amount) == 2 and sums == sorted(sums)
    assert sorted(listed(client, "by_line")[0]) == sorted(listed(client, "by_due")[0]) == sorted(by_amount)
    first = client.get(f"/taches/{by_amount[0]}?from=by_amount").get_data(True)
    assert f'rel="next" href="/taches/{by_amount[1]}?from=by_amount"' in first
    assert "1 sur 2" in first and re.search(r"<h1>Décider\s: [\d\s]+FCFA</h1>", first), "what is decided, and how many are left"
    assert "Votre limite" in first, "the row of the table that fired bounds the sum of this level"
    taken = client.post(f"/taches/{by_amount[0]}/prendre", data={"from": "by_amount"})
    assert taken.headers["Location"] == f"/taches/{by_amount[0]}?from=by_amount", "who takes it goes on in the same list"
    granted = {"decision_financement": "accorder", "montant_accorde": str(sums[0]), "terminer": "1", "from": "by_amount"}
    done = client.post(f"/taches/{by_amount[0]}", data=granted)
    assert (done.status_code, done.headers.get("Location")) == (303, f"/taches/{by_amount[1]}?from=by_amount"), done.get_data(True)
    assert listed(client, "by_amount")[0] == by_amount[1:]
    assert client.get("/taches/decisions?par=nimporte").status_code == 200

    # whoever follows the money alone sees the money beside the task that comes next, and not the story
    with world.app.app_context():
        task_id = db.session.scalar(select(Task.id).where(Task.role == "agent_finance", Task.closed_at.is_(None)))
    page = world.client(world.holder("agent_finance")).get(f"/taches/{task_id}").get_data(True)
    beside = page[page.index("<aside") :]
    assert "À payer à" in beside and "Demandé" in beside and "<h2>Dossier</h2>" not in beside


def test_one_goes_from_case_to_case_along_the_list_in_which_the_first_was_opened(world):
    client = world.client(world.holder("auditeur"))
    listed = re.findall(r'href="(/dossiers/[A-Z][^"]+\?dans=dossiers[^"]*)"', client.get("/dossiers/?state=all").get_data(True))
    newest, oldest = (html.unescape(listed[at]) for at in (0, -1))
    page = client.get(newest).get_data(True)
    assert newest != oldest and 'rel="prev"' not in page
    assert html.unescape(re.search(r'rel="next" href="([^"]+)"', page)[1]) == html.unescape(listed[1])
    assert '"/dossiers/?state=all"' in page, "the way back leads to the same list"
    last = client.get(oldest).get_data(True)
    assert html.unescape(re.search(r'rel="prev" href="([^"]+)"', last)[1]) == html.unescape(listed[-2]) and 'rel="next"' not in last
    notes = re.search(r'href="([^"]+/notes\?[^"]*)"', page)[1]
    assert 'rel="next"' in client.get(html.unescape(notes)).get_data(True), "another part of the case is still on the list"
    alone = client.get("/dossiers/" + world.reference).get_data(True)
    assert 'rel="next"' not in alone and 'rel="prev"' not in alone
    narrowed = client.get(f"/dossiers/{world.reference}?dans=dossiers&state=all&type=DET").get_data(True)
    assert 'rel="next"' not in narrowed and 'rel="prev"' not in narrowed, "the other case is not of this type"
    found = client.get(f"/dossiers/{world.reference}?dans=recherche&q={world.reference[:3]}")
    assert found.status_code == 200 and f"/recherche?q={world.reference[:3]}" in found.get_data(True)
