"""The history of a case: what every act adds, and who read what."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from app.db.cases import Case
from app.db.history import AccessEntry
from app.extensions import db
from app.services import advance, assignment, case_file, clock, corrections, history, notes, readings, suspension
from app.services.errors import Forbidden, Invalid
from tests.app.services.proofs import entries, verdict
from tests.app.services.staging import rows, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


@pytest.fixture
def case(stage_sqlite):
    """The State's money is about to be decided upon; thirty-odd acts lie behind."""
    return stage_sqlite("decider_financement")


def test_an_answer_that_the_procedure_replaced_in_the_same_act_is_kept():
    """The person visited is another one: the procedure forgets the answer and looks for them anew, the history does not forget it."""
    act = SimpleNamespace(after={("", "identite"): None, ("7", "lieu"): "ST-001", ("", "lieu"): None})
    answers = {"identite": "autre_personne", "lieu": "ST-001", "date": "2026-02-04", "remarque": None}
    task = SimpleNamespace(item=None, kind="step", engine_id="7")
    assert advance.beside_the_facts(act, task, answers) == {"identite@7": (None, "autre_personne")}


def test_each_act_adds_exactly_its_entries(stage_sqlite):
    case = stage_sqlite("engager")
    task = case.task("engager")
    finance = case.user("U-44")
    acts = [
        (lambda: assignment.claim(finance, task.id), [("task.claimed", "engager")]),
        (lambda: assignment.release(finance, task.id), [("task.released", "engager")]),
        (lambda: assignment.save_draft(finance, task.id, {"n_engagement": "x"}), []),
        (lambda: notes.write(case.user("U-14"), case.case_id, "Appelé la famille."), [("note.written", None)]),
        (lambda: suspension.suspend(case.user("U-36"), case.case_id, "Enquête."), [("case.suspended", None)]),
        (lambda: suspension.resume(case.user("U-36"), case.case_id), [("case.resumed", None)]),
        (
            lambda: case.do("engager", "U-44", **case.answers("engager")),
            [("funding.committed", "enregistrer_engagement"), ("task.completed", "engager")],
        ),
    ]
    with clock.at(case.now):
        for act, wanted in acts:
            before = case.row.history_seq
            act()
            assert [entry for entry in case.history(before) if entry[0] != "deadline.moved"] == wanted
    assert verdict(case).startswith(f"{case.reference} : intact")


def test_an_entry_says_who_in_which_role_from_where_when_by_which_version(case):
    case.do("decider_financement", "U-39", **GRANT)
    entry = case.entry("task.completed")
    assert (entry["actor"], entry["role"], entry["behind"], entry["post"]) == ("U-39", "delegue_general", None, "DGME")
    assert entry["at"] == case.now.isoformat(timespec="milliseconds")
    assert (entry["case"], entry["element"], entry["version"]) == (case.reference, "decider_financement", case.row.version_hash)
    assert entry["data"]["opened"] == ["engager"]


def test_a_decision_by_a_table_keeps_the_rules_that_fired(case):
    """Why the delegate general decides: the row of the table stands in the entry."""
    bodies = [json.loads(entry.entry) for entry in entries(case)]
    traced = [line for body in bodies for line in body["data"].get("trace", ()) if line["element"] == "determiner_niveau"]
    assert traced, "the table was asked"
    assert "delegue_general" in json.dumps(traced)


def test_before_and_after_of_each_field_are_kept_beside_their_digests(case):
    with clock.at(case.now):
        corrections.correct(case.user("U-36"), case.case_id, {"cause_declaree": "accident"}, "Certificat corrigé.")
    last = history.read(entries(case)[-1])
    assert last.changes == {"cause_declaree": ("maladie", "accident")}
    assert last.data["reason"] == "Certificat corrigé."
    body = json.loads(entries(case)[-1].entry)
    assert "accident" not in json.dumps(body["sealed"]), "the chain holds a digest, not the value"


def test_a_correction_is_a_decision_with_a_reason(stage_sqlite):
    case = stage_sqlite("decider_financement")
    with clock.at(case.now):
        with pytest.raises(Forbidden, match="Seul un décideur"):
            corrections.correct(case.user("U-14"), case.case_id, {"cause_declaree": "accident"}, "Erreur.")
        with pytest.raises(Invalid):
            corrections.correct(case.user("U-36"), case.case_id, {"cause_declaree": "accident"}, " ")
    assert case.fact("cause_declaree") == "maladie"


def test_what_was_known_at_a_moment_is_found_again(stage_sqlite):
    case = stage_sqlite("decider_financement")
    file = case_file.find(db.session(), case.user("U-39"), case.reference)
    registered = next(entry for entry in entries(case) if entry.element == "enregistrer_deces")
    then, number = history.facts_at(db.session(), file, registered.at)
    now, _ = history.facts_at(db.session(), file, case.now)
    db.session.rollback()
    assert then["personne"] == "P-0013" and "part_etat" not in then
    assert now["part_etat"] == 2_000_000
    assert number >= registered.seq


def test_readings_are_recorded_once_a_visit_and_proven(stage):
    case = stage("decider_financement")
    reader, row = case.user("U-36"), case.row
    with clock.at(case.now):
        assert readings.record(reader, row, "facts", "role") is True
        assert readings.record(reader, row, "facts", "role") is False, "the same visit"
        assert readings.record(reader, row, "money", "role") is True
        assert readings.record(case.user("U-40"), row, "facts", "task", "Visite à la famille") is True
    lines, _ = readings.page(db.session(), case.case_id)
    assert [(line.part, line.why, line.reason) for line in lines] == [
        ("facts", "task", "Visite à la famille"),
        ("money", "role", None),
        ("facts", "role", None),
    ]
    assert readings.verify(db.session(), case.case_id) is None
    db.session.rollback()
    entry = rows(select(AccessEntry).where(AccessEntry.case_id == case.case_id).order_by(AccessEntry.seq))[1]
    write(update(AccessEntry).where(AccessEntry.id == entry.id).values(entry=entry.entry.replace("money", "facts")))
    flaw = readings.verify(db.session(), case.case_id)
    db.session.rollback()
    assert flaw is not None and flaw.seq == 2


def test_a_case_that_is_not_confidential_records_no_reading(stage_sqlite):
    case = stage_sqlite("decider_financement")
    write(update(Case).where(Case.id == case.case_id).values(confidentiality="C2"))
    with clock.at(case.now):
        assert readings.record(case.user("U-36"), case.row, "facts", "role") is False


def test_who_comes_back_later_has_read_again(stage_sqlite):
    case = stage_sqlite("decider_financement")
    for hours in (0, 1):
        with case.at(dt.timedelta(hours=hours)):
            assert readings.record(case.user("U-36"), case.row, "facts", "role") is True
