"""Files given to a case from its pages: received, told apart, given back; one that cannot be taken says why and loses nothing."""

import io

import pytest
from sqlalchemy import select

from app.db.documents import Document
from app.db.tasks import Task
from app.extensions import db
from tests.web.given import PDF, key_of, reference_of


def test_a_file_is_received_told_apart_and_given_back_as_an_attachment(world, officer, task):
    with world.app.app_context():
        case_id = db.session.get(Task, task).case_id
        reference = reference_of(case_id)
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
        reference = reference_of(db.session.get(Task, task).case_id)
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


def test_a_form_completed_with_its_file_and_no_script_leads_on(world, officer, task):
    day = {f"date_deces.{part}": value for part, value in {"jour": "8", "mois": "2", "annee": "2026"}.items()}
    limit = {f"limite_morgue.{part}": value for part, value in {"jour": "20", "mois": "2", "annee": "2030", "heure": "08:00"}.items()}
    told = {"procedure_judiciaire": "non", "famille_informee": "non", "maladie_contagieuse": "non", "cause_declaree": "maladie"}
    where = {"personne": "P-0172", "lieu_deces": "Oyem", "lieu_corps": "ST-008"}
    assert complete(officer, task, {**day, **limit, **told, **where}).status_code == 303
    admitted = following(world, task, "examiner_recevabilite")
    assert complete(officer, admitted, {"decision_recevabilite": "recevable"}).status_code == 303
    seen = {"moyen_identification": "piece_avec_photo", "certitude": "certaine", "constat_deces.fichier": (io.BytesIO(PDF), "constat.pdf")}
    answer = complete(officer, following(world, task, "confirmer_identite"), seen)
    assert answer.status_code == 303
    assert "est terminé" in officer.get(answer.headers["Location"]).get_data(True)


def complete(client, task, answers):
    page = client.get(f"/taches/{task}").get_data(True)
    sent = {"cle": key_of(page), "terminer": "1", **answers}
    return client.post(f"/taches/{task}", data=sent, content_type="multipart/form-data")


def following(world, task, step):
    with world.app.app_context():
        case_id = db.session.get_one(Task, task).case_id
        return db.session.scalars(select(Task.id).where(Task.case_id == case_id, Task.step == step, Task.closed_at.is_(None))).one()
