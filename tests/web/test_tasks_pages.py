"""A task on its page: what is typed is never lost, what is wrong is said beside its field, who comes too late keeps the text."""

import io
import itertools
import re

import pytest
from sqlalchemy import select

from app.db.cases import Case
from app.db.documents import Document
from app.db.history import HistoryEntry
from app.db.tasks import Draft, Note, Task
from app.db.transaction import transaction
from app.extensions import db
from app.services import clock

pytestmark = pytest.mark.xdist_group("pages")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HEADER = {
    "poste": "LBV",
    "pays_evenement": "GA",
    "date_fait.annee": "2026",
    "date_signalement.jour": "9",
    "date_signalement.mois": "2",
    "date_signalement.annee": "2026",
    "date_signalement.heure": "08:00",
    "canal": "presse",
    "priorite": "P3",
    "confidentialite": "C3",
    "langue_contact": "fr",
    "terminer": "1",
}


_numbers = itertools.count(1)


@pytest.fixture
def officer(world):
    return world.client(world.holder("agent_consulaire", "LBV"))


@pytest.fixture
def task(world, officer):
    """The first task of a case that the officer has just opened."""
    answer = officer.post("/dossiers/nouveau/COR", data=HEADER | {"cle": f"ouverture-{next(_numbers):08}"})
    assert answer.status_code == 303, re.findall(r'class="error[^>]*>.*?</p>', answer.get_data(True))
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def key_of(page: str) -> str:
    return re.search(r'name="cle" value="([^"]+)"', page)[1]


def test_an_opened_case_leads_to_its_first_task(officer, task):
    page = officer.get(f"/taches/{task}").get_data(True)
    assert "Enregistrer le décès signalé" in page
    assert "Vous l’avez depuis" in page


