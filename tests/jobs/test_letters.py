"""Letters leave as PDF: numbered at that moment without gaps by place and year, kept in the case with their digest, once."""

import datetime as dt
import hashlib
import io
import mailbox

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, select

from app.config import ROOT
from app.db.cases import Case
from app.db.documents import Document
from app.db.history import HistoryEntry
from app.db.outbox import Notification
from app.extensions import db
from app.jobs import notifications
from app.services import clock, documents, intake, letter_words, letters, letters_leaving, paper, proof, tasks
from tests.support.cases import HEADER, POST, officer, open_case
from workflows.catalog import Catalog

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
BODY = "Madame, Monsieur,\n\nVotre demande est acceptée.\n\n- I ni ce, aw ni sɔgɔma, ɲininkali, ŋaniya, ƐƆŊƝ\n- 1 837 500 FCFA"


@pytest.fixture
def case(ministry):
    """A case that has just been opened."""
    reference = open_case(NOW).reference
    found = db.session.scalar(select(Case).where(Case.reference == reference))
    db.session.expunge(found)
    db.session.rollback()
    return found


def write(case, **values) -> None:
    """A letter in the outbox."""
    data = {"element": "envoyer_refus", "place": "LBV", "role": "chef_poste"}
    plain = {"kind": "refus", "channel": "letter", "subject": "votre demande", "body": BODY, "address": "P-0001", "attempts": 0}
    row = {**plain, "case_id": case.id, "created_at": NOW, "data": data, **values}
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(insert(Notification).values(row))
        connection.commit()


def sweep() -> None:
    with clock.at(NOW):
        notifications.sweep()


def letters_of(case) -> list[Document]:
    db.session.rollback()
    return list(db.session.scalars(select(Document).where(Document.case_id == case.id).order_by(Document.id)))


def read(ministry, document) -> PdfReader:
    store = documents.Store(ministry.config["JATIGI"].data / "documents")
    content = store.open(document.digest).read()
    assert hashlib.sha256(content).hexdigest() == document.digest
    return PdfReader(io.BytesIO(content))


def test_a_letter_leaves_numbered_kept_and_told(ministry, case):
    box = mailbox.Maildir(ministry.config["JATIGI"].data / "outbox", create=True)
    box.clear()
    write(case)
    sweep()
    (document,) = letters_of(case)
    assert (document.number, document.name, document.media_type) == ("00001/LBV/2026", "Lettre 00001-LBV-2026.pdf", "application/pdf")
    text = read(ministry, document).pages[0].extract_text()
    for said in ("République du Mali", "N° 00001/LBV/2026", "le 2 novembre 2026", "Objet : votre demande", case.reference, "Chef de poste"):
        assert said in text
    assert "sɔgɔma, ɲininkali, ŋaniya, ƐƆŊƝ" in text, "the letters of Bambara"
    assert "PROJET" not in text
    (message,) = box
    assert message.get_payload(1).get_content_type() == "application/pdf"
    told = db.session.scalar(select(HistoryEntry).where(HistoryEntry.case_id == case.id, HistoryEntry.kind == "letter.left"))
    assert document.digest in told.entry
    assert proof.verify_case(db.session(), case.id).flaw is None


def test_what_surrounds_an_english_letter_is_english_too(ministry, case):
    write(case, data={"place": "LBV", "role": "chef_poste", "language": "en"}, subject="your request", body="Dear Sir or Madam,")
    sweep()
    (document,) = letters_of(case)
    text = read(ministry, document).pages[0].extract_text()
    for said in ("No. 00001/LBV/2026", "Libreville, 2 November 2026", "Subject: your request", f"Case {case.reference}", "Head of mission"):
        assert said in text
    for french in ("Objet", "Dossier", "N°", "novembre"):
        assert french not in text


@pytest.mark.parametrize(("language", "subject"), [("en", "your message {} has been recorded"), ("bm", "votre message {} est enregistré")])
def test_people_are_written_to_in_the_language_they_chose_and_in_french_where_a_letter_has_none_in_it(ministry, language, subject):
    with clock.at(NOW):
        header = HEADER | {"date_fait": "2026-11-01", "date_signalement": NOW.isoformat(), "langue_contact": language}
        started = intake.start_case(officer(at=NOW), "AVI", POST, header)
        given = {"texte_avi": "Les horaires sont mal affichés.", "anonyme": False, "argent_demande": False, "auteur": "P-0014"}
        tasks.complete_task(officer(at=NOW), started.task_id, given)
    sent = db.session.scalar(select(Notification).where(Notification.case_id == started.case_id, Notification.kind == "accuse_reception"))
    assert sent.subject == subject.format(started.reference)
    assert sent.data.get("language", "fr") == {"en": "en"}.get(language, "fr")


