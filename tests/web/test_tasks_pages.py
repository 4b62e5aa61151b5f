"""A task on its page: what is typed is never lost, what is wrong is said beside its field, who comes too late keeps the text."""

import re

from sqlalchemy import select

from app.db.cases import Case
from app.db.history import HistoryEntry
from app.db.tasks import Draft, Note, Task
from app.db.transaction import transaction
from app.extensions import db
from app.services import clock
from tests.web.given import HEADER, key_of, reference_of


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
        assert "à corriger" not in page, "nothing was answered yet"
    silent = officer.post(f"/dossiers/{reference}/motif", data={"reason": " "})
    assert (silent.status_code, silent.get_data(True).count("Écrivez le motif.")) == (422, 2)
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
        reference = reference_of(case_id)
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
        reference = reference_of(db.session.get(Task, task).case_id)
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