def test_opening_twice_with_one_key_opens_one_case(officer):
    answers = [officer.post("/dossiers/nouveau/COR", data=HEADER | {"cle": "une-seule-fois-pour-deux"}) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_a_wrong_header_keeps_what_was_typed(officer):
    answer = officer.post("/dossiers/nouveau/COR", data=HEADER | {"cle": "x" * 16, "date_fait.annee": "26", "canal": "presse"})
    page = answer.get_data(True)
    assert answer.status_code == 422
    assert "à corriger" in page
    assert 'value="26"' in page


def test_what_is_missing_is_said_with_links_and_kept(officer, task):
    page = officer.get(f"/taches/{task}").get_data(True)
    answer = officer.post(f"/taches/{task}", data={"cle": key_of(page), "terminer": "1", "lieu_deces": "Hôpital <b>central</b>"})
    text = answer.get_data(True)
    assert answer.status_code == 422
    assert 'class="error-summary"' in text
    assert 'value="Hôpital &lt;b&gt;central&lt;/b&gt;"' in text
    targets = re.findall(r'<li><a href="#([^"]+)"', text.split('class="error-summary"')[1].split("</div>")[0])
    assert targets
    assert all(f'id="{target}"' in text for target in targets)


def test_a_field_that_the_step_does_not_declare_is_refused(officer, task):
    answer = officer.post(f"/taches/{task}", data={"cle": "y" * 16, "terminer": "1", "part_etat": "999999999"})
    assert answer.status_code == 422
    assert "part_etat" in answer.get_data(True)


def test_a_draft_is_saved_by_the_button_and_by_the_script_and_comes_back(world, officer, task):
    officer.post(f"/taches/{task}", data={"cle": "z" * 16, "brouillon": "1", "lieu_deces": "Port-Gentil"})
    assert 'value="Port-Gentil"' in officer.get(f"/taches/{task}").get_data(True)
    answer = officer.post(f"/taches/{task}/brouillon", data={"lieu_deces": "Oyem"}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.get_json()["text"].startswith("Enregistré à ")
    page = officer.get(f"/taches/{task}").get_data(True)
    assert 'value="Oyem"' in page
    assert "Enregistré à" in page
    with world.app.app_context():
        assert len(db.session.scalars(select(Draft).where(Draft.task_id == task)).all()) == 1


def test_a_draft_is_mine_alone(world, officer, task):
    officer.post(f"/taches/{task}/brouillon", data={"lieu_deces": "Franceville"})
    other = world.client(world.holder("chef_poste", "LBV")).get(f"/taches/{task}").get_data(True)
    assert "Franceville" not in other


def test_enter_in_a_form_presses_its_own_button(officer, task):
    page = officer.get(f"/taches/{task}").get_data(True)
    form = page.split('data-draft="')[1]
    assert re.search(r"<button[^>]*>", form)[0].find('name="terminer"') > 0


def test_a_task_is_given_back_taken_and_handed_over(world, officer, task):
    officer.post(f"/taches/{task}/rendre")
    with world.app.app_context():
        assert db.session.get(Task, task).assignee_id is None
    officer.post(f"/taches/{task}/prendre")
    choices = officer.get(f"/taches/{task}/confier").get_data(True)
    assert "À qui" in choices or "Personne d’autre" in choices
    refused = officer.post(f"/taches/{task}/confier", data={"to": "U-99999"})
    assert refused.status_code == 422


def test_the_bulk_bar_lists_what_could_not_be_done(world, officer, task):
    officer.post(f"/taches/{task}/rendre")
    foreign = world.open_task("donner_avis")
    answer = officer.post("/taches", data={"task": [task, foreign], "act": "take", "next": "/taches"}, follow_redirects=True)
    text = answer.get_data(True)
    assert "1 tâche changée de mains" in text
    assert "Cette tâche revient au rôle" in text


def test_who_comes_too_late_keeps_the_text_as_a_note(world, officer):
    closed = world.any_task(step="enregistrer_deces", closed_how="done")
    answer = officer.post(f"/taches/{closed}", data={"cle": "w" * 16, "terminer": "1", "lieu_deces": "Mouila"})
    page = answer.get_data(True)
    assert answer.status_code == 409
    assert "rien n’est perdu" in page
    assert "Mouila" in page
    body = re.search(r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', page, re.S)[1]
    kept = officer.post(f"/taches/{closed}/note", data={"body": body, "cle": "note-de-conflit-1"})
    assert kept.status_code == 303
    assert "Mouila" in officer.get(kept.headers["Location"]).get_data(True)


def test_a_finished_task_shows_what_was_answered_by_whom_and_when_and_nothing_to_write_in(world, officer):
    closed = world.any_task(step="enregistrer_deces", closed_how="done")
    page = officer.get(f"/taches/{closed}").get_data(True)
    assert "Terminée par " in page
    answers = page.split("<h2>Réponses</h2>")[1].split("</section>")[0]
    assert "Libreville" in answers
    assert 'name="terminer"' not in page


def test_a_file_is_received_told_apart_and_given_back_as_an_attachment(world, officer, task):
    with world.app.app_context():
        case_id = db.session.get(Task, task).case_id
        reference = _reference(case_id)
    answer = officer.post(f"/dossiers/{reference}/pieces", data={"fichier": (io.BytesIO(PDF), "جواز سفر.pdf")}, follow_redirects=True)
    assert "est reçu" in answer.get_data(True)
    with world.app.app_context():
        row = db.session.scalars(select(Document).where(Document.case_id == case_id)).one()
        code, name = row.code, row.name
    assert name == "جواز سفر.pdf"
    given = officer.get(f"/pieces/{code}")
    assert given.data == PDF
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.mimetype == "application/pdf"
    assert world.client(world.holder("agent_consulaire", "ABJ")).get(f"/pieces/{code}").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "dessin.png", "n’est ni PDF, ni JPEG, ni PNG"),
        (b"", "vide.pdf", "est vide"),
        (b"%PDF-1.4" + b"0" * (10 * 1024 * 1024), "lourd.pdf", "fait plus de 10\u00a0Mo"),
        (b"MZ\x90\x00" * 100, "../../etc/passwd", "n’est ni PDF"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(world, officer, task, content, name, sentence):
    with world.app.app_context():
        reference = _reference(db.session.get(Task, task).case_id)
    answer = officer.post(f"/dossiers/{reference}/pieces", data={"fichier": (io.BytesIO(content), name)}, follow_redirects=True)
    assert answer.status_code == 200
    assert sentence in answer.get_data(True)


def test_a_bad_file_never_loses_the_form(officer, task):
    found = officer.get(f"/taches/{task}").get_data(True)
    data = {"cle": key_of(found), "terminer": "1", "lieu_deces": "Lambaréné", "photo.fichier": (io.BytesIO(b"x"), "x.exe")}
    answer = officer.post(f"/taches/{task}", data=data)
    assert answer.status_code == 422
    assert 'value="Lambaréné"' in answer.get_data(True)


def test_a_file_sent_by_the_script_is_answered_with_its_code(world, officer, task):
    json = {"Accept": "application/json"}
    good = officer.post(f"/taches/{task}/fichier", data={"champ": "photo", "fichier": (io.BytesIO(PDF), "constat.pdf")}, headers=json)
    assert good.status_code == 200
    assert good.get_json()["text"].startswith("Reçu, ")
    bad = officer.post(f"/taches/{task}/fichier", data={"champ": "photo", "fichier": (io.BytesIO(b"MZ"), "virus.exe")}, headers=json)
    assert bad.status_code == 422
    assert "ni PDF" in bad.get_json()["detail"]
    foreign = world.client(world.holder("agent_consulaire", "ABJ"))
    answer = foreign.post(f"/taches/{task}/fichier", data={"champ": "photo", "fichier": (io.BytesIO(PDF), "x.pdf")}, headers=json)
    assert answer.status_code == 404


def test_a_very_restricted_case_asks_why_before_it_shows_anything(world, officer, task):
    def restrict(unit):
        case = unit.session.get(Case, unit.session.get(Task, task).case_id)
        case.confidentiality = "C4"
        return case.reference

    with world.app.app_context():
        reference = transaction(restrict, clock.now)
    for address in (f"/dossiers/{reference}", f"/taches/{task}"):
        page = officer.get(address).get_data(True)
        assert "Dossier très restreint" in page
        assert "Défunt" not in page
    assert officer.post(f"/dossiers/{reference}/motif", data={"reason": " "}).status_code == 422
    opened = officer.post(f"/dossiers/{reference}/motif", data={"reason": "Appel de la famille", "next": f"/taches/{task}"})
    assert opened.headers["Location"] == f"/taches/{task}"
    assert "Défunt" in officer.get(f"/taches/{task}").get_data(True)
    readings = officer.get(f"/dossiers/{reference}/historique/lectures").get_data(True)
    assert "Appel de la famille" in readings
    assert world.client(world.holder("gestionnaire_dgme")).get(f"/dossiers/{reference}").status_code == 404


def test_too_much_at_once_is_refused_with_a_sentence(officer, task):
    answer = officer.post(f"/taches/{task}", data={"lieu_deces": "x" * (26 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "25\u00a0Mo" in answer.get_data(True)


def test_a_note_is_written_once_and_an_empty_one_is_refused(world, officer, task):
    with world.app.app_context():
        case_id = db.session.get(Task, task).case_id
        reference = _reference(case_id)
    empty = officer.post(f"/dossiers/{reference}/notes", data={"body": "   ", "cle": "n" * 16})
    assert empty.status_code == 422
    for _ in range(2):
        officer.post(f"/dossiers/{reference}/notes", data={"body": "Le frère arrive vendredi.", "cle": "m" * 16})
    with world.app.app_context():
        assert len(db.session.scalars(select(Note).where(Note.case_id == case_id)).all()) == 1


def test_the_page_names_the_entry_that_was_altered(world, officer, task):
    def alter(unit):
        case_id = unit.session.get(Task, task).case_id
        row = unit.session.scalars(select(HistoryEntry).where(HistoryEntry.case_id == case_id, HistoryEntry.seq == 1)).one()
        row.entry = row.entry.replace('"post":"LBV"', '"post":"ABJ"')
        return unit.session.get(Case, case_id).reference

    with world.app.app_context():
        reference = transaction(alter, clock.now)
    page = world.client(world.holder("auditeur")).post(f"/dossiers/{reference}/historique").get_data(True)
    assert "Historique altéré" in page
    assert "rompu à l’entrée" in page


def test_an_auditor_reads_and_does_not_act(world):
    auditor = world.client(world.holder("auditeur"))
    answer = auditor.post(f"/dossiers/{world.reference}/notes", data={"body": "x", "cle": "a" * 16})
    assert answer.status_code == 403
    assert auditor.post(f"/taches/{world.open_task('donner_avis')}/prendre").status_code == 403
    assert auditor.post(f"/dossiers/{world.reference}/suspension", data={"reason": "x"}).status_code == 403


def test_a_suspension_needs_its_reason_and_stops_working_days(world, officer, task):
    with world.app.app_context():
        reference = _reference(db.session.get(Task, task).case_id)
    decider = world.client(world.holder("delegue_general"))
    assert decider.post(f"/dossiers/{reference}/suspension", data={"reason": " "}).status_code == 422
    done = decider.post(f"/dossiers/{reference}/suspension", data={"reason": "Attente du parquet"}, follow_redirects=True)
    assert "est suspendu" in done.get_data(True)
    blocked = officer.post(f"/taches/{task}", data={"cle": "s" * 16, "terminer": "1"})
    assert blocked.status_code == 409
    decider.post(f"/dossiers/{reference}/suspension", data={})
    assert "Suspendre le dossier" in decider.get(f"/dossiers/{reference}").get_data(True)


def test_a_fact_that_may_come_at_any_time_is_offered_with_its_form(world, officer):
    listed = officer.get(f"/dossiers/{world.reference}/faits").get_data(True)
    links = re.findall(r'href="(/dossiers/[^"]+/faits\?quoi=[^"]+)"', listed)
    assert links
    page = officer.get(links[0].replace("&amp;", "&"))
    assert page.status_code == 200
    assert "Enregistrer le fait" in page.get_data(True)
    stale = officer.post(f"/dossiers/{world.reference}/faits", data={"quoi": "x:y", "cle": "f" * 16})
    assert stale.status_code == 409


def _reference(case_id: int) -> str:
    return db.session.scalar(select(Case.reference).where(Case.id == case_id))