def test_numbers_have_no_gaps_by_place_and_year(ministry, case):
    write(case)
    write(case, data={"place": "CENTRAL"})
    write(case, created_at=NOW.replace(year=2025))
    write(case)
    sweep()
    assert [one.number for one in letters_of(case)] == ["00001/LBV/2026", "00001/DGME/2026", "00001/LBV/2025", "00002/LBV/2026"]


def test_sent_again_a_letter_is_the_same(ministry, case):
    write(case)
    row = db.session.scalar(select(Notification.id).where(Notification.case_id == case.id, Notification.channel == "letter"))
    db.session.rollback()
    store = documents.Store(ministry.config["JATIGI"].data / "documents")
    first = letters_leaving.leave(store, row)
    assert letters_leaving.leave(store, row) == first
    assert len(letters_of(case)) == 1


def test_the_pdf_can_be_read_aloud():
    """Tagged, with its language and a title, as PDF/UA asks for."""
    letter = paper.Letter("objet", BODY, (), None, "Bamako", NOW.date(), "X", "")
    reader = PdfReader(io.BytesIO(paper.pdf(letter)))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], reader.metadata.title) == ("fr", True, "objet")
    assert "Projet : sans numéro" in reader.pages[0].extract_text()


@pytest.mark.parametrize("text", ['#let x = 1 *a* _b_ $c$ @d <e> \\ "', "a" * 5000, "", "\ud7ff\u202e\u0007", "بماكو 🙂"])
def test_whatever_is_written_is_set_as_text(text):
    letter = paper.Letter(text, text, (text,), "00001/X/2026", text, NOW.date(), text, text)
    assert paper.pdf(letter).startswith(b"%PDF")


def test_lines_that_were_wrapped_are_joined_and_breaks_that_are_meant_stay():
    wrapped = "x" * 110 + "\nsuite\n\nMotif : a\nSolutions : b\n\n# Titre\n- un\n\n- deux"
    assert paper.blocks(wrapped) == [
        {"kind": "text", "lines": ["x" * 110 + " suite"]},
        {"kind": "text", "lines": ["Motif : a", "Solutions : b"]},
        {"kind": "heading", "lines": ["Titre"]},
        {"kind": "list", "lines": ["un", "deux"]},
    ]


def test_a_draft_shows_what_is_missing_and_a_condition_takes_it_for_nothing():
    text = "Objet : {{ objet }}\n\n{% if montant %}{{ montant }} FCFA{% else %}sans montant{% endif %} {{ inconnu }}"
    assert letters.fill(text, {"objet": None, "montant": None}, gap=letters.GAP) == ("………", "sans montant ………")
    assert letters.fill(text, {"objet": "x", "montant": 5}) == ("x", "5 FCFA")


@pytest.mark.parametrize(
    ("language", "piece", "reason", "moment"),
    [
        ("fr", "Acte de décès", "Hors compétence", "2 novembre 2026 à 09 h 00 (heure de Bamako)"),
        ("en", "Death certificate (civil registry)", "Not within our remit", "2 November 2026 at 09:00 (Bamako time)"),
    ],
)
def test_codes_and_moments_are_written_in_the_language_of_the_letter(language, piece, reason, moment):
    text = '{{ piece | label }}, {{ reason | label("motif_irrecevabilite") }}, {{ "sans_nom" | label }}\n{{ at }}{{ nothing | label }}'
    known = {"piece": "acte_deces", "reason": "hors_competence", "at": NOW, "nothing": None}
    names = letter_words.names_of(Catalog(ROOT / "bpmn").types["COR"], language)
    assert letters.fill(text, known, language=language, names=names) == (f"{piece}, {reason}, sans nom", moment)


@pytest.mark.parametrize(
    ("process", "lane", "doer", "sender"),
    [
        ("sp_fund", "Agent du service", "agent_consulaire", ("LBV", "agent_consulaire")),
        ("sp_fund", "Agent du service", "gestionnaire_dgme", ("CENTRAL", "gestionnaire_dgme")),
        ("sp_fund", "Agent du service", None, ("CENTRAL", "gestionnaire_dgme")),
        ("cor_reserver", "Agent consulaire", "delegue_general", ("LBV", "agent_consulaire")),
        ("cor_reserver", None, None, ("CENTRAL", None)),
        ("cor_reserver", "Approbateur", "chef_poste", ("LBV", "chef_poste")),
    ],
)
def test_a_letter_leaves_from_where_its_step_is_done(process, lane, doer, sender):
    """The lane of a shared process names the usual role only; elsewhere the lane decides, whoever caused it."""
    case_type = Catalog(ROOT / "bpmn").types["COR"]
    found = letters.sender(case_type, process, lane, doer, "LBV")
    assert (found["place"], found["role"]) == sender
